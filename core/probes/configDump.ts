import { placePrelude } from './containerdPlace';
import type { Probe, ProbeOutput } from './probe';

export { usualConfigs } from './containerdPlace';

export interface ConfigDump {
  /** `-c` or `--config` of the containerd that runs, else the usual file that is there. */
  readonly configPath: string | undefined;
  /** As `containerd --version` prints it. */
  readonly version: string | undefined;
  /** `root`: nothing is hidden. `sudo`: it works without a password. `refused`: it does not, or is not there. */
  readonly privilege: 'root' | 'sudo' | 'refused' | undefined;
  /** What was run for it. */
  readonly command: string | undefined;
  /** The settings as containerd prints them. */
  readonly dump: string | undefined;
  /** Why there is no dump, in containerd's or the shell's words. */
  readonly failure: string | undefined;
}

const usualPrograms = ['containerd', '/var/lib/rancher/k3s/data/current/bin/containerd', '/var/lib/rancher/rke2/bin/containerd'];

/**
 * The settings as the node's own containerd prints them, for the file it was started with: by the program of its process, which need not be
 * the first on PATH, else by the first there is. `config dump` reads the files anew: it says what the next start would take, not what the
 * running process has.
 */
export const configDumpProbe: Probe<void, ConfigDump> = {
  id: 'config-dump',
  timeoutMs: 25_000,
  script: () => `${placePrelude}
printf 'config %s\\n' "$crb_config"
if [ "$crb_uid" = root ]; then echo 'privilege root'; elif [ -n "$crb_sudo" ]; then echo 'privilege sudo'; else echo 'privilege refused'; fi
program=
if [ -n "$crb_pid" ]; then
  p=$($crb_sudo readlink "/proc/$crb_pid/exe" 2>/dev/null)
  case $p in */containerd) [ -x "$p" ] && program=$p ;; esac
fi
[ -n "$program" ] || for p in ${usualPrograms.join(' ')}; do command -v "$p" >/dev/null 2>&1 && { program=$p; break; }; done
[ -n "$program" ] || { echo 'failure there is no containerd on PATH'; exit 0; }
printf 'version '; "$program" --version </dev/null || echo
set -- "$program"
[ -n "$crb_config" ] && set -- "$@" -c "$crb_config"
printf 'command %s\\n' "$crb_sudo $* config dump"
text=$($crb_sudo "$@" config dump </dev/null 2>&1)
if [ $? = 0 ]; then printf 'dump\\n%s\\n' "$text"; else printf 'failure %s\\n' "$text"; fi`,
  parse: parseConfigDump,
};

function parseConfigDump({ stdout, status }: ProbeOutput): ConfigDump {
  const cut = /^dump$/m.exec(stdout);
  const head = (cut ? stdout.slice(0, cut.index) : stdout).split('\n');
  const after = (word: string): string | undefined => {
    const text = head
      .find((line) => line.startsWith(`${word} `))
      ?.slice(word.length + 1)
      .trim();
    return text === '' ? undefined : text;
  };
  const privilege = (['root', 'sudo', 'refused'] as const).find((one) => one === after('privilege'));
  return {
    configPath: after('config'),
    version: /^containerd \S{1,100} (\S{1,60})/.exec(after('version') ?? '')?.[1],
    privilege,
    command: after('command'),
    dump: cut ? withoutLogLines(stdout.slice(cut.index + 5)) : undefined,
    failure: after('failure') ?? (status === 'done' ? undefined : 'it did not end in time'),
  };
}

/** Warnings of logrus come on stderr between the settings. */
function withoutLogLines(text: string): string {
  return text
    .split('\n')
    .filter((line) => !/^time="?\d{4}-/.test(line))
    .join('\n');
}
