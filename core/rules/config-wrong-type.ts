import type { ConfigProblem } from '../config/configFile';
import { valueAtRange } from './values';
import { findingOf, fix, problemsHere } from './problems';
import { typeMessage } from './typeTexts';
import type { ConfigContext, ConfigRule, Fix } from './rule';

export const configWrongType: ConfigRule = {
  id: 'config-wrong-type',
  kind: 'config',
  doc: {
    title: 'A value has another type than its key wants',
    why: `containerd decodes every table into a fixed structure. A string where a list belongs, a list where a string belongs or a number in quotes ends the start of the whole daemon, not only of the plugin that owns the key.

The keys this happens to most: \`endpoint\` is a list even for one address, \`config_path\` is a string even for several folders, \`version\` is a number.`,
    bad: `version = "2"

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = "https://mirror.example.com"
`,
    good: `version = 2

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example.com"]
`,
    sources: [
      'containerd cmd/containerd/server/config/config.go: loadConfigFile, Config.Decode',
      'containerd cmd/containerd/server/server.go: New',
    ],
  },
  messages: {
    wrong: '"{key}" must be {wantedWords}, and this is {foundWords}. containerd does not start.',
    fix: 'Write {replacement}',
  },

  *check(context) {
    for (const problem of problemsHere(context, 'wrong-type')) {
      const change = changed(context, problem);
      const args = { wantedWords: words(problem.args['wanted']), foundWords: words(problem.args['found']) };
      yield findingOf(problem, { key: 'wrong', args, ...(change && { fix: change }) });
    }
  },
};

/** Where the value itself is right and only its clothes are wrong. */
function changed({ parsed }: ConfigContext, { range, args }: ConfigProblem): Fix | undefined {
  const value = valueAtRange(parsed.document, range);
  const written = parsed.document.text.slice(range.start, range.end);
  const replacement = value && clothes(String(args['wanted']), value.kind, written, value.kind === 'string' ? value.value : '');
  if (replacement === undefined) return undefined;
  return fix('config-wrong-type', [{ range, newText: replacement }], true, { replacement });
}

function clothes(wanted: string, found: string, written: string, text: string): string | undefined {
  if (wanted === 'array<string>' && found === 'string') return `[${written}]`;
  if (wanted === 'bool' && found === 'string' && /^(?:true|false)$/i.test(text)) return text.toLowerCase();
  if (wanted === 'integer' && found === 'string' && /^-?(?:0|[1-9]\d*)$/.test(text)) return text;
  const single = /^\[\s*("[^"\\\n]*"|'[^'\n]*')\s*(?:,\s*)?\]$/.exec(written)?.[1];
  if (wanted === 'string' && found === 'array') return single;
  return wanted === 'string' && (found === 'integer' || found === 'boolean') ? `"${written}"` : undefined;
}

const names: ReadonlyMap<string, string> = new Map([
  ['string', 'a string'],
  ['duration', 'a string like "5m"'],
  ['integer', 'a whole number'],
  ['float', 'a number'],
  ['bool', 'true or false'],
  ['boolean', 'true or false'],
  ['table', 'a table'],
  ['array', 'a list'],
  ['array<string>', 'a list of strings'],
  ['array<table>', 'a list of tables'],
  ['datetime', 'a date'],
]);

function words(type: string | number | undefined): ReturnType<typeof typeMessage> {
  return typeMessage(names.get(String(type)) ?? 'a table');
}
