import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { englishCatalog } from '../../../core/catalog';
import { reproductionGuide } from '../../../core/diagnosis/reproductionGuide';
import { matchesGlob, parseFault } from '../../../core/resolver/faults';
import { printableText } from '../../../core/text/display';
import type { AttemptDocument, ResolveDocument } from '../../../core/protocol/resolve';

const attempt: AttemptDocument = {
  method: 'HEAD',
  url: 'https://reg.example:5443/v2/a/b/manifests/sha256:aa',
  host: 'reg.example:5443',
  phase: 'resolve',
  status: null,
  error: 'dial tcp 192.0.2.1:5443: i/o timeout',
  startedMs: 0,
  timings: { total: 30_004 },
};

function masked(
  over: {
    readonly id?: string;
    readonly reference?: string;
    readonly masked?: null;
    readonly totalMs?: number;
    readonly error?: string;
    readonly url?: string;
  } = {},
): ResolveDocument {
  return {
    schema: 1,
    reference: over.reference ?? 'reg.example:5443/a/b@sha256:aa',
    containerd: '2.1.9',
    via: 'ctr',
    ok: false,
    digest: null,
    mediaType: null,
    attempts: [
      { ...attempt, url: over.url ?? attempt.url, error: over.error ?? attempt.error, timings: { total: over.totalMs ?? 30_004 } },
    ],
    reported: 'a: not found',
    grpcCode: 'NotFound',
    rootCause: {
      attempt: 0,
      class: over.id ?? 'net.timeout',
      message: 'm',
      messageId: 'verdict/net.timeout',
      args: {},
      nextStep: '',
      nextStepMessage: null,
    },
    masked: over.masked === null ? null : { by: 'notfound.manifest', versions: '>=2.0.0' },
    predictions: { '1.7': { ok: false, reported: 'i/o timeout' }, '2.3': { needs: 'GET x' } },
    findings: [],
  };
}

const guideOf = (document: ResolveDocument, again: readonly string[] = [], hostsDir = '/etc/containerd/certs.d'): string =>
  reproductionGuide(document, { hostsDir, again, catalogs: [] }) ?? '';

