/** Fields of a `--jsonl` line. A wrong type is the caller's mistake and says so. */
export type JsonInput = Readonly<Record<string, unknown>>;

export function textField(input: JsonInput, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw new Error(`"${name}" must be a string`);
  return value;
}

export function requiredText(input: JsonInput, name: string): string {
  const value = textField(input, name);
  if (value === undefined) throw new Error(`"${name}" is missing`);
  return value;
}

export function booleanField(input: JsonInput, name: string): boolean | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'boolean') throw new Error(`"${name}" must be true or false`);
  return value;
}

export function textsField(input: JsonInput, name: string): readonly string[] {
  const value = input[name];
  const texts = Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
  if (!Array.isArray(value) || texts.length !== value.length || texts.length === 0) throw new Error(`"${name}" must be a list of strings`);
  return texts;
}
