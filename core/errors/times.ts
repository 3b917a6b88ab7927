const times: readonly RegExp[] = [
  /\btime=\\{0,3}"([^"\\]{8,40})\\{0,3}"/,
  /^\s*\{[^\n]{0,300}?"(?:time|ts|timestamp)":"([^"]{8,40})"/,
  /^\s*(\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d[\d.,:+Z-]*)/,
  /^\s*([A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d)/,
  /^\s*[IWEF](\d{4} \d\d:\d\d:\d\d(?:\.\d+)?)/,
];

/** When a record was written, as it says so itself. */
export function timeOf(text: string): string | null {
  for (const pattern of times) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined) return found;
  }
  return null;
}

/** Milliseconds, good for differences within one log; NaN where the notation is not known. */
export function millisecondsOf(time: string | null): number {
  if (time === null) return NaN;
  const klog = /^(\d\d)(\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,3})?)/.exec(time);
  if (klog !== null) return Date.parse(`2001-${klog[1] ?? ''}-${klog[2] ?? ''}T${klog[3] ?? ''}Z`);
  const journal = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)/.exec(time);
  if (journal === null) return Date.parse(time.replace(/(\.\d{3})\d+/, '$1'));
  const month = String(months.indexOf(journal[1] ?? '') + 1).padStart(2, '0');
  return Date.parse(`2001-${month}-${(journal[2] ?? '').padStart(2, '0')}T${journal[3] ?? ''}Z`);
}

const months: readonly string[] = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
