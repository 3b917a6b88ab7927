import { quote } from '../probes/quote';
import type { ProbeOutput } from '../probes/probe';
import { parseReference } from '../reference/reference';
import { catalogOf, message } from '../text/message';
import { limitedWords, shapeOf } from './credentialHelper';
import { credentialProviders, matchesImage, type CredentialProvider } from './kubeletConfig';
import type { KubeletProviders, RunStep, StepLine } from './step';

/** As the kubelet: execPlugin gives a provider one minute (pkg/credentialprovider/plugin/plugin.go). */
const providerSeconds = 60;

/** Runs the kubelet's credential providers as the kubelet does for a pull. Of an answer no password leaves the node. */
export const credentialProvider: RunStep = {
  kind: 'run',
  id: 'credential-provider',
  needs: 'image',
  notes: 'containerd',
  sees: 'kubelet',
  timeoutMs: 130_000,
  messages: catalogOf('credential-provider', {
    title: "Test the kubelet's credential providers",
    does: 'Runs each image credential provider of the kubelet whose patterns match one image, with the request that the kubelet sends. No secret leaves the node; nothing is changed.',
    'no-kubelet': 'No process of the kubelet was found. k3s, RKE2 and MicroK8s run it inside another program, whose flags are not read.',
    'not-set':
      'The kubelet runs without --image-credential-provider-config or --image-credential-provider-bin-dir: it asks no provider, only imagePullSecrets.',
    unread: '{path} names the providers, and could not be read.',
    'no-match': 'No provider of {path} is for {image}. Its patterns: {patterns}',
    matches: '{name} is for {image}: the pattern {pattern} matches.',
    missing: '{name} is not in {folder}, or cannot be run there.',
    fails: '{name} failed (exit code {code}).',
    hangs: '{name} did not answer within {seconds} s, which is all that the kubelet gives it.',
    nothing: '{name} answered without credentials.',
    answers: '{name} answered for {pattern}: {user}, with a secret.',
    empty: '{name} answered for {pattern}, but without a secret.',
    other: '{name} answered for {pattern}, which does not match {image}: the kubelet does not use that.',
    cache: '{name}: the kubelet keeps this answer for {duration}.',
    containerd:
      'containerd itself never runs a credential provider: the kubelet does, and sends the credentials with each pull over CRI. Pulls by ctr, crictl and nerdctl go without them.',
  }),
  shown: (image) => `printf %s ${quote(request(repository(image)))} | BIN_DIR/NAME`,
  script: (image, { kubelet }) => {
    const folder = kubelet?.folder ?? '';
    return `${limitedWords(providerSeconds)}
${answers}
${wanted(kubelet, image)
  .map((one) => call(one, folder, image))
  .join('\n')}
:`;
  },
  parse: (output, image, { kubelet }) => [
    ...setting(kubelet, repository(image)),
    ...(kubelet?.folder === undefined ? [] : providerLines(output, image, kubelet.folder)),
    { status: 'skip', message: message('credential-provider/containerd') },
  ],
};

/** Prints of an answer the patterns, the user names, that there is a password, and how long it is kept. A raw quotation mark cannot stand in a JSON string. */
const answers = `crb_answer() {
  printf %s "$1" | tr '\\n' ' ' | sed -e 's/"[^"\\\\]*"[[:space:]]*:[[:space:]]*{[[:space:]]*"username"/\\
&/g' -e 's/"[^"\\\\]*"[[:space:]]*:[[:space:]]*{[[:space:]]*"password"/\\
&/g' | while IFS= read -r crb_entry || [ -n "$crb_entry" ]; do
    case $crb_entry in '"'*) ;; *) continue ;; esac
    crb_key=\${crb_entry#?}; printf 'auth %s\\n' "\${crb_key%%\\"*}"
    printf 'name %s\\n' "$(printf %s "$crb_entry" | crb_word username)"
    printf '%s\\n' "$crb_entry" | sed -n 's/.*"password"[[:space:]]*:[[:space:]]*"[^"].*/secret/p'
  done
  printf 'cache %s\\n' "$(printf %s "$1" | tr '\\n' ' ' | crb_word cacheDuration)"
}`;

