import { classify } from '../errors/classify';
import { placePrelude } from '../probes/containerdPlace';
import { quote } from '../probes/quote';
import type { ProbeOutput } from '../probes/probe';
import { parseReference } from '../reference/reference';
import { catalogOf, message } from '../text/message';
import type { RunStep, StepLine } from './step';

/**
 * A real pull, as the kubelet does it where crictl is there, else with ctr, which reads no config.toml: it must be told the folder with the
 * hosts (cmd/ctr/commands/resolver.go: --hosts-dir, a single folder) and a whole reference.
 */
export const verifyPull: RunStep = {
  kind: 'run',
  id: 'verify-pull',
  needs: 'image',
  sees: 'hostsDir',
  timeoutMs: 300_000,
  messages: catalogOf('verify-pull', {
    title: 'Pull the image',
    does: 'Pulls one image on the node, with crictl or, where there is none, with ctr and the hosts folder that containerd there reads. The image stays.',
    pulled: '{tool} pulled {image}.',
    failed: '{tool} did not pull {image}: {text}',
    class: 'That is {class}; see containerd-runbooks help {class}.',
    'no-tool': 'There is neither crictl nor ctr on the node.',
    slow: 'The pull was not done within {seconds} s.',
  }),
  shown: (image) =>
    `crictl pull ${quote(image)}    # without crictl: ctr --namespace k8s.io images pull --hosts-dir CONFIG_PATH ${quote(wholeReference(image))}`,
  script: (image, { hostsDir }) => `${placePrelude}
crb_socket=
for crb_one in $crb_sockets /run/containerd/containerd.sock /run/k3s/containerd/containerd.sock; do
  if [ -S "$crb_one" ]; then crb_socket=$crb_one; break; fi
done
if command -v crictl >/dev/null 2>&1; then
  echo 'tool crictl'
  if [ -n "$crb_socket" ]; then set -- --runtime-endpoint "unix://$crb_socket" --image-endpoint "unix://$crb_socket"; else set --; fi
  $crb_sudo crictl "$@" pull ${quote(image)} 2>&1
  printf '\\nexit %s\\n' $?
elif command -v ctr >/dev/null 2>&1; then
  printf 'tool ctr%s\\n' ${quote(hostsDir === undefined ? '' : ` --hosts-dir ${hostsDir}`)}
  if [ -n "$crb_socket" ]; then set -- --address "$crb_socket"; else set --; fi
  crb_said=$($crb_sudo ctr "$@" --namespace k8s.io images pull ${hostsDir === undefined ? '' : `--hosts-dir ${quote(hostsDir)} `}${quote(wholeReference(image))} 2>&1); crb_code=$?
  printf '%s\\n' "$crb_said" | tr '\\r' '\\n' | tail -n 20
  printf '\\nexit %s\\n' $crb_code
else echo no-tool; fi`,
  parse: pullLines,
};

/** ctr completes no short names. */
function wholeReference(image: string): string {
  const parsed = parseReference(image);
  if (!parsed.ok) return image;
  const { locator, object } = parsed.reference;
  return object.startsWith('@') ? `${locator}${object}` : `${locator}:${object}`;
}

function pullLines({ stdout, status }: ProbeOutput, image: string): readonly StepLine[] {
  if (/^no-tool$/m.test(stdout)) return [{ status: 'fail', message: message('verify-pull/no-tool') }];
  if (status !== 'done') return [{ status: 'fail', message: message('verify-pull/slow', { seconds: verifyPull.timeoutMs / 1000 }) }];
  const tool = /^tool (.{1,300})$/m.exec(stdout)?.[1] ?? 'crictl';
  const text = failureIn(stdout);
  if (text === undefined) return [{ status: 'pass', message: message('verify-pull/pulled', { tool, image }) }];
  const found = classify(text).class?.id;
  return [
    { status: 'fail', message: message('verify-pull/failed', { tool, image, text }) },
    ...(found === undefined ? [] : [{ status: 'skip' as const, message: message('verify-pull/class', { class: found }) }]),
  ];
}

function failureIn(stdout: string): string | undefined {
  if (/^exit 0$/m.test(stdout)) return undefined;
  const lines = stdout
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(?:tool |exit \d+$)/.test(line));
  return ([...lines].reverse().find((line) => /^ctr: |rpc error/.test(line)) ?? lines.at(-1) ?? '').slice(0, 2000);
}