/** The commands of the page, one per fence. */
const commandsOf = (page: string): readonly string[] => [...page.matchAll(/^(`{3,})sh\n([\s\S]*?)\n\1$/gm)].map(([, , text = '']) => text);

describe('the page that makes a hidden error happen again', () => {
  it('takes away each rule that it sets, for the address and port of that registry', () => {
    const page = guideOf(masked());
    const rules = [...page.matchAll(/\$tables -w -([ID]) OUTPUT -d "\$address" -p tcp --dport (\d+) -j DROP/g)].map(([, action, port]) => [
      action,
      port,
    ]);
    assert.deepEqual(rules, [
      ['I', '5443'],
      ['D', '5443'],
    ]);
    assert.match(page, /getent ahosts 'reg\.example' /);
    assert.match(page, /sleep 32\n/);
    assert.match(page, /containerd 1\.7: i\/o timeout/);
    assert.doesNotMatch(page, /containerd 2\.3:/);
  });

  it('waits as long as the request dialled, and 30 s where it did something else or a fault of our own took no time', () => {
    assert.match(guideOf(masked({ totalMs: 10_020 })), /sleep 12\n/);
    assert.match(guideOf(masked({ totalMs: 0 })), /sleep 32\n/);
    assert.match(guideOf(masked({ totalMs: 60_000, error: 'context deadline exceeded' })), /sleep 32\n/);
  });

  it('waits for all that is asked of a registry before it answers: hosts.toml may name it twice', () => {
    const answered = { ...attempt, status: 401, error: null };
    const elsewhere = { ...attempt, host: 'mirror.example' };
    const page = guideOf({ ...masked(), attempts: [attempt, elsewhere, attempt, answered, attempt] });
    assert.match(page, /for about 62 s it cannot reach that registry[\s\S]*sleep 62\n/);
  });

  it('has ctr go the way that the replay went', () => {
    const flags = ['cri', 'ctr', 'ctr-local', 'ctr-transfer'].map(
      (via) => /\nctr .* pull (.*?) ?--hosts-dir /.exec(guideOf({ ...masked(), via }))?.[1],
    );
    assert.deepEqual(flags, ['', '', '--local', '--local=false']);
  });

  it('says in words that every release hides it', () => {
    assert.match(guideOf(masked()), /\nReleases `>=2\.0\.0` hide it\.\n/);
    assert.match(guideOf({ ...masked(), masked: { by: 'auth.no-credentials', versions: '*' } }), /\nEvery release hides it\.\n/);
  });

  it('leaves the firewall out where the failure passes at once', () =>
    assert.doesNotMatch(guideOf(masked({ id: 'net.reset-or-eof' })), /iptables/));

  it('is not there where nothing is hidden', () =>
    assert.equal(reproductionGuide(masked({ masked: null }), { hostsDir: '', again: [], catalogs: [] }), undefined));

  it('puts a fault of the same kind before that very request, and goes where the replay went', () => {
    const faults: Readonly<Record<string, string>> = {
      'net.timeout': 'timeout',
      'net.reset-or-eof': 'reset',
      'net.refused-or-no-route': 'refused',
      'dns.nxdomain': 'dns',
      'tls.unknown-ca': 'tls',
    };
    for (const [id, fault] of Object.entries(faults)) {
      const words = wordsOf(commandsOf(guideOf(masked({ id }), ['--node', 'n 1']))[0] ?? '');
      assert.deepEqual(words.slice(0, 5), ['containerd-runbooks', 'resolve', 'reg.example:5443/a/b@sha256:aa', '--node', 'n 1']);
      const rule = parseFault(words.at(-1) ?? '');
      assert.deepEqual([rule?.method, rule?.fault], ['HEAD', fault]);
      assert.ok(matchesGlob(rule?.glob ?? '', `${attempt.url}?ns=x`));
      assert.ok(!matchesGlob(rule?.glob ?? '', attempt.url.replace('reg.', 'other.')));
    }
  });

  it('is written in other languages, with the same commands', () => {
    const marked = Object.fromEntries(Object.keys(englishCatalog).map((id) => [id, `<${id}>`]));
    const page = reproductionGuide(masked(), { hostsDir: '/etc/containerd/certs.d', again: [], catalogs: [marked] }) ?? '';
    assert.match(page, /^# <guide\/title>\n/);
    assert.match(page, /<verdict\/net\.timeout>/);
    assert.deepEqual(commandsOf(page), commandsOf(guideOf(masked())));
    const prose = page.replace(/^(`{3,})\w+\n[\s\S]*?\n\1$/gm, '').replace(/<[\w./-]+>/g, '');
    assert.match(prose, /^[#\s]*$/);
  });

  it('says which proxy there was, without its password', () => {
    const page = guideOf(masked({}), ['--proxy', 'http://me:5ecret@proxy.example:3128']);
    assert.match(page, / --proxy '?http:\/\/me:xxxxx@proxy\.example:3128'? /);
    assert.doesNotMatch(page, /5ecret/);
  });

  it('quotes every name in every command, whatever it holds', () => {
    const signs = [
      "'",
      '"',
      '`',
      '```',
      '$(reboot)',
      ';',
      '&',
      '|',
      '\n',
      '\r',
      '\\',
      ' ',
      '~',
      '*',
      '-',
      '--',
      '=',
      '\u202e',
      '雪',
      'a',
      '>',
    ];
    for (let seed = 1; seed <= 25; seed++) {
      const hostile = Array.from({ length: 12 }, (_, i) => signs[(seed * 7919 + i * i * (seed + 3) * 31) % signs.length]).join('');
      const shown = printableText(hostile);
      const commands = commandsOf(guideOf(masked({ reference: hostile, url: `https://${hostile}/v2/x` }), ['--certs-d', hostile], hostile));
      const words = commands.filter((command) => /^(?:containerd-runbooks|ctr|crictl|nerdctl) /.test(command)).map(wordsOf);
      assert.deepEqual(words[0]?.slice(0, 5), ['containerd-runbooks', 'resolve', shown, '--certs-d', shown], hostile);
      const pulls = words.filter((list) => list.includes('pull'));
      assert.deepEqual(
        pulls.map((list) => [list[0], list.at(-1)]),
        ['ctr', 'crictl', 'nerdctl'].map((name) => [name, shown]),
      );
      execFileSync('sh', ['-n', '-c', commands.join('\n')]);
    }
  });
});

/** What a shell makes of a command's words, up to a pipe or an ampersand of the command itself. */
function wordsOf(command: string): readonly string[] {
  const out = execFileSync('sh', ['-c', `show() { printf '%s\\0' "$@"; }\nshow ${command.replace(/ &$/, '')}`], { encoding: 'utf8' });
  return out.split('\0').slice(0, -1);
}
