import { settings, settingsPrefix, type Setting } from '../core/settings';

/** docs/settings.md: every setting with its default. */
export function settingsPage(): string {
  const sections = settings.map(
    (setting) =>
      `## ${settingsPrefix}.${setting.key}\n\n${setting.description}\n\nDefault: ${shown(setting.default)}. ${scopes[setting.scope]}`,
  );
  return `# Settings\n\n${sections.join('\n\n')}\n`;
}

export function settingsTable(): string {
  const rows = settings.map(
    ({ key, default: value, description }) => `| \`${settingsPrefix}.${key}\` | ${shown(value)} | ${description.replaceAll('|', '\\|')} |`,
  );
  return ['| Setting | Default | Meaning |', '|---|---|---|', ...rows].join('\n');
}

/** package.json with the settings as VS Code wants them. */
export function manifestWithSettings(text: string): string {
  const manifest = JSON.parse(text) as { contributes?: { configuration?: { properties: unknown } } };
  if (!manifest.contributes?.configuration) return text;
  manifest.contributes.configuration.properties = Object.fromEntries(
    settings.map((setting) => [`${settingsPrefix}.${setting.key}`, property(setting)]),
  );
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** package.nls.json with the descriptions in English. */
export function textsWithSettings(text: string): string {
  const texts = JSON.parse(text) as Record<string, string>;
  for (const { key, description } of settings) texts[`setting.${key}`] = description;
  return `${JSON.stringify(texts, null, 2)}\n`;
}

function property({ key, type, default: value, scope, enum: values, items }: Setting): object {
  const inside = items && (type === 'object' ? { additionalProperties: items } : { items });
  return { type, default: value, markdownDescription: `%setting.${key}%`, scope, ...(values && { enum: values }), ...inside };
}

function shown(value: unknown): string {
  return value === '' ? 'empty' : `\`${JSON.stringify(value)}\``;
}

const scopes: Readonly<Record<Setting['scope'], string>> = {
  resource: 'May be set for a folder.',
  window: 'May be set for a workspace.',
  machine: "Only in the user's own settings.",
  'machine-overridable': 'May be set for a trusted workspace.',
};
