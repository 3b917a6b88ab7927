import type { ConfigFile, ConfigProblem } from '../../config/configFile';
import { criTables } from '../../config/criProblems';
import { loadConfig } from '../../config/loadConfig';
import { stringAt } from '../../config/settings';
import type { ContainerdApi } from '../../probes/containerdApi';
import type { Kubelet } from '../../probes/kubelet';
import type { ConfigTree } from '../../ports';
import type { CheckDocument } from '../../protocol/ready';
import { lint } from '../../rules/lint';
import { cri, criImages } from '../../schema/migration';
import { configKey, defaultOf } from '../../schema/schema';
import type { Message } from '../../text/message';
import { formatVersion, satisfies, type Version } from '../../versions/versions';
import { checkOf } from './check';
import { configKind, sandboxKind } from './containerdKinds';
import { reason } from './reasons';

/** What containerd of the node's release makes of the configuration that stands there. */
export interface NodeConfiguration {
  readonly path: string;
  readonly version: Version | undefined;
  readonly kind: ReturnType<ConfigTree['stat']>;
  readonly tree: ConfigTree | undefined;
  readonly file: ConfigFile | undefined;
  /** The first thing that keeps containerd from starting or the CRI plugin from loading, with the page of its rule. */
  readonly refused: { readonly path: string; readonly problem: string; readonly docs: string } | undefined;
}

export function readConfiguration(path: string, tree: ConfigTree | undefined, version: Version | undefined): NodeConfiguration {
  const kind = tree?.stat(path) ?? 'unreadable';
  if (!tree || !version || kind !== 'file') return { path, version, kind, tree, file: undefined, refused: undefined };
  const file = loadConfig({ path, tree, version });
  const fatal = file.problems.find(({ effect, code }) => (effect === 'cri' || effect === 'exit') && code !== 'import-refused');
  const refused = fatal && {
    path: fatal.path,
    problem: textOf(fatal),
    docs: pageOf(fatal, tree, version) ?? 'errors/config.cri-plugin-conflict',
  };
  return { path, version, kind, tree, file, refused };
}

export function configurationCheck({ path, version, kind, tree, file, refused }: NodeConfiguration, api: ContainerdApi): CheckDocument {
  if (kind === 'missing') return checkOf(configKind, path, 'defaults');
  if (kind !== 'file') return checkOf(configKind, path, 'unreadable', { path });
  if (!version || !file || !tree) return checkOf(configKind, path, 'no-release', { path });
  const args = { path: refused?.path ?? path, release: formatVersion(version) };
  if (refused) {
    const key = api.cri?.state === 'loaded' ? 'next-start' : 'refused';
    return checkOf(configKind, refused.path, key, { ...args, problem: refused.problem }, refused.problem, refused.docs);
  }
  const ignored = file.problems.filter(({ effect }) => effect === 'ignored');
  const [first] = ignored;
  if (!first) return checkOf(configKind, path, 'pass', args);
  const docs = pageOf(first, tree, version);
  const keys = ignored.map(({ key, code }) => key ?? code).join(', ');
  return checkOf(configKind, first.path, 'ignored', { ...args, path: first.path, problem: keys }, keys, docs);
}

function textOf({ text, code, key, args }: ConfigProblem): string {
  return text ?? [code, key ?? args['key'] ?? ''].join(' ').trim();
}

/** The rule that speaks of the very place in that file. */
function pageOf({ path, range }: ConfigProblem, tree: ConfigTree, version: Version): string | undefined {
  const text = tree.read(path);
  if (text === undefined) return undefined;
  const { findings } = lint({ path, text, tree, version, kind: 'config' });
  const [rule] = findings
    .filter((finding) => finding.range.start === range.start && finding.outcome !== undefined)
    .map((finding) => finding.rule);
  return rule === undefined ? undefined : `rules/${rule}`;
}

export function sandboxCheck(configuration: NodeConfiguration, api: ContainerdApi, kubelet: Kubelet): CheckDocument {
  const image = sandboxImage(configuration);
  const say = (key: keyof typeof sandboxKind.outcomes, why: Message | '' = '') =>
    checkOf(sandboxKind, image ?? 'sandbox', key, { image: image ?? '', reason: why }, api.tool ?? '');
  if (api.cri?.state === 'absent') return say('unused', reason('no-cri'));
  if (image === undefined) return say('unknown', reason('no-release'));
  if (api.images === undefined) return say('unknown', reason('no-images'));
  if (api.images.includes(image)) return say('pass');
  if (!kubelet.running && api.images.length === 0) return say('unused', reason('no-kubelet'));
  return say('missing');
}

/** From 2.0 on pinned_images.sandbox, before that sandbox_image; an older file is migrated by loadConfig. */
function sandboxImage({ file, version }: NodeConfiguration): string | undefined {
  if (!version) return undefined;
  const isNew = satisfies(version, '>=2.0.0');
  const path = isNew ? ['pinned_images', 'sandbox'] : ['sandbox_image'];
  const written = file && stringAt(criTables(file.settings.plugins, version, file.configVersion).images, path, version);
  if (written !== undefined && written !== '') return written;
  const key = configKey(isNew ? criImages : cri, path.slice(0, 1), version);
  const preset = key && defaultOf(key, version);
  if (typeof preset === 'string') return preset;
  const sandbox = typeof preset === 'object' ? (preset as Readonly<Record<string, unknown>>)['sandbox'] : undefined;
  return typeof sandbox === 'string' ? sandbox : undefined;
}
