/** fmt.Sprintf of a text that was meant as a value and stands where the format belongs: what Go puts for each verb without an argument. */
export function formatWithoutArguments(text: string): string {
  return text.replace(directive, (_all, brackets: string, verb: string) => {
    if (verb === '') return '%!(NOVERB)';
    if (verb === '%') return '%';
    return `%!${verb}(${brackets === '' ? 'MISSING' : 'BADINDEX'})`;
  });
}

/** doPrintf: flags, width, precision, the index of an argument, verb. A `*` would want an argument too; no error's text has one there. */
const directive = /%[#0+\- ]*\d*(?:\.\d*)?((?:\[[^\]]*\])?)(\P{Cs}|$)/gu;
