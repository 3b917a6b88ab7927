import { usualSockets } from './containerdPlace';
import type { Probe, ProbeOutput } from './probe';

/** What containerd says of itself through its socket, with the tool that asked. */
export interface ContainerdApi {
  readonly socket: string | undefined;
  readonly tool: 'ctr' | 'crictl' | undefined;
  /** `silent`: it was asked and gave no answer in time; `refused`: only root may ask. */
  readonly answer: 'answered' | 'silent' | 'refused' | 'unasked';
  /** What the tool said when there was no answer. */
  readonly reason: string;
  /** Undefined when it is not told. `absent`: containerd runs without it, so it is disabled. */
  readonly cri: { readonly state: 'loaded' | 'failed' | 'absent'; readonly error: string } | undefined;
  /** The last line of the log about the CRI plugin not being loaded, where no tool answered. */
  readonly logged: string | undefined;
  /** Undefined where the tool has no such list (before 1.6.25 and 1.7.9). */
  readonly deprecations: readonly { readonly id: string; readonly message: string }[] | undefined;
  /** Names of the images that Kubernetes sees; undefined when they could not be listed. */
  readonly images: readonly string[] | undefined;
}

/** Asks over the socket with ctr, else crictl; where neither answers, the log's last line about the CRI plugin. */
export const containerdApiProbe: Probe<void, ContainerdApi> = {
  id: 'containerd-api',
  timeoutMs: 15_000,
  script: () => `s=
for p in $crb_sockets ${usualSockets.join(' ')}; do [ -S "$p" ] && { s=$p; break; }; done
up=; tool=
if [ -n "$s" ]; then
  printf 'socket %s\\n' "$s"
  [ -w "$s" ] || up=$crb_sudo
  if command -v ctr >/dev/null 2>&1; then tool=ctr; elif command -v k3s >/dev/null 2>&1; then tool='k3s ctr'; elif command -v crictl >/dev/null 2>&1; then tool=crictl; fi
  if [ ! -w "$s" ] && [ -z "$up" ]; then echo refused; tool=; fi
fi
ask() { printf '== %s\\n' "$1"; shift; "$@" 2>&1; printf '\\n== code %s\\n' $?; }
case $tool in
  *ctr) echo 'tool ctr'
    c="$up $tool --address $s --connect-timeout 3s --timeout 5s"
    ask plugins $c plugins ls -d id==cri type==io.containerd.cri.v1
    ask deprecations $c deprecations list
    ask images $c -n k8s.io images ls -q ;;
  crictl) echo 'tool crictl'
    c="$up crictl --timeout 5s --runtime-endpoint unix://$s"
    ask version $c version
    ask table $c --image-endpoint unix://$s images ;;
esac
log() {
  [ -r "$crb_root/containerd.log" ] && cat "$crb_root/containerd.log"
  command -v journalctl >/dev/null 2>&1 && journalctl -q -u containerd -n 3000 --no-pager -o cat 2>/dev/null
}
[ -n "$tool" ] || log | grep 'failed to load plugin' | grep -E 'io\\.containerd\\.(grpc\\.v1\\.cri|cri\\.v1)' | tail -n 1 | while read -r line; do printf 'logged %s\\n' "$line"; done
:`,
  parse: parseApi,
};

interface Section {
  readonly text: string;
  readonly code: number | undefined;
}

function parseApi({ stdout, status }: ProbeOutput): ContainerdApi {
  const sections = sectionsOf(stdout);
  const tool = /^tool (ctr|crictl)$/m.exec(stdout)?.[1];
  const asked = sections.get('plugins') ?? sections.get('version');
  const answered = asked?.code === 0 || /Unimplemented|unknown service runtime/.test(asked?.text ?? '');
  const silent = tool !== undefined && (asked !== undefined || status === 'timeout');
  return {
    socket: /^socket (.*)$/m.exec(stdout)?.[1],
    tool: tool === 'ctr' || tool === 'crictl' ? tool : undefined,
    answer: answered ? 'answered' : silent ? 'silent' : /^refused$/m.test(stdout) ? 'refused' : 'unasked',
    reason: answered ? '' : lastLine(asked?.text ?? ''),
    cri: !answered ? undefined : sections.has('plugins') ? criOfCtr(sections.get('plugins')) : criOfCrictl(asked),
    logged: /^logged (.{1,4000})$/m.exec(stdout)?.[1],
    deprecations: deprecationsOf(sections.get('deprecations')),
    images: imagesOf(sections),
  };
}

function sectionsOf(stdout: string): ReadonlyMap<string, Section> {
  const found = new Map<string, Section>();
  for (const part of stdout.split(/^== (?=plugins$|deprecations$|images$|version$|table$)/m).slice(1)) {
    const end = part.indexOf('\n');
    const [text = '', code = ''] = part.slice(end + 1).split(/^== code (?=\d{1,3}$)/m);
    found.set(part.slice(0, end), { text, code: /^\d{1,3}/.test(code) ? Number.parseInt(code, 10) : undefined });
  }
  return found;
}

/**
 * `ctr plugins ls -d`, one block per plugin. In 2.x the CRI plugin fails because of its images or runtime part, whose error says why. A
 * skipped or disabled plugin is not an error of containerd.
 */
function criOfCtr(section: Section | undefined): ContainerdApi['cri'] {
  const blocks = (section?.text ?? '').split(/^(?=Type:)/m).filter((block) => block.startsWith('Type:'));
  const cri = blocks.find((block) => /^ID: +cri *$/m.test(block));
  if (!cri) return { state: 'absent', error: '' };
  const errors = [...blocks.filter((block) => block !== cri), cri].flatMap((block) => /^ +Message: +(.{1,2000})$/m.exec(block)?.[1] ?? []);
  if (!/^Error:/m.test(cri)) return { state: 'loaded', error: '' };
  const error = errors[0]?.trim() ?? '';
  return error.includes('skip plugin') ? { state: 'absent', error } : { state: 'failed', error };
}

function criOfCrictl(section: Section | undefined): ContainerdApi['cri'] {
  return section?.code === 0 ? { state: 'loaded', error: '' } : { state: 'failed', error: lastLine(section?.text ?? '') };
}

/** Columns `ID`, `LAST OCCURRENCE`, `MESSAGE`; nothing at all when there is none (cmd/ctr/commands/deprecations). */
function deprecationsOf(section: Section | undefined): ContainerdApi['deprecations'] {
  if (section?.code !== 0 || /No help topic|NAME:/.test(section.text)) return undefined;
  return section.text.split('\n').flatMap((line) => {
    const match = /^(io\.containerd\.deprecation\/\S{1,100}) +\S{1,60} +(.{1,1000})$/.exec(line);
    return match ? [{ id: match[1] ?? '', message: match[2] ?? '' }] : [];
  });
}

function imagesOf(sections: ReadonlyMap<string, Section>): readonly string[] | undefined {
  const [names, table] = [sections.get('images'), sections.get('table')];
  if (names?.code === 0) return names.text.split('\n').filter((line) => /^\S{1,500}$/.test(line) && !line.startsWith('sha256:'));
  if (table?.code !== 0) return undefined;
  return table.text.split('\n').flatMap((line) => {
    const match = /^(\S{1,400}) +(\S{1,130}) +[\da-f]{6,}/.exec(line);
    return match ? [`${match[1] ?? ''}:${match[2] ?? ''}`] : [];
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1)?.slice(0, 1000) ?? '';
}
