import type { Probe, ProbeOutput } from './probe';

export interface Kubelet {
  readonly running: boolean;
  /** Without `unix://`; from its flag, else from its configuration file. */
  readonly endpoint: string | undefined;
  readonly providerConfig: string | undefined;
  readonly providerFolder: string | undefined;
  /** The credential providers that its configuration names; `there`: a program of that name can be run. */
  readonly providers: readonly { readonly name: string; readonly there: boolean }[];
  /** False: the provider configuration could not be read. */
  readonly providersRead: boolean;
}

/**
 * The names of the providers of a CredentialProviderConfig, in YAML or JSON: of what stands in it nothing else is printed. Their variables
 * have names, too, but are further in.
 */
const providerNames = `named() { if [ -x "$folder/$1" ]; then printf 'provider there %s\\n' "$1"; else printf 'provider missing %s\\n' "$1"; fi; }
yaml() {
  begun=; at=-9
  while IFS= read -r line || [ -n "$line" ]; do
    space=\${line%%[! ]*}; line=\${line#"$space"}
    case $line in 'providers:'*) begun=1; continue ;; esac
    [ -n "$begun" ] || continue
    case "$at $line" in '-9 - '*) at=\${#space} ;; esac
    case "\${#space} $line" in "$at - name:"*|"$((at + 2)) name:"*) ;; *) continue ;; esac
    line=\${line#*name:}; set -f; set -- \${line%% #*}; set +f
    n=\${1#[\\"\\']}; named "\${n%[\\"\\']}"
  done
}
json() {
  depth=0
  tr '\\n' ' ' | sed -E -e 's/"value"[[:space:]]*:[[:space:]]*"([^"\\\\]|\\\\.)*"//g' -e 's/[][{},]/\\
&\\
/g' | while read -r line; do
    case $line in '{'|'[') depth=$((depth + 1)) ;; '}'|']') depth=$((depth - 1)) ;; esac
    case "$depth $line" in '3 "name"'*:*) n=\${line#*:*\\"}; named "\${n%%\\"*}" ;; esac
  done
}`;

/**
 * The kubelet's endpoint and credential providers. Flags are read from the process; k3s, RKE2 and MicroK8s run the kubelet inside
 * another program, which shows as none.
 */
export const kubeletProbe: Probe<void, Kubelet> = {
  id: 'kubelet',
  timeoutMs: 5000,
  script: () => `${providerNames}
for d in /proc/[0-9]*; do
  n=; read -r n 2>/dev/null <"$d/comm" || continue
  [ "$n" = kubelet ] || continue
  [ -e "$d/ns/mnt" ] && [ ! "$d/ns/mnt" -ef /proc/self/ns/mnt ] 2>/dev/null && continue
  echo running
  words=$(tr '\\0' '\\n' 2>/dev/null <"$d/cmdline"); next= config= providers= folder=; set -f; old=$IFS; IFS='
'
  for w in $words; do
    if [ -n "$next" ]; then w=--$next=$w; next=; fi
    case $w in
      --container-runtime-endpoint=*) printf 'endpoint %s\\n' "\${w#*=}" ;;
      --config=*) config=\${w#*=} ;;
      --image-credential-provider-config=*) providers=\${w#*=} ;;
      --image-credential-provider-bin-dir=*) folder=\${w#*=} ;;
      --container-runtime-endpoint|--config|--image-credential-provider-config|--image-credential-provider-bin-dir) next=\${w#--} ;;
    esac
  done
  IFS=$old; set +f
  [ -n "$config" ] && [ -f "$config" ] && [ -r "$config" ] && while read -r key value rest || [ -n "$key" ]; do
    case $key in containerRuntimeEndpoint:) printf 'configured %s\\n' "$value" ;; esac
  done <"$config"
  [ -n "$providers" ] && printf 'providers %s\\n' "$providers"
  [ -n "$folder" ] && printf 'folder %s\\n' "$folder"
  if [ -n "$providers" ] && [ -f "$providers" ] && [ -r "$providers" ]; then
    echo read; first=
    while [ -z "$first" ] && read -r first; do :; done <"$providers"
    case $first in '{'*) json <"$providers" ;; *) yaml <"$providers" ;; esac
  fi
  break
done
:`,
  parse: parseKubelet,
};

function parseKubelet({ stdout }: ProbeOutput): Kubelet {
  const lines = stdout.split('\n');
  const first = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  const endpoint = (first('endpoint') ?? first('configured'))?.replace(/^["']|["']$/g, '').replace(/^unix:\/\//, '');
  return {
    running: lines.includes('running'),
    endpoint: endpoint === '' ? undefined : endpoint,
    providerConfig: first('providers'),
    providerFolder: first('folder'),
    providersRead: lines.includes('read'),
    providers: lines.flatMap((line) => {
      const match = /^provider (there|missing) (\S{1,200})$/.exec(line);
      return match ? [{ name: match[2] ?? '', there: match[1] === 'there' }] : [];
    }),
  };
}
