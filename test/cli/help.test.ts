import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { runCli } from '../fixtures/cli';

describe('help', () => {
  it('shows the page that findings name, with or without its folder', async () => {
    const page = await runCli(['help', 'hosts-unknown-capability']);
    assert.match(page.stdout, /^# hosts-unknown-capability\n/);
    assert.equal((await runCli(['help', 'rules/hosts-unknown-capability'])).stdout, page.stdout);
    assert.match((await runCli(['help', 'net.timeout'])).stdout, /Mitigation/);
  });

  it('lists every page', async () => {
    const { stdout, status } = await runCli(['help']);
    assert.equal(status, 0);
    assert.match(stdout, /^ {2}masked\.blob-fallback$/m);
    assert.match(stdout, /^ {2}config-not-toml$/m);
  });

  it('guesses, and reads nothing else', async () => {
    assert.match((await runCli(['help', 'net.timeuot'])).stderr, /did you mean net\.timeout\?/);
    const { status, stderr } = await runCli(['help', '../../package.json']);
    assert.equal(status, 2);
    assert.match(stderr, /no rule or error class/);
  });

  it('says which release of itself this is', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { readonly version: string };
    assert.deepEqual(await runCli(['--version']), { status: 0, stdout: `containerd-runbooks ${version}\n`, stderr: '' });
  });

  it('says how each command is called', async () => {
    const { stdout, status } = await runCli(['lint', '--help']);
    assert.equal(status, 0);
    assert.match(stdout, /^usage: containerd-runbooks lint/);
    assert.match(stdout, /--fail-on/);
  });
});