function wanted(kubelet: KubeletProviders | undefined, image: string): readonly CredentialProvider[] {
  if (kubelet?.folder === undefined) return [];
  return (kubelet.texts ?? []).flatMap(credentialProviders).filter((one) => patternOf(one, image) !== undefined);
}

function patternOf({ matchImages }: CredentialProvider, image: string): string | undefined {
  return matchImages.find((pattern) => matchesImage(pattern, repository(image)));
}

/** parsers.ParseImageName: the kubelet asks for the name without tag and digest. */
function repository(image: string): string {
  const parsed = parseReference(image);
  return parsed.ok ? parsed.reference.locator : image;
}

function request(image: string, apiVersion = 'credentialprovider.kubelet.k8s.io/v1'): string {
  return JSON.stringify({ kind: 'CredentialProviderRequest', apiVersion, image });
}

function call({ name, apiVersion, args, env }: CredentialProvider, folder: string, image: string): string {
  const program = quote(`${folder.replace(/\/$/, '')}/${name}`);
  const variables = env.filter((one) => /^\w+$/.test(one.name)).map((one) => `${one.name}=${quote(one.value)}`);
  const words = ['$crb_limit', program, ...args.map(quote)].join(' ');
  return `if [ -x ${program} ]; then
  crb_said=$(printf %s ${quote(request(repository(image), apiVersion))} | (${variables.length > 0 ? `export ${variables.join(' ')}; ` : ''}${words}) 2>/dev/null)
  printf 'provider %s %s\\n' $? ${quote(name)}; crb_answer "$crb_said"
else printf 'provider missing %s\\n' ${quote(name)}; fi`;
}

function setting(kubelet: KubeletProviders | undefined, image: string): readonly StepLine[] {
  const said = (status: StepLine['status'], key: string, args = {}): StepLine => ({
    status,
    message: message(`credential-provider/${key}`, args),
  });
  if (kubelet?.isRunning !== true) return [said('skip', 'no-kubelet')];
  const { config: path, folder, texts } = kubelet;
  if (path === undefined || folder === undefined) return [said('warn', 'not-set')];
  if (texts === null) return [said('fail', 'unread', { path })];
  const matching = wanted(kubelet, image);
  const patterns = texts.flatMap(credentialProviders).flatMap(({ matchImages }) => matchImages);
  if (matching.length === 0) return [said('warn', 'no-match', { path, image, patterns: patterns.slice(0, 20).join(' ') })];
  return matching.map((one) => said('pass', 'matches', { name: one.name, image, pattern: patternOf(one, image) ?? '' }));
}

function providerLines({ stdout }: ProbeOutput, image: string, folder: string): readonly StepLine[] {
  return stdout
    .split(/^provider /m)
    .slice(1)
    .flatMap((section) => answerLines(section, repository(image), folder));
}

function answerLines(section: string, image: string, folder: string): readonly StepLine[] {
  const [, code = '', name = ''] = /^(\S+) (\S{1,200})/.exec(section) ?? [];
  const said = (status: StepLine['status'], key: string, more = {}): StepLine => ({
    status,
    message: message(`credential-provider/${key}`, { name, image, ...more }),
  });
  if (code === 'missing') return [said('fail', 'missing', { folder })];
  if (code === '124' || code === '143' || code === '137') return [said('fail', 'hangs', { seconds: providerSeconds })];
  if (code !== '0') return [said('fail', 'fails', { code })];
  const entries = section
    .split(/^auth /m)
    .slice(1)
    .map((entry): StepLine => {
      const pattern = /^(\S{1,300})/.exec(entry)?.[1] ?? '';
      if (!matchesImage(pattern, image)) return said('warn', 'other', { pattern });
      if (!/^secret$/m.test(entry)) return said('warn', 'empty', { pattern });
      return said('pass', 'answers', { pattern, user: shapeOf(/^name (.*)$/m.exec(entry)?.[1] ?? '') });
    });
  const duration = /^cache ([\w.]{1,40})$/m.exec(section)?.[1];
  return [
    ...(entries.length === 0 ? [said('warn', 'nothing')] : entries),
    ...(duration === undefined ? [] : [said('pass', 'cache', { duration })]),
  ];
}
