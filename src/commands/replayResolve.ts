import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { Diagnoses } from '../views/diagnoses';
import { localNode } from '../nodes/nodes';
import { fileUri } from '../remoteFiles/nodeUri';
import { askNode, askText, containerdVersion, sshConfig } from './inputs';

/** The hosts.toml that a code lens stands in: its certs.d is replayed, from the machine that it is of. */
interface HostsFile {
  readonly path: string;
  readonly registry?: string;
  readonly node?: string;
}

/** *Replay Image Resolve*: what containerd on that node would do for a reference, request by request. What names the image is not asked for it. */
export async function replayResolve(diagnoses: Diagnoses, memory: vscode.Memento, given: unknown): Promise<void> {
  const file = isHostsFile(given) ? given : undefined;
  const node = await askNode(file ? (file.node ?? localNode) : typeof given === 'string' ? given : undefined);
  if (node === undefined) return;
  const reference = isImage(given) ? given.reference : await askReference(memory, node, file?.registry);
  if (reference === undefined || reference === '') return;
  const containerd = containerdVersion(file && fileUri({ node, path: file.path }));
  const params = {
    node,
    ...sshConfig(),
    reference,
    ...(containerd === undefined ? {} : { containerd }),
    ...(file ? { certsD: dirname(dirname(file.path)) } : {}),
  };
  await diagnoses.run({ title: vscode.l10n.t('Resolve {0}', reference), place: node }, { command: 'resolve', params });
}

async function askReference(memory: vscode.Memento, node: string, registry: string | undefined): Promise<string | undefined> {
  const typed = await askText(memory, registry === undefined ? 'reference' : `reference/${registry}`, {
    title: vscode.l10n.t('Replay Image Resolve: {0}', node),
    prompt: vscode.l10n.t('Image reference, as in a pod or after crictl pull'),
    placeHolder: 'docker.io/library/nginx:latest',
    ...(registry === undefined ? {} : { value: `${registry}/` }),
    validateInput: (value) => (/\s/.test(value.trim()) ? vscode.l10n.t('A reference has no spaces.') : undefined),
  });
  return typed?.trim();
}

/** The image that a pull error names. */
function isImage(given: unknown): given is { readonly reference: string } {
  return typeof given === 'object' && given !== null && 'reference' in given && typeof given.reference === 'string';
}

function isHostsFile(given: unknown): given is HostsFile {
  return typeof given === 'object' && given !== null && 'path' in given && typeof given.path === 'string';
}
