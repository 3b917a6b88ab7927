import { catalogOf, type Message } from '../text/message';

export interface Completion {
  readonly label: string;
  readonly kind: 'key' | 'table' | 'value' | 'file';
  /** What comes into the text; with `${1:…}` places to fill in when `isSnippet`. */
  readonly text: string;
  readonly isSnippet: boolean;
  readonly doc: readonly Message[];
}

export const completionTexts = catalogOf('completion', {
  doc: '{doc}',
  default: 'Default: `{default}`',
});
