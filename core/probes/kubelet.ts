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
 * The kubelet's endpoint and credential providers. Flags are read from the process; k3s, RKE2 and MicroK8s run the kubelet inside
 * another program, which shows as none.
 */
export const kubeletProbe: Probe<void, Kubelet> = {
  id: 'kubelet',
  timeoutMs: 5000,
  script: () => `for d in /proc/[0-9]*; do
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
    echo read
    while read -r a b c rest || [ -n "$a" ]; do
      case "$a $b" in '- name:') n=$c ;; 'name: '*) n=$b ;; *) continue ;; esac
      n=\${n#[\\"\\']}; n=\${n%[\\"\\']}
      if [ -x "$folder/$n" ]; then printf 'provider there %s\\n' "$n"; else printf 'provider missing %s\\n' "$n"; fi
    done <"$providers"
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
