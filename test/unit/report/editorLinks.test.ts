import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { errorClasses } from '../../../core/errors';
import { confirmationsOf } from '../../../core/errors/confirmation';
import { commandLink, editorLinks, type Named } from '../../../src/report/editorLinks';

const nothing: Named = { reference: null, host: null };
const links = (text: string, named = nothing, places: readonly { label: string; target: unknown }[] = []): string =>
  editorLinks(text, 'errors/net.timeout', named, () => places);

describe('links of a page in the editor', () => {
  it('lead to the pages of classes and rules', () => {
    assert.equal(links('[x](dns.nxdomain.md)'), '[x](command:containerdRunbooks.openPage?%5B%22errors%2Fdns.nxdomain%22%5D)');
    assert.equal(links('[x](../rules/hosts-not-read.md)'), '[x](command:containerdRunbooks.openPage?%5B%22rules%2Fhosts-not-read%22%5D)');
  });

  it('lead to the replay of the image and the readiness check of the registry that the text names', () => {
    const named = { reference: 'a/b:1', host: 'a' };
    assert.equal(links('[x](../../README.md#y)'), '[x](command:containerdRunbooks.replayResolve)');
    assert.equal(links('[x](../../README.md#y)', named), `[x](command:containerdRunbooks.replayResolve?${query({ reference: 'a/b:1' })})`);
    assert.equal(links('[x](../readiness.md)'), '[x](command:containerdRunbooks.checkReadiness)');
    assert.equal(links('[x](../readiness.md)', named), `[x](command:containerdRunbooks.checkReadiness?${query({ registry: 'a' })})`);
  });

  it('lead from a rule to where it was found', () => {
    const found = links('- [r](../rules/r.md)', nothing, [{ label: 'hosts.toml:3', target: { kind: 'fix' } }]);
    assert.equal(found.split(', ')[1], `[hosts.toml:3](command:containerdRunbooks.follow?${query({ kind: 'fix' })})`);
  });

  it('are left alone in code, and on the web; others become text', () => {
    for (const text of ['`[x](y.md)`', '```toml\n[x](y.md)\n```', '[x](https://example.com/y)']) assert.equal(links(text), text);
    assert.equal(links('[x](../settings.md), [y](../../../etc/passwd)'), 'x, y');
  });

  it('survive parentheses in an argument', () => {
    assert.doesNotMatch(commandLink('x', 'follow', 'a(b)c').slice('[x]('.length, -1), /[()]/);
  });

  it('start a diagnosis of the node and the triage of its journal; the rest of the overview is a page', () => {
    assert.equal(links('[x](README.md#diagnose-the-node)'), '[x](command:containerdRunbooks.diagnoseNode)');
    assert.equal(links('[x](README.md#explain-the-nodes-journal)'), '[x](command:containerdRunbooks.explainJournal)');
    assert.equal(links('[x](README.md#a-token-for-curl)'), `[x](command:containerdRunbooks.openPage?${query('errors/README')})`);
  });

  it('stand on every page of a class outside the editor too, each with its command and with a section that there is', () => {
    const words = { replay: 'resolve IMAGE', readiness: 'ready --node', diagnosis: 'diagnose --node', journal: 'explain --node' };
    const anchors = [...readFileSync('docs/errors/README.md', 'utf8').matchAll(/^## (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    for (const { id } of errorClasses) {
      const page = readFileSync(`docs/errors/${id}.md`, 'utf8');
      for (const one of confirmationsOf(id)) assert.ok(page.includes(`\`containerd-runbooks ${words[one]}`), `${id}: ${one}`);
      for (const [, anchor = ''] of page.matchAll(/\(README\.md#([\w-]+)\)/g)) assert.ok(anchors.includes(anchor), `${id}: ${anchor}`);
    }
  });

  it('are those that settle it: what is in a file, at the registry, on the node, or only in the journal', () => {
    for (const { id, doc } of errorClasses) {
      const confirmations = confirmationsOf(id);
      const first = confirmations[0];
      if (id.startsWith('config.')) assert.equal(first, 'diagnosis', id);
      if (/^(?:auth|manifest|notfound|platform|ref|tls\.(?!expired))/.test(id)) assert.equal(first, 'replay', id);
      if (id === 'rate.kubelet-qps') assert.deepEqual(confirmations, ['journal']);
      // A rule that finds the cause leads to the fix; without one, the page says in commands what to do.
      assert.ok(doc.rules.length > 0 || doc.diagnosis.some(({ command }) => command !== undefined), id);
    }
  });

  it('stand on every page of a class, one for each diagnosis that confirms it', () => {
    for (const { id } of errorClasses) {
      const page = editorLinks(readFileSync(`docs/errors/${id}.md`, 'utf8'), `errors/${id}`, nothing, () => []);
      assert.ok(confirmationsOf(id).length > 0, id);
      for (const one of confirmationsOf(id)) assert.ok(page.includes(`(command:containerdRunbooks.${commands[one]})`), `${id}: ${one}`);
    }
  });
});

const commands = { replay: 'replayResolve', readiness: 'checkReadiness', diagnosis: 'diagnoseNode', journal: 'explainJournal' };

function query(argument: unknown): string {
  return encodeURIComponent(JSON.stringify([argument]));
}
