import { quote } from '../probes/quote';
import type { ProbeOutput } from '../probes/probe';
import { catalogOf, message } from '../text/message';
import type { RunStep, StepLine } from './step';

/**
 * Asks each docker-credential-* of the login user as Docker does. Secrets stay on the node: of an answer only the user name, that there is
 * a secret, and the expiry of a token leave it. A raw quotation mark cannot stand inside a JSON string, so no secret can pass for a name.
 */
export const credentialHelper: RunStep = {
  kind: 'run',
  id: 'credential-helper',
  needs: 'registry',
  notes: 'containerd',
  timeoutMs: 60_000,
  messages: catalogOf('credential-helper', {
    title: 'Test credential helpers',
    does: 'Asks every docker-credential-* on the node for one registry, as Docker would. No secret leaves the node; nothing is changed.',
    none: 'There is no docker-credential-* on the PATH of the login user.',
    answers: '{helper} answered for {registry}: {name}, with a secret.',
    empty: '{helper} answered for {registry}, but without a secret.',
    expires: '{helper}: its token for {registry} expires at {time}.',
    'not-found': '{helper} has no credentials for {registry}.',
    fails: '{helper} failed for {registry} (exit code {code}).',
    hangs: '{helper} did not answer within 10 s.',
    'user-name': 'a user name of {length} characters',
    token: 'an identity token instead of a user name',
    store: '{path} names the helper {helper}, which Docker and nerdctl use.',
    'store-missing': '{path} names the helper {helper}, which is not on the PATH.',
    containerd:
      'containerd itself reads neither ~/.docker/config.json nor a helper: for CRI the kubelet sends credentials with each pull (imagePullSecrets or its own credential providers), ctr takes only --user, nerdctl reads ~/.docker/config.json.',
  }),
  shown: (registry) => `printf %s ${quote(serverOf(registry))} | docker-credential-NAME get`,
  script: (registry) => `${limitedWords(10)}
for crb_file in "\${DOCKER_CONFIG:-$HOME/.docker}/config.json"; do
  [ -f "$crb_file" ] && [ -r "$crb_file" ] || continue
  crb_store=$(tr '\\n' ' ' <"$crb_file" | crb_word credsStore)
  [ -n "$crb_store" ] && printf 'store %s %s\\n' "$crb_store" "$crb_file"
done
crb_seen=' '; crb_ifs=$IFS; IFS=:
for crb_dir in $PATH; do
  IFS=$crb_ifs
  for crb_helper in "$crb_dir"/docker-credential-*; do
    crb_name=\${crb_helper##*/}
    [ -f "$crb_helper" ] && [ -x "$crb_helper" ] || continue
    case "$crb_seen" in *" $crb_name "*) continue ;; esac
    crb_seen="$crb_seen$crb_name "
    crb_said=$(printf %s ${quote(serverOf(registry))} | $crb_limit "$crb_helper" get 2>/dev/null); crb_code=$?
    crb_said=$(printf %s "$crb_said" | tr '\\n' ' ')
    printf 'helper %s %s\\n' "$crb_code" "$crb_name"
    if [ $crb_code != 0 ]; then
      case $crb_said in *'credentials not found'*) echo not-found ;; esac
      continue
    fi
    printf 'name %s\\n' "$(printf %s "$crb_said" | crb_word Username)"
    case $crb_said in *'"Secret"'*) echo secret ;; esac
    crb_body=$(printf %s "$crb_said" | sed -n 's/.*"Secret"[[:space:]]*:[[:space:]]*"eyJ[^".]*\\.\\([^".]*\\)\\..*/\\1/p' | tr '_-' '/+')
    while [ $((\${#crb_body} % 4)) != 0 ]; do crb_body="$crb_body="; done
    [ -z "$crb_body" ] || printf 'expires %s\\n' "$(printf %s "$crb_body" | base64 -d 2>/dev/null | sed -n 's/.*"exp"[[:space:]]*:[[:space:]]*\\([0-9]*\\).*/\\1/p')"
  done
done
IFS=$crb_ifs`,
  parse: (output, registry) => [...helperLines(output, registry), { status: 'skip', message: message('credential-helper/containerd') }],
};

/** Shell: $crb_limit before a command ends it after so many seconds; `crb_word KEY` reads the last text of that key in JSON. */
export function limitedWords(seconds: number): string {
  return `crb_limit=
timeout 1 true >/dev/null 2>&1 && crb_limit='timeout ${seconds}'
crb_word() { sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\\([^"\\\\]*\\)".*/\\1/p' | tail -n 1; }`;
}

/** Docker keeps Docker Hub's login under the address of its first index. */
function serverOf(registry: string): string {
  return /^(?:docker\.io|index\.docker\.io|registry-1\.docker\.io)$/.test(registry) ? 'https://index.docker.io/v1/' : registry;
}

/** User names that stand for a kind of credential, and say nothing of a person. */
const knownNames = new Set(['AWS', '_json_key', '_json_key_base64', 'oauth2accesstoken', '00000000-0000-0000-0000-000000000000']);

function helperLines({ stdout, status }: ProbeOutput, registry: string): readonly StepLine[] {
  const helpers = stdout.split(/^helper /m);
  const lines: StepLine[] = helpers.slice(1).flatMap((section) => answerLines(section, registry));
  const names = helpers.slice(1).map((section) => /^\d+ (\S+)/.exec(section)?.[1]);
  const stores = [...(helpers[0] ?? '').matchAll(/^store ([\w.-]{1,60}) (\/.{0,400})$/gm)].map(([, store = '', path = '']): StepLine => {
    const helper = `docker-credential-${store}`;
    const there = names.includes(helper);
    return {
      status: there ? 'pass' : 'warn',
      message: message(`credential-helper/${there ? 'store' : 'store-missing'}`, { path, helper }),
    };
  });
  if (lines.length === 0 && status === 'done') lines.push({ status: 'skip', message: message('credential-helper/none') });
  return [...stores, ...lines];
}

function answerLines(section: string, registry: string): readonly StepLine[] {
  const [, code = '', helper = ''] = /^(\d{1,3}) (\S{1,100})/.exec(section) ?? [];
  const args = { helper, registry };
  const said = (status: StepLine['status'], key: string, more = {}): StepLine => ({
    status,
    message: message(`credential-helper/${key}`, { ...args, ...more }),
  });
  if (code === '124' || code === '143' || code === '137') return [said('fail', 'hangs')];
  if (/^not-found$/m.test(section)) return [said('warn', 'not-found')];
  if (code !== '0') return [said('fail', 'fails', { code })];
  if (!/^secret$/m.test(section)) return [said('warn', 'empty')];
  const seconds = Number(/^expires (\d{9,11})$/m.exec(section)?.[1] ?? 0);
  const time = new Date(seconds * 1000).toISOString();
  return [
    said('pass', 'answers', { name: shapeOf(/^name (.*)$/m.exec(section)?.[1] ?? '') }),
    ...(seconds > 0 ? [said('pass', 'expires', { time })] : []),
  ];
}

/** A name that stands for a kind of credential is told; of another one its length. */
export function shapeOf(name: string) {
  if (name === '<token>') return message('credential-helper/token');
  return knownNames.has(name) ? name : message('credential-helper/user-name', { length: name.length });
}
