import type { Probe, ProbeOutput } from './probe';

export interface Kubelet {
  readonly running: boolean;
  /** Without `unix://`; from its flag, else from its configuration file. */
  readonly endpoint: string | undefined;
  /** A file, or since Kubernetes 1.34 a folder of them. */
  readonly providerConfig: string | undefined;
  /** What the kubelet reads of it, in its order. */
  readonly providerFiles: readonly string[];
  readonly providerFolder: string | undefined;
  /** The credential providers that its configuration names; `there`: a program of that name can be run. */
  readonly providers: readonly { readonly name: string; readonly there: boolean }[];
  /** False: the provider configuration, or a file of it, could not be read. */
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
 * readCredentialProviderConfig (pkg/credentialprovider/plugin/config.go) takes a folder since Kubernetes 1.34: of what is in it the files with
 * these ends, hidden ones too, in the order of their names.
 */
const providerFiles = `file() {
  printf 'file %s\\n' "$1"
  if [ -f "$1" ] && [ -r "$1" ]; then echo read; else echo closed; return; fi
  first=
  while [ -z "$first" ] && read -r first; do :; done <"$1"
  case $first in '{'*) json <"$1" ;; *) yaml <"$1" ;; esac
}
files() {
  [ -d "$1" ] || { file "$1"; return; }
  LC_ALL=C
  for one in "$1"/.* "$1"/*; do
    case $one in *.json|*.yaml|*.yml) [ -d "$one" ] || [ ! -e "$one" ] || file "$one" ;; esac
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
${providerFiles}
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
  [ -n "$providers" ] && files "\${providers%/}"
  break
done
:`,
  parse: parseKubelet,
};

/** More than any node has, and few enough to read each. */
const maxFiles = 50;

function parseKubelet({ stdout }: ProbeOutput): Kubelet {
  const lines = stdout.split('\n');
  const first = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1);
  const files = lines.flatMap((line) => (line.startsWith('file /') ? [line.slice('file '.length)] : [])).slice(0, maxFiles);
  const endpoint = (first('endpoint') ?? first('configured'))?.replace(/^["']|["']$/g, '').replace(/^unix:\/\//, '');
  return {
    running: lines.includes('running'),
    endpoint: endpoint === '' ? undefined : endpoint,
    providerConfig: first('providers'),
    providerFiles: files,
    providerFolder: first('folder'),
    providersRead: lines.includes('read') && !lines.includes('closed'),
    providers: lines.flatMap((line) => {
      const match = /^provider (there|missing) (\S{1,200})$/.exec(line);
      return match ? [{ name: match[2] ?? '', there: match[1] === 'there' }] : [];
    }),
  };
}
