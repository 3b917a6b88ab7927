import type { FindingDocument, MessageDocument, SaidDocument } from './said';

export interface AttemptDocument {
  readonly method: string;
  readonly url: string;
  readonly host: string;
  readonly phase: 'resolve' | 'token' | 'manifest' | 'config' | 'layer';
  readonly status: number | null;
  readonly error: string | null;
  readonly startedMs: number;
  readonly timings: Readonly<Record<string, number>>;
  /** The answer came from a rule of `--fault`. */
  readonly simulated?: true;
}

/** One index, manifest, config or layer. */
export interface ImagePieceDocument {
  readonly kind: 'index' | 'manifest' | 'config' | 'layer';
  readonly mediaType: string;
  readonly digest: string;
  /** As the descriptor says. */
  readonly size: number;
  /** Of a manifest that an index names: `linux/amd64`. */
  readonly platform?: string;
  /** Whether containerd has it after this pull. */
  readonly fetched: boolean;
}

export type Prediction =
  /** `notUnpacked`: it says that the image is pulled, and has none of its layers. */
  { readonly ok: boolean; readonly reported: string | null; readonly notUnpacked?: true } | { readonly needs: string };

export interface ResolveDocument {
  readonly schema: 1;
  readonly reference: string;
  readonly containerd: string;
  readonly via: string;
  readonly ok: boolean;
  readonly digest: string | null;
  readonly mediaType: string | null;
  readonly attempts: readonly AttemptDocument[];
  readonly reported: string | null;
  readonly grpcCode: string | null;
  readonly rootCause: RootCauseDocument | null;
  readonly masked: { readonly by: string; readonly versions: string } | null;
  readonly predictions?: Readonly<Record<string, Prediction>>;
  /** What the image is made of, as far as the pull came. */
  readonly image?: { readonly pieces: readonly ImagePieceDocument[] };
  readonly findings: readonly FindingDocument[];
}

export interface RootCauseDocument extends SaidDocument {
  /** Index of the attempt that decided; -1 where there was none. */
  readonly attempt: number;
  readonly class: string;
  /** Empty where there is none for the class. */
  readonly nextStep: string;
  readonly nextStepMessage: MessageDocument | null;
}
