import type { Severity } from '../core/rules/rule';
import { settings as allSettings, settingsPrefix } from '../core/settings';

export { settingsPrefix };

/** The settings that the server reads, of one document. */
export interface ServerSettings {
  readonly containerdVersion: string;
  readonly severities: ReadonlyMap<string, Severity | 'off'>;
}

/** Reads what a client sent for the section. Settings come from people's files: what has the wrong type counts as absent. */
export function readSettings(section: unknown): ServerSettings {
  const values = isRecord(section) ? section : {};
  const version = values['containerdVersion'];
  const rules = values['rules'];
  return {
    containerdVersion: typeof version === 'string' ? version : String(defaultOf('containerdVersion')),
    severities: new Map(
      isRecord(rules) ? Object.entries(rules).flatMap(([id, severity]) => (isSeverity(severity) ? [[id, severity] as const] : [])) : [],
    ),
  };
}

export const defaultSettings: ServerSettings = readSettings(undefined);

function defaultOf(key: string): unknown {
  return allSettings.find((setting) => setting.key === key)?.default;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSeverity(value: unknown): value is Severity | 'off' {
  return value === 'error' || value === 'warning' || value === 'info' || value === 'hint' || value === 'off';
}
