import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

interface Shown {
  readonly status: number | null;
  readonly text: string;
}

/** Runs a start script to its end, without an editor. */
function start(program: readonly string[], args: readonly string[]): Promise<Shown> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...program, '--no-open', ...args], { env: { ...process.env, NO_COLOR: '1', LC_ALL: 'C' } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, text }));
  });
}

const fromSource = ['--import', 'tsx', 'scripts/start/main.ts'];

/** What stands below a heading, up to the next one. */
function section({ text }: Shown, heading: string): string {
  return text.split(`\n== ${heading}`)[1]?.split('\n== ')[0] ?? '';
}

describe('npm start', () => {
  let folder: string;
  let first: Shown;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'containerd-runbooks-start-'));
    first = await start(['scripts/start.mjs'], ['--playground', folder]);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('builds, shows every part and ends with 0', () => {
    assert.equal(first.status, 0, first.text);
    for (const heading of ['What containerd does', 'Can this machine pull?', 'Each registry', 'A dead mirror', 'What errors/'])
      assert.notEqual(section(first, heading).trim(), '', heading);
  });

  it('shows lint a credential_helper, and readiness a registry that does not answer', () => {
    assert.match(section(first, 'What containerd does'), /credential_helper/);
    assert.match(section(first, 'Can this machine pull?'), /503/);
  });

  it('shows the time-out as containerd 1.7 names it and as containerd 2 hides it', () => {
    assert.match(section(first, 'The same failure twice'), /connection reset|EOF/);
    assert.match(section(first, '… and containerd 2.1'), /401 Unauthorized/);
  });

  it('computes all of it anew: another behaviour and a changed file change what is shown', async () => {
    const hosts = join(folder, 'etc', 'containerd', 'certs.d', 'good.playground', 'hosts.toml');
    writeFileSync(hosts, `username = "robot"\n${readFileSync(hosts, 'utf8')}`);
    const second = await start(fromSource, ['--playground', folder, '--behaviour', 'good=forbidden']);
    assert.equal(second.status, 0, second.text);
    assert.doesNotMatch(section(first, 'What containerd does'), /username/);
    assert.match(section(second, 'What containerd does'), /username/);
    const good = (shown: Shown): string => /^ {2}good: .*\n.*$/m.exec(section(shown, 'Each registry'))?.[0] ?? '';
    assert.match(good(first), /pulls sha256:/);
    assert.match(good(second), /403 Forbidden/);
  });

  it('says what is wrong with its own options', async () => {
    const { status, text } = await start(fromSource, ['--behaviour', 'good=evil']);
    assert.equal(status, 2);
    assert.match(text, /--behaviour good=evil: both sides are one of good, /);
  });
});
