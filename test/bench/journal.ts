import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

/** Lines of a node's journal that are of no pull, as kubelet, containerd, the kernel, systemd, sshd and applications write them. */
const others: readonly ((n: number, at: string) => string)[] = [
  (n, at) => `containerd[812]: time="${at}" level=info msg="StopContainer for \\"${hex(n)}\\" returns successfully"`,
  (n, at) =>
    `containerd[812]: time="${at}" level=info msg="CreateContainer within sandbox \\"${hex(n)}\\" for &ContainerMetadata{Name:app,Attempt:0,}"`,
  (n, at) => `containerd[812]: time="${at}" level=info msg="shim disconnected" id=${hex(n)} namespace=k8s.io`,
  (n, at) =>
    `containerd[812]: time="${at}" level=error msg="ExecSync for \\"${hex(n)}\\" failed" error="rpc error: code = NotFound desc = task ${hex(n)} not found"`,
  (n) =>
    `kubelet[900]: I${klog(n)}     900 kubelet.go:2341] "SyncLoop (PLEG): event for pod" pod="default/app-${n % 97}" event={"ID":"${hex(n)}","Type":"ContainerStarted"}`,
  (n) => `kubelet[900]: I${klog(n)}     900 scope.go:117] "RemoveContainer" containerID="${hex(n)}"`,
  (n) =>
    `kubelet[900]: E${klog(n)}     900 prober.go:107] "Probe failed" probeType="Readiness" pod="default/app-${n % 97}" output="HTTP probe failed with statuscode: 503"`,
  (n) =>
    `kubelet[900]: E${klog(n)}     900 pod_workers.go:1301] "Error syncing pod, skipping" err="failed to \\"StartContainer\\" for \\"app\\" with CrashLoopBackOff" pod="default/app-${n % 97}"`,
  (n) => `kernel: [${n % 99999}.${100000 + (n % 899999)}] IPv6: ADDRCONF(NETDEV_CHANGE): veth${hex(n).slice(0, 8)}: link becomes ready`,
  (n) => `systemd[1]: run-containerd-runc-k8s.io-${hex(n)}-runc.mount: Deactivated successfully.`,
  (n) => `sshd[${1000 + (n % 30000)}]: Received disconnect from 192.0.2.${n % 250} port ${20000 + (n % 40000)}:11: disconnected by user`,
  (n) => `app[4242]: {"level":"info","msg":"request served","path":"/api/v1/orders/${n}","status":200,"ms":${n % 300}}`,
  (n) =>
    `app[4242]: {"level":"warn","msg":"retrying upstream","error":"dial tcp 10.0.${n % 250}.7:5432: connect: connection refused","attempt":${n % 5}}`,
];

const registries = ['docker.io/library', 'ghcr.io/team', 'registry.example:5000/shop', 'quay.io/org'] as const;

const failures: readonly ((reference: string) => string)[] = [
  (reference) =>
    `failed to do request: Head \\"https://${reference.split('/')[0] ?? ''}/v2/a/manifests/1\\": dial tcp 198.51.100.7:443: i/o timeout`,
  (reference) => `${reference}: not found`,
  () => 'failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized',
];

/** One in a hundred lines is of a pull: its begin, what it says on the way, and its end; two pulls in five fail. */
export async function writeJournal(file: string, lines: number): Promise<void> {
  const out = createWriteStream(file, { highWaterMark: 1 << 20 });
  for (let n = 0; n < lines; n++) {
    const date = new Date(Date.UTC(2026, 2, 3) + n * 40);
    const line =
      n % 100 === 0 ? pullLine(n / 100, date.toISOString()) : (others[(n * 7) % others.length] ?? others[0])?.(n, date.toISOString());
    if (!out.write(`${stamp(date)} node-1 ${line ?? ''}\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

function pullLine(m: number, at: string): string {
  const pull = Math.floor(m / 4);
  const reference = `${registries[pull % registries.length] ?? ''}/app-${pull % 50}:1.${pull % 10}`;
  const said = (level: string, text: string): string => `containerd[812]: time="${at}" level=${level} ${text}`;
  const fails = pull % 5 < 2;
  if (m % 4 === 0) return said('info', `msg="PullImage \\"${reference}\\""`);
  if (m % 4 === 1) return said('info', `msg="ImageCreate event name:\\"${reference}\\""`);
  if (m % 4 === 2) return said('info', `msg="stop pulling image ${reference}: active requests=0, bytes read=48495295"`);
  if (!fails) return said('info', `msg="PullImage \\"${reference}\\" returns image reference \\"sha256:${hex(pull)}\\""`);
  const cause = failures[pull % failures.length]?.(reference) ?? '';
  return said(
    'error',
    `msg="PullImage \\"${reference}\\" failed" error="rpc error: code = Unknown desc = failed to pull and unpack image \\"${reference}\\": failed to resolve reference \\"${reference}\\": ${cause}"`,
  );
}

function hex(n: number): string {
  return ((n * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0').repeat(8);
}

function klog(n: number): string {
  return `0303 ${clock(new Date(Date.UTC(2026, 2, 3) + n * 40))}.${100000 + (n % 899999)}`;
}

function stamp(date: Date): string {
  return `Mar ${String(date.getUTCDate()).padStart(2, '0')} ${clock(date)}`;
}

function clock(date: Date): string {
  return date.toISOString().slice(11, 19);
}
