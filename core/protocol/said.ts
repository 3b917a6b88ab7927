import type { Severity } from '../rules/rule';
import type { PositionRange } from '../text/lineIndex';
import type { Message, MessageArgs } from '../text/message';

/** A text in English, and what it was made from. */
export interface SaidDocument {
  readonly message: string;
  readonly messageId: string;
  readonly args: MessageArgs;
}

export interface FindingDocument extends SaidDocument {
  readonly id: string;
  readonly severity: Severity;
  /** File on the node or in the workspace that the finding is about; absent where it is about none. */
  readonly path?: string;
  readonly range?: PositionRange;
  /** `rules/<id>` or `errors/<id>`: the page. */
  readonly docs: string;
  readonly fix?: { readonly title: string; readonly titleMessage?: MessageDocument };
}

export type MessageDocument = Message;
