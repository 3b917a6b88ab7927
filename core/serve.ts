/** The messages between the extension and its `serve` child: the commands as requests, steps while they run, questions of ssh. */
import type { NodesDocument, OnNode, WriteFileDocument } from './nodeFiles';
import type { CollectDocument, DiagnoseDocument } from './protocol/diagnose';
import type { ExplainDocument, NodeTriageDocument } from './protocol/explain';
import type { NodeTreeDocument } from './protocol/nodeTree';
import type { Step } from './protocol/progress';
import type { ReadyDocument } from './protocol/ready';
import type { ResolveDocument } from './protocol/resolve';
import type { StepDocument, StepPlanDocument } from './protocol/step';

/** Parameters as the command line takes them, in words instead of flags. */
export interface ServeCommands {
  readonly ready: {
    readonly params: OnNode & { readonly interfaces: readonly string[]; readonly registries: readonly string[] };
    readonly result: ReadyDocument;
  };
  readonly resolve: {
    readonly params: OnNode & {
      readonly reference: string;
      readonly containerd?: string;
      readonly certsD?: string;
      readonly config?: string;
      readonly via?: string;
      readonly fault?: string;
    };
    readonly result: ResolveDocument;
  };
  readonly explain: { readonly params: { readonly text: string; readonly version?: string }; readonly result: ExplainDocument };
  /** What the journal of a node says of the pulls of the last day. */
  readonly explainJournal: { readonly params: OnNode; readonly result: NodeTriageDocument };
  /** Pulls of a node as they fail, each a step. Ends by being cancelled, or with an error. */
  readonly follow: { readonly params: OnNode; readonly result: never };
  readonly diagnose: {
    /** Without a reference the journal says what is replayed. */
    readonly params: OnNode & { readonly reference?: string };
    readonly result: DiagnoseDocument;
  };
  /** Works from a bundle of this machine, offline. */
  readonly diagnoseBundle: { readonly params: { readonly bundle: string }; readonly result: DiagnoseDocument };
  readonly collect: {
    /** `output`: a path of this machine. */
    readonly params: OnNode & { readonly reference?: string; readonly output: string };
    readonly result: CollectDocument;
  };
  readonly nodes: { readonly params: { readonly sshConfig?: string }; readonly result: NodesDocument };
  readonly tree: { readonly params: OnNode; readonly result: NodeTreeDocument };
  readonly readFile: { readonly params: OnNode & { readonly path: string }; readonly result: { readonly text: string } };
  /**
   * Only for a change that a person has seen and confirmed. `base` is what the file must still hold, null where it must not be there; `text`
   * is null where it is taken away.
   */
  readonly writeFile: {
    readonly params: OnNode & {
      readonly path: string;
      readonly base: string | null;
      readonly text: string | null;
      readonly config?: string;
      readonly keptBackups?: number;
    };
    readonly result: WriteFileDocument;
  };
  readonly steps: {
    readonly params: Readonly<Record<string, never>>;
    readonly result: {
      /** `needs` null: it changes a file, and can be turned on and off. */
      readonly steps: readonly {
        readonly id: string;
        readonly title: string;
        readonly does: string;
        readonly needs: 'registry' | 'image' | null;
      }[];
    };
  };
  /** Only reads. */
  readonly planStep: { readonly params: OnNode & { readonly step: string; readonly on: boolean }; readonly result: StepPlanDocument };
  /** The command of a step, to be shown before it runs. */
  readonly shownStep: { readonly params: { readonly step: string; readonly input: string }; readonly result: { readonly shown: string } };
  /** Only when a person has seen the command. */
  readonly runStep: { readonly params: OnNode & { readonly step: string; readonly input: string }; readonly result: StepDocument };
  /** Only when a person has confirmed it. */
  readonly restart: { readonly params: OnNode & { readonly path: string }; readonly result: { readonly said: string } };
}

export type ServeCommand = keyof ServeCommands;

/** One command as a request. */
export type ServeCall<C extends ServeCommand = ServeCommand> = {
  [K in C]: { readonly id: number; readonly command: K; readonly params: ServeCommands[K]['params'] };
}[C];

/** Parent → child. */
export type ServeRequest =
  | ServeCall
  | { readonly id: number; readonly cancel: true }
  | { readonly id: number; readonly promptId: number; readonly answer: string | null };

/** `missing`: what was asked for is not there. */
export type ServeErrorKind = 'usage' | 'missing' | 'unreachable' | 'cancelled' | 'internal';

/** Child → parent. Every request ends in exactly one `result` or `error`. */
export type ServeEvent =
  | { readonly id: number; readonly step: Step }
  | { readonly id: number; readonly result: ServeCommands[ServeCommand]['result'] }
  | { readonly id: number; readonly error: { readonly kind: ServeErrorKind; readonly message: string } }
  /** ssh asks: a passphrase, a one-time code, or whether to trust a host key. */
  | { readonly id: number; readonly promptId: number; readonly prompt: string; readonly secret: boolean };
