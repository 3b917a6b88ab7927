import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { main } from '../../cli/main';
import type { Io } from '../../cli/command';
import type { Catalog } from '../../core/text/message';

const table = JSON.parse(readFileSync('l10n/messages.zh-cn.json', 'utf8')) as Catalog;
const typo = 'server = "https://registry-1.docker.io"\n[host."https://mirror.example.com"]\n  skip_verfy = true\n';
const refused = 'failed to do request: Head "https://r.example/v2/a/manifests/1": dial tcp 10.0.0.5:443: connect: connection refused';
const lint = ['lint', '-', '--stdin-path', '/etc/containerd/certs.d/docker.io/hosts.toml'];

async function run(words: readonly string[], stdin: string, env: Io['env'] = {}): Promise<string> {
  let out = '';
  const io: Io = {
    env,
    cwd: process.cwd(),
    color: false,
    cancellation: { cancelled: false, onCancelled: () => () => undefined },
    stdout: (text) => {
      out += text;
    },
    stderr: (text) => {
      out += text;
    },
    readStdin: () => Promise.resolve(stdin),
    stdinLines: async function* () {
      for (const line of stdin.split('\n')) yield await Promise.resolve(line);
    },
  };
  await main(words, io);
  return out;
}

describe('language of text', () => {
  const chinese = '在此处没有键“skip_verfy”';
  const english = 'containerd has no key "skip_verfy" here';

  it('is what --lang says, in whatever way it is written', async () => {
    for (const lang of ['zh-cn', 'zh_CN.UTF-8', 'ZH', 'zh-Hans']) {
      const out = await run([...lint, '--lang', lang], typo);
      assert.ok(out.includes(chinese) && out.includes('1 个文件：1 个警告。'), `${lang}: ${out}`);
    }
    for (const lang of ['en', 'de', 'zh-TW', 'zh_HK.UTF-8', '', 'C', '__proto__', '../zh'])
      assert.ok((await run([...lint, '--lang', lang], typo)).includes(english), lang);
  });

  it('is that of the locale otherwise, where LC_ALL wins over LC_MESSAGES and LANG', async () => {
    const said = async (env: Io['env'], ...more: readonly string[]) =>
      (await run([...lint, ...more], typo, env)).includes(chinese) ? 'zh' : 'en';
    assert.equal(await said({}), 'en');
    assert.equal(await said({ LANG: 'zh_CN.UTF-8' }), 'zh');
    assert.equal(await said({ LC_MESSAGES: 'zh_CN.UTF-8', LANG: 'en_US.UTF-8' }), 'zh');
    assert.equal(await said({ LC_ALL: 'C', LC_MESSAGES: 'zh_CN.UTF-8' }), 'en');
    assert.equal(await said({ LC_ALL: '', LANG: 'zh_CN.UTF-8' }), 'zh');
    assert.equal(await said({ LANG: 'zh_CN.UTF-8' }, '--lang', 'en'), 'en');
  });

  it('is English in every machine format', async () => {
    for (const format of ['json', 'ndjson', 'sarif', 'github']) {
      const words = [...lint, '--format', format];
      assert.equal(await run([...words, '--lang', 'zh-cn'], typo), await run(words, typo), format);
    }
    for (const format of ['json', 'ndjson']) {
      const words = ['explain', '-', '--format', format];
      assert.equal(await run([...words, '--lang', 'zh-cn'], refused), await run(words, refused), format);
    }
    const line = JSON.stringify({ id: 1, text: refused });
    assert.equal(await run(['explain', '--jsonl', '--lang', 'zh-cn'], line), await run(['explain', '--jsonl'], line));
  });

  it('is spoken by explain and hosts too', async () => {
    const explained = await run(['explain', '-', '--lang', 'zh-cn'], refused);
    assert.match(explained, /^net\.refused-or-no-route \(第 1 行\)/);
    const cause = table['net.refused-or-no-route/refused/cause'] ?? '?';
    assert.ok(explained.includes(cause.replace('{host}', 'r.example').replace('{address}', '10.0.0.5:443')), explained);
    assert.equal(await run(['explain', '-', '--lang', 'zh-cn'], 'all is well'), '此文本中没有拉取错误。\n');
    const hosts = ['hosts', 'nowhere.example/a', '--certs-d', 'test/no-such-folder'];
    assert.match(await run([...hosts, '--lang', 'zh-cn'], ''), /certs\.d 下没有此镜像仓库的文件夹/);
    assert.match(await run(hosts, ''), /no folder for this registry under certs\.d/);
  });

  it('is spoken by resolve', async () => {
    const words = [
      'resolve',
      '127.0.0.1:9/a/b:1',
      '--fault',
      'HEAD */manifests/*=timeout',
      '--containerd',
      '1.7',
      '--platform',
      'linux/amd64',
    ];
    const out = await run([...words, '--lang', 'zh-cn'], '');
    for (const part of ['根本原因：', '127.0.0.1:9 没有及时应答。 [net.timeout]', '下一步：', '更多：containerd-runbooks help net.timeout'])
      assert.ok(out.includes(part), out);
    assert.match(await run(words, ''), /Root cause:\n {2}127\.0\.0\.1:9 did not answer in time\. \[net\.timeout\]/);
  });
});
