import { catalogOf, type Catalog } from '../text/message';
import type { VersionRange } from '../versions/versions';
import type { ErrorChain } from './chain';

/** One kind of pull failure: how its texts are recognised, what causes it, and what a person does about it. */
export interface ErrorClass {
  /** `group.name`, never renamed: file name, page, test case, JSON. */
  readonly id: string;
  readonly title: string;
  readonly signals: readonly Signal[];
  readonly examples: readonly Example[];
  /** Likeliest first. */
  readonly causes: readonly Cause[];
  /** What the words tell apart within the class; the first that fits replaces the cause and next step of `messages`. */
  readonly cases?: readonly Case[];
  /** Whether the same pull may work later although nobody changed anything. */
  readonly retriable: boolean;
  readonly doc: Runbook;
  /**
   * English texts by key. `cause` and `nextStep` always; `causeAtHost` and `nextStepAtHost` (argument `host`), `causeOfReference` and
   * `nextStepOfReference` (argument `reference`) are taken where the text names one.
   */
  readonly messages: ClassMessages;
}

export interface ClassMessages extends Catalog {
  readonly cause: string;
  readonly nextStep: string;
}

/**
 * Words that speak for a class. A class counts with its heaviest signal. Scale: 20 to 35 an outer frame, 40 to 60 words that other
 * classes use too, 65 to 80 an innermost clause of one meaning, from 85 words that change what the rest of the text means.
 */
export interface Signal {
  readonly pattern: RegExp;
  readonly weight: number;
  /**
   * `pull` (the default): any program may say these words, so they count only where the text shows that it is about pulling an image.
   * `anywhere`: only an image pull, or containerd about its configuration, says them.
   * `failedPull`: words of everyday use, 30 to 45. They are asked only where no other signal spoke, and looked for only in lines that
   * report a failed pull, outside of names and addresses: no other frame is needed, and `with` and `unless` still see the whole text.
   */
  readonly scope?: 'pull' | 'anywhere' | 'failedPull';
  /** Must follow `pattern` on the same line, within a thousand characters: keeps patterns free of gaps and so linear. */
  readonly then?: RegExp;
  /** Both are tried on the whole text. */
  readonly with?: RegExp;
  readonly unless?: RegExp;
  /** What a pattern cannot say, e.g. that the URL's host is not the image's. */
  readonly when?: (chain: ErrorChain) => boolean;
  /** The releases in which the words mean this; a text of an unknown version counts as the newest. */
  readonly versions?: VersionRange;
}

export interface Example {
  readonly text: string;
  /** The release whose words these are, where that matters. */
  readonly containerd?: string;
}

export interface Case {
  /** Of its class; part of the ids of its texts. */
  readonly name: string;
  /** What a text of this case says, for the page; `pattern` finds it, and its groups are the examples of their arguments there. */
  readonly says: string;
  /** Its named groups are arguments of both texts, beside those that every text has: see `explanationOf`. */
  readonly pattern: RegExp;
  readonly cause: string;
  readonly nextStep: string;
}

export interface Cause {
  readonly what: string;
  /** What tells it from the other causes. */
  readonly tell: string;
}

/** The page of a class: Meaning, Impact, Diagnosis, Mitigation. Markdown. */
export interface Runbook {
  readonly meaning: string;
  readonly impact: string;
  readonly diagnosis: readonly Step[];
  readonly mitigation: readonly string[];
  /** Whether containerd (or what else) must be restarted for the remedy to take effect. */
  readonly restart: string;
  /** Ids of rules that find the cause in a file. */
  readonly rules: readonly string[];
  /** Ids of classes that read alike, and what tells them apart. */
  readonly related: readonly { readonly id: string; readonly apart: string }[];
  /** Go functions and documents: `containerd core/remotes/docker/resolver.go: Resolve`. */
  readonly sources: readonly string[];
}

export interface Step {
  readonly what: string;
  /** Shell on the node unless `what` says otherwise. */
  readonly command?: string;
}

/** English texts of a class by message id: `tls.unknown-ca/cause`, and of a case `tls.unknown-ca/docker/cause`. */
export function textsOf({ id, messages, cases = [] }: ErrorClass): Catalog {
  const ofCases = cases.map(({ name, cause, nextStep }) => catalogOf(`${id}/${name}`, { cause, nextStep }));
  return Object.assign({}, catalogOf(id, messages), ...ofCases) as Catalog;
}
