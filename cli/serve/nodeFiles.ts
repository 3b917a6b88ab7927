import type { Node } from '../../core/ports';
import type { WriteFileDocument } from '../../core/nodeFiles';
import type { ServeCommands } from '../../core/serve';
import { message } from '../../core/text/message';
import { kindOf } from '../../core/rules/kind';
import { CallError } from '../command';
import { nodeConfiguration } from '../nodeConfiguration';
import { restartCommand, restartContainerd, validateConfig } from '../transport/containerdService';
import { readWholeFile } from '../transport/readFile';
import { stampOf, writeNodeFile } from '../transport/writeFile';
import { labelIn, onNode, type NodesAndWords } from './onNode';
import type { Handlers } from './requests';
import type { Session } from './session';
import { sshHosts } from './sshHosts';

type FileHandlers = Pick<Handlers, 'nodes' | 'tree' | 'readFile' | 'writeFile' | 'restart'>;

/** A node's files for the editor. All but `writeFile` and `restart` only read. */
export function nodeFileHandlers(nodes: NodesAndWords): FileHandlers {
  return {
    nodes: ({ sshConfig }) => sshHosts(sshConfig),
    tree: (params, session) =>
      onNode(nodes, params, session, message('what/tree'), (node) => nodeConfiguration(node, session.cancellation)),
    readFile: (params, session) =>
      onNode(nodes, params, session, message('what/read-file', { path: params.path }), async (node) => ({
        text: await readWholeFile(node, params.path, session.cancellation),
      })),
    writeFile: (params, session) =>
      onNode(nodes, params, session, message('what/write-file', { path: params.path }), (node) => write(node, params, session, nodes)),
    restart: (params, session) => onNode(nodes, params, session, message('what/restart'), (node) => restart(node, params.path, session)),
  };
}

async function write(
  node: Node,
  params: ServeCommands['writeFile']['params'],
  session: Session,
  { catalogs }: NodesAndWords,
): Promise<WriteFileDocument> {
  const { path, base, text, config, keptBackups } = params;
  const change = { path, base, text, stamp: stampOf(new Date()), ...(keptBackups !== undefined && { keptBackups }) };
  const outcome = await writeNodeFile(node, change, session.cancellation);
  if ('reason' in outcome) return { ...outcome, reason: labelIn(catalogs, outcome.reason) };
  if (outcome.status !== 'written') return outcome;
  const kind = kindOf(path) ?? (path === config ? 'config' : undefined);
  const label = labelIn(catalogs, message('what/validation'));
  if (kind !== 'config') return { ...outcome, validation: { status: 'skipped', detail: '' }, restart: restartCommand(path, kind) };
  session.step({ id: 'validate', label, status: 'running' });
  const validation = await validateConfig(node, config ?? path, outcome.sudo, session.cancellation);
  session.step({ id: 'validate', label, status: validation.status === 'failed' ? 'fail' : 'pass', detail: validation.detail });
  return { ...outcome, validation, restart: restartCommand(path, kind) };
}

async function restart(node: Node, path: string, session: Session): Promise<{ readonly said: string }> {
  const { ok, said } = await restartContainerd(node, path, session.cancellation);
  if (!ok) throw new CallError(message('failure/not-restarted', { why: said }));
  return { said };
}
