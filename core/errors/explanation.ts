import { message, type Message, type MessageArgs } from '../text/message';
import { hostOfReference, type Captures } from './captures';
import { parseChain, type ErrorChain } from './chain';
import type { Case, ErrorClass } from './errorClass';
import { errorClasses } from './index';

export interface Explanation {
  readonly cause: Message;
  readonly nextStep: Message;
}

/**
 * Cause and next step of a text that is of a class: those of its first case that fits and whose arguments the text names, else the class's
 * own. Arguments of every text, where they are known: `host`, `reference`, `namespace` (the folder under certs.d), `seconds`.
 */
export function explanationOf(errorClass: ErrorClass, chain: Told): Explanation {
  const known = argumentsOf(chain);
  for (const one of errorClass.cases ?? []) {
    const found = one.pattern.exec(chain.text);
    if (found === null) continue;
    const args = { ...known, ...named(found.groups ?? {}) };
    if (canSay(one, args)) return messagesOf(`${errorClass.id}/${one.name}`, args);
  }
  return { cause: ownMessage(errorClass, 'cause', known), nextStep: ownMessage(errorClass, 'nextStep', known) };
}

/**
 * The same for a failure whose class was found otherwise than by its text, as in a replay: `text` is how containerd words it, `known` what is
 * known better than by reading it. Undefined for what is no class.
 */
export function explanationOfClass(id: string, text: string, known: Partial<Captures>): Explanation | undefined {
  const errorClass = errorClasses.find((one) => one.id === id);
  if (errorClass === undefined) return undefined;
  const { text: words, captures } = parseChain(text);
  return explanationOf(errorClass, { text: words, captures: { ...captures, ...known } });
}

type Told = Pick<ErrorChain, 'text' | 'captures'>;

function messagesOf(id: string, args: MessageArgs): Explanation {
  return { cause: message(`${id}/cause`, args), nextStep: message(`${id}/nextStep`, args) };
}

function canSay({ cause, nextStep }: Case, args: MessageArgs): boolean {
  return [...`${cause} ${nextStep}`.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => args[name] !== undefined);
}

function argumentsOf({ text, captures: { host, reference, elapsedSeconds } }: Told): MessageArgs {
  const image = /[?&]ns=([\w.:-]{1,255})/.exec(text)?.[1] ?? (reference === null ? host : hostOfReference(reference));
  return named({
    host,
    reference,
    namespace: image?.replace(/^(?:registry-1|index|auth)\.docker\.io$/, 'docker.io'),
    seconds: elapsedSeconds,
  });
}

function named(values: Readonly<Record<string, string | number | null | undefined>>): MessageArgs {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === null || value === undefined ? [] : [[name, value]])),
  );
}

function ownMessage({ id, messages }: ErrorClass, key: 'cause' | 'nextStep', { host, reference }: MessageArgs): Message {
  if (host !== undefined && messages[`${key}AtHost`] !== undefined) return message(`${id}/${key}AtHost`, { host });
  if (reference !== undefined && messages[`${key}OfReference`] !== undefined) return message(`${id}/${key}OfReference`, { reference });
  return message(`${id}/${key}`);
}
