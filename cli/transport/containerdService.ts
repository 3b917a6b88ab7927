/** What a changed config.toml asks for: that containerd reads it without complaint, and a restart. */
import type { Cancellation, Node, RunResult } from '../../core/ports';
import { quote } from '../../core/probes/quote';
import type { ValidationDocument } from '../../core/nodeFiles';
import { isTemplate } from '../../core/config/template';

const validateMs = 30_000;
/** A containerd with many pods takes its time to come back. */
const restartMs = 120_000;

/** Units that run containerd, by where their configuration stands. The first is named where none of them is active. */
const unitsByPlace: readonly { readonly place: string; readonly units: readonly string[] }[] = [
  { place: '/var/lib/rancher/k3s/', units: ['k3s', 'k3s-agent'] },
  { place: '/var/lib/rancher/rke2/', units: ['rke2-server', 'rke2-agent'] },
  { place: '/var/snap/microk8s/', units: ['snap.microk8s.daemon-containerd'] },
  { place: '/', units: ['containerd'] },
];

/** The command that makes a change of this file take effect; hosts.toml is read for each pull and never needs one. */
export function restartCommand(path: string, kind: 'hosts' | 'config' | undefined): string | null {
  const restart = `systemctl restart ${unitsOf(path)[0] ?? 'containerd'}`;
  if (unitOfDropIn(path) !== undefined) return `systemctl daemon-reload && ${restart}`;
  return kind === 'config' ? restart : null;
}

/** Whether containerd on the node reads its configuration as it is now. */
export async function validateConfig(node: Node, path: string, sudo: boolean, cancellation: Cancellation): Promise<ValidationDocument> {
  if (isTemplate(path)) return { status: 'skipped', detail: 'k3s and RKE2 make config.toml of this template when they start' };
  const command = `containerd --config ${quote(path)} config dump`;
  const script = `command -v containerd >/dev/null 2>&1 || exit 127\n${sudo ? 'sudo -n ' : ''}${command} >/dev/null </dev/null`;
  const result = await node.run(script, { timeoutMs: validateMs, cancellation });
  if (result.status !== 'exited') return { status: 'skipped', detail: `${command} did not end in time` };
  if (result.code === 127) return { status: 'skipped', detail: 'there is no containerd on the PATH of the node' };
  return result.code === 0 ? { status: 'passed', detail: command } : { status: 'failed', detail: lastLine(result) };
}

/** Restarts the unit that is active, as root or through `sudo -n`, and says what became of it. */
export async function restartContainerd(
  node: Node,
  path: string,
  cancellation: Cancellation,
): Promise<{ readonly ok: boolean; readonly said: string }> {
  const units = unitsOf(path);
  const script = `crb_unit=${quote(units[0] ?? 'containerd')}
for crb_one in ${units.map(quote).join(' ')}; do if systemctl is-active --quiet "$crb_one"; then crb_unit=$crb_one; break; fi; done
crb_sudo=; [ "$(id -u)" = 0 ] || crb_sudo='sudo -n'
${unitOfDropIn(path) === undefined ? '' : '$crb_sudo systemctl daemon-reload && '}$crb_sudo systemctl restart "$crb_unit" && printf '%s: ' "$crb_unit" && systemctl is-active "$crb_unit"`;
  const result = await node.run(script, { timeoutMs: restartMs, cancellation });
  if (result.status !== 'exited') return { ok: false, said: `no answer within ${restartMs / 1000} s` };
  return result.code === 0 ? { ok: true, said: result.stdout.trim() } : { ok: false, said: lastLine(result) };
}

/** systemd reads a drop-in only when it is told to. */
function unitOfDropIn(path: string): string | undefined {
  return /^\/etc\/systemd\/system\/([\w.-]+)\.service\.d\//.exec(path)?.[1];
}

function unitsOf(path: string): readonly string[] {
  const unit = unitOfDropIn(path);
  if (unit !== undefined) return [unit];
  return unitsByPlace.find(({ place }) => path.startsWith(place))?.units ?? [];
}

function lastLine({ stdout, stderr }: RunResult): string {
  const line = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
  return line.replace(/\p{C}/gu, '').slice(0, 500);
}
