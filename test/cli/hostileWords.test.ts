import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from '../../cli/transport';
import { writeNodeFile } from '../../cli/transport/writeFile';
import { call } from '../fixtures/call';
import { nodeRoot, type NodeRoot } from '../fixtures/nodeRoot';

const made = 'crb-was-run';
/** What runs a command if any part of it reaches a shell as it is: in no quotes, in double ones, behind a single one that ends too early. */
const words = [
  `$(touch ${made})`,
  `\`touch ${made}\``,
  `;touch ${made};#`,
  `'$(touch ${made})'`,
  `';touch ${made};'`,
  `"$(touch ${made})"`,
  `\\';touch ${made};'`,
  `\n touch ${made}\n`,
  `a&touch ${made}&`,
];

describe('no word that is given, and none that a node says, is run on a node', () => {
  let root: NodeRoot;
  before(() => {
    root = nodeRoot({ containerd: 'v1.7.24', journal: 'nothing\n', dump: 'version = 2\n' });
  });
  after(() => root.remove());

  // A shell on the node stands in its root folder.
  const wasRun = (): boolean => existsSync(join(root.folder, made));
  const notRun = (why: string): void => assert.equal(wasRun(), false, why);

  it('sees it when one is', async () => {
    const node = await connect(root.node, { env: process.env });
    for (const word of words) {
      await node.run(`echo "${word}"; echo ${word}; echo '${word}'`, { timeoutMs: 10_000 });
    }
    assert.equal(wasRun(), true);
    rmSync(join(root.folder, made));
  });

  it('as an argument of a command', async () => {
    for (const word of words) {
      const calls: readonly (readonly string[])[] = [
        ['ready', '--interface', word, '--registry', 'http://127.0.0.1:9'],
        ['ready', '--registry', word],
        ['lint', `/etc/containerd/${word}`],
        ['hosts', word],
        ['hosts', 'a.example/b:1', '--certs-d', `/etc/containerd/${word}`],
        ['hosts', 'a.example/b:1', '--config', `/etc/${word}`],
        ['resolve', `127.0.0.1:9/${word}`, '--certs-d', `/etc/${word}`],
        ['diagnose', word],
        ['step', 'credential-helper', word, '--apply'],
        ['step', 'credential-provider', word, '--apply'],
        ['step', 'verify-pull', word, '--apply'],
      ];
      for (const line of calls) {
        await call([...line, '--node', root.node]);
        notRun(line.join(' '));
      }
    }
  });

  it('as the name of a file that is written, made or taken away', async () => {
    const node = await connect(root.node, { env: process.env });
    for (const word of words.filter((one) => !one.includes('\n'))) {
      for (const [base, text] of [[null, word] as const, [word, `${word}2`] as const, [`${word}2`, null] as const]) {
        const outcome = await writeNodeFile(node, { path: `/etc/w${word}`, base, text, stamp: '20260130T101112.345Z' });
        assert.equal(outcome.status, 'written', word);
        notRun(word);
      }
    }
  });

  it('as a path in a configuration, or what a node calls its files', async () => {
    for (const [index, word] of words.filter((one) => !one.includes('\n')).entries()) {
      const text = JSON.stringify(`/etc/x${word}/hosts`);
      root.write({
        '/etc/containerd/config.toml': `version = 2\nroot = ${text}\nimports = [${text}]\n[grpc]\n  address = ${text}\n[plugins."io.containerd.grpc.v1.cri".registry]\n  config_path = ${text}\n`,
        [`/etc/containerd/certs.d/a${index}/hosts.toml`]: `ca = ${text}\nclient = [[${text}, ${text}]]\n`,
        [`/etc/containerd/certs.d/w${word}/hosts.toml`]: `server = "https://a"\n`,
      });
      for (const line of [['ready'], ['config', 'lint'], ['diagnose'], ['lint', '/etc/containerd']]) {
        await call([...line, '--node', root.node]);
        notRun(`${line.join(' ')} with ${word}`);
      }
    }
  });
});
