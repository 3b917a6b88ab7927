/** What is asked of a replay: from the words of a call, or from a line of JSON. */
import { resolve } from 'node:path';
import type { AuthConfig } from '../../core/resolver/credentials';
import { parseFault, type FaultRule } from '../../core/resolver/faults';
import { ways, type Platform, type PullContext, type Way } from '../../core/resolver/machine';
import { parsePlatform } from '../../core/resolver/platform';
import { CallError, flag, stringOption, stringsOption, type CommandLine, type Io } from '../command';
import { booleanField, requiredText, textField, type JsonInput } from '../jsonInput';

export interface ReplayRequest {
  readonly reference: string;
  readonly certsD: string | undefined;
  readonly config: string | undefined;
  readonly root: string | undefined;
  readonly containerd: string | undefined;
  readonly way: Way;
  /** undefined: the node's own. */
  readonly platform: Platform | undefined;
  readonly until: PullContext['until'];
  readonly download: boolean;
  readonly predict: boolean;
  readonly auth: AuthConfig | undefined;
  readonly faults: readonly FaultRule[];
}

export function requestOf(line: CommandLine, io: Io, reference: string, auth: AuthConfig | undefined): ReplayRequest {
  const option = (name: string): string | undefined => stringOption(line, name);
  const local = (path: string | undefined): string | undefined =>
    path === undefined || option('root') !== undefined ? path : resolve(io.cwd, path);
  return {
    reference,
    certsD: local(option('certs-d')),
    config: local(option('config')),
    root: option('root'),
    containerd: option('containerd'),
    way: wayOf(option('via')),
    platform: platformOf(option('platform')),
    until: untilOf(option('until')),
    download: flag(line, 'download'),
    predict: flag(line, 'predict'),
    auth,
    faults: stringsOption(line, 'fault').map(faultOf),
  };
}

/** A line of `--jsonl`; what it leaves out comes from the call. */
export function requestOfJson(input: JsonInput, line: CommandLine, io: Io, auth: AuthConfig | undefined): ReplayRequest {
  const base = requestOf(line, io, requiredText(input, 'reference'), auth);
  const via = textField(input, 'via');
  return {
    ...base,
    certsD: textField(input, 'certsD') ?? base.certsD,
    config: textField(input, 'config') ?? base.config,
    root: textField(input, 'root') ?? base.root,
    containerd: textField(input, 'containerd') ?? base.containerd,
    way: via === undefined ? base.way : wayOf(via),
    download: booleanField(input, 'download') ?? base.download,
    predict: booleanField(input, 'predict') ?? base.predict,
    auth: authOf(input['auth']) ?? base.auth,
  };
}

/** A CRI AuthConfig as JSON, with the field names of the CRI API or of its JSON mapping. */
export function authOf(value: unknown): AuthConfig | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object' || Array.isArray(value)) throw new CallError('"auth" must be an object: a CRI AuthConfig');
  const fields = new Map<string, unknown>(Object.entries(value));
  const text = (...names: readonly string[]): string | undefined => {
    const found = names.map((name) => fields.get(name)).find((one) => one !== undefined && one !== null);
    if (found !== undefined && typeof found !== 'string') throw new CallError(`${names[0] ?? ''} must be a string in the AuthConfig`);
    return found;
  };
  const parts = {
    username: text('username'),
    password: text('password'),
    auth: text('auth'),
    serverAddress: text('serverAddress', 'server_address'),
    identityToken: text('identityToken', 'identity_token'),
  };
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined));
}

/** Credentials of the environment; they are never taken from the command line, where every process could read them. */
export function authOfEnv(env: Io['env']): AuthConfig | undefined {
  const [username, password] = [env['CONTAINERD_RUNBOOKS_USERNAME'], env['CONTAINERD_RUNBOOKS_PASSWORD']];
  if (username === undefined && password === undefined) return undefined;
  return { username: username ?? '', password: password ?? '' };
}

/** `--auth-stdin`. The text itself is never repeated in an error. */
export function authOfText(text: string): AuthConfig | undefined {
  try {
    return authOf(JSON.parse(text));
  } catch (error) {
    throw error instanceof CallError
      ? error
      : new CallError('--auth-stdin: standard input is no JSON; it must be a CRI AuthConfig, an object with username and password');
  }
}

function wayOf(text: string | undefined): Way {
  const way = ways.find((one) => one === (text ?? 'cri'));
  if (!way) throw new CallError(`--via ${text ?? ''}: it must be one of ${ways.join(', ')}`);
  return way;
}

function untilOf(text: string | undefined): PullContext['until'] {
  const until = (['resolve', 'manifest', 'layers'] as const).find((one) => one === (text ?? 'layers'));
  if (!until) throw new CallError(`--until ${text ?? ''}: it must be one of resolve, manifest, layers`);
  return until;
}

function platformOf(text: string | undefined): Platform | undefined {
  const platform = text === undefined ? undefined : parsePlatform(text);
  if (text !== undefined && !platform)
    throw new CallError(`--platform ${text}: it must read os/arch or os/arch/variant, such as linux/arm64`);
  return platform;
}

function faultOf(text: string): FaultRule {
  const rule = parseFault(text);
  if (!rule)
    throw new CallError(
      `--fault ${text}: it must read 'METHOD URL-PATTERN=FAULT', such as 'HEAD */manifests/*=timeout'; faults are timeout, refused, reset, dns, tls or a status`,
    );
  return rule;
}
