import { proxySettings, type ProxySettings } from '../go/proxy';
import type { Probe, ProbeOutput } from './probe';
import { systemdEnvironment } from './systemdEnvironment';

export interface UnitProxy {
  /** Where the variables were read: the process itself, or what systemd would give it. Undefined when neither could be read. */
  readonly source: 'process' | 'systemd' | undefined;
  /** By name in capitals, without credentials; net/http takes HTTP_PROXY before http_proxy. */
  readonly variables: ReadonlyMap<'HTTP_PROXY' | 'HTTPS_PROXY' | 'NO_PROXY', string>;
}

/**
 * Prints the proxy variables of the containerd that `crb_pid` names, a line `env NAME=VALUE` each, behind one that says where they were read.
 * Nothing else of its environment leaves the node: it may hold secrets. A unit that is not there, as where k3s starts containerd, and one
 * with an EnvironmentFile that may not be read say nothing. The later of two lines wins, as systemd merges them: its own environment,
 * Environment=, EnvironmentFile=, UnsetEnvironment= (exec_invoke of systemd's src/core/exec-invoke.c).
 */
export const containerdProxies = `newline='
'
pick() {
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in [Hh][Tt][Tt][Pp]_[Pp][Rr][Oo][Xx][Yy]=*|[Hh][Tt][Tt][Pp][Ss]_[Pp][Rr][Oo][Xx][Yy]=*|[Nn][Oo]_[Pp][Rr][Oo][Xx][Yy]=*) printf 'env %s\\n' "$line" ;; esac
  done
}
if [ -n "$crb_pid" ] && [ -r "/proc/$crb_pid/environ" ]; then
  echo 'source process'; tr '\\0' '\\n' <"/proc/$crb_pid/environ" | pick
elif [ -n "$crb_pid" ] && [ -n "$crb_sudo" ]; then
  echo 'source process'; $crb_sudo cat "/proc/$crb_pid/environ" | tr '\\0' '\\n' | pick
elif command -v systemctl >/dev/null 2>&1; then
  ${systemdEnvironment}
  systemctl show containerd -p LoadState -p Environment -p EnvironmentFiles -p UnsetEnvironment 2>/dev/null | {
    loaded= closed= own= none= files=
    while IFS= read -r line; do
      case $line in
        LoadState=loaded) loaded=1 ;;
        Environment=*) own=\${line#*=} ;;
        UnsetEnvironment=*) none=\${line#*=} ;;
        EnvironmentFiles=*)
          line=\${line#*=}; old=$IFS; IFS=; set -- \${line%% (*}; IFS=$old
          for f in "$@"; do
            [ -e "$f" ] || continue
            up=; [ -r "$f" ] || up=$crb_sudo
            if text=$($up cat "$f" 2>/dev/null); then files=$files$(printf '%s\\n' "$text" | assignments | pick)$newline; else closed=1; fi
          done ;;
      esac
    done
    [ -n "$loaded" ] && [ -z "$closed" ] || exit 0
    echo 'source systemd'
    shared=$(systemctl show -p Environment 2>/dev/null)
    { words "\${shared#*=}"; words "$own"; } | pick
    printf %s "$files"
    words "$none" | while read -r name; do case $name in *=*) ;; *) printf '%s=\\n' "$name" ;; esac; done | pick
  }
fi
:`;

/** The variables as containerdProxies printed them, credentials in them. */
export function proxyVariables(stdout: string): ReadonlyMap<string, string> {
  const lines = stdout.matchAll(/^env (https?_proxy|no_proxy)=(.{0,4000})$/gim);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value]));
}

/** The proxies that containerd was started with. */
export const unitProxyProbe: Probe<void, UnitProxy> = {
  id: 'proxy',
  timeoutMs: 3000,
  script: () => containerdProxies,
  parse: parseProxy,
};

/** What requests go by, users and passwords in it: these stay within the process that makes the requests. Undefined where it could not be read. */
export function proxiesInUse({ stdout }: ProbeOutput): ProxySettings | undefined {
  return sourceOf(stdout) && proxySettings(proxyVariables(stdout));
}

function parseProxy({ stdout }: ProbeOutput): UnitProxy {
  const { http, https, none } = proxySettings(proxyVariables(stdout));
  const variables = new Map([['HTTP_PROXY', http] as const, ['HTTPS_PROXY', https] as const, ['NO_PROXY', none] as const]);
  return {
    source: sourceOf(stdout),
    variables: new Map([...variables].flatMap(([name, value]) => (value === '' ? [] : [[name, withoutUser(value)]]))),
  };
}

function sourceOf(stdout: string): UnitProxy['source'] {
  const source = /^source (process|systemd)$/m.exec(stdout)?.[1];
  return source === 'process' || source === 'systemd' ? source : undefined;
}

/** `http://user:password@proxy:3128`: all before the last @, for a password may hold an @ or a slash that nobody has escaped. */
function withoutUser(value: string): string {
  const scheme = /^[a-z][a-z\d+.-]{0,20}:\/\//i.exec(value)?.[0] ?? '';
  const at = value.lastIndexOf('@');
  return at < scheme.length ? value : scheme + value.slice(at + 1);
}
