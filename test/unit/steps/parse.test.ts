import assert from 'node:assert/strict';
import fc from 'fast-check';
import { credentialHelper } from '../../../core/steps/credentialHelper';
import { credentialProvider } from '../../../core/steps/credentialProvider';
import { guidedSteps, stepCatalog } from '../../../core/steps';
import { verifyPull } from '../../../core/steps/verifyPull';
import { lineDiff } from '../../../core/text/lineDiff';
import { render } from '../../../core/text/message';

const seen = {
  kubelet: { isRunning: true, config: '/p.yaml', folder: '/p', texts: ['providers:\n- name: a\n  matchImages: ["r.example"]\n'] },
};

function said(step: typeof verifyPull, stdout: string, input: string): readonly string[] {
  const output = { status: 'done', exitCode: 0, stdout, stderr: '' } as const;
  return step.parse(output, input, seen).map(({ status, message }) => `${status} ${render(message, stepCatalog)}`);
}

describe('guided steps', () => {
  it('say what they are and what they do', () => {
    for (const { id } of guidedSteps)
      for (const key of ['title', 'does']) assert.ok((stepCatalog[`${id}/${key}`] ?? '').length > 10, `${id}/${key}`);
  });

  it('a pull is told by the exit code, and its failure by its class', () => {
    assert.deepEqual(said(verifyPull, 'tool crictl\nImage is up to date\n\nexit 0\n', 'a:1'), ['pass crictl pulled a:1.']);
    const failed = said(
      verifyPull,
      'tool ctr --hosts-dir /c\nresolving\nctr: failed to resolve reference "r.example/a:1": r.example/a:1: not found\n\nexit 1\n',
      'r.example/a:1',
    );
    assert.match(failed[0] ?? '', /^fail ctr --hosts-dir \/c did not pull r\.example\/a:1: ctr: failed to resolve/);
    assert.match(failed[1] ?? '', /notfound\.manifest/);
    assert.deepEqual(said(verifyPull, 'no-tool\n', 'a'), ['fail There is neither crictl nor ctr on the node.']);
  });

  it('names a whole reference for ctr, and quotes what is asked', () => {
    assert.ok(verifyPull.script('nginx', {}).includes("'docker.io/library/nginx:latest'"));
    for (const step of [verifyPull, credentialHelper, credentialProvider])
      assert.ok(!step.script("a'; touch pwned; '", { ...seen, hostsDir: "a'; touch pwned; '" }).includes("'a'; touch"));
  });

  it('of a helper its answer is told, never the secret', () => {
    const lines = said(
      credentialHelper,
      'store a /r/.docker/config.json\nstore gone /r/x\nhelper 0 docker-credential-a\nname robot\nsecret\nexpires 1795255200\nhelper 1 docker-credential-b\nnot-found\nhelper 124 docker-credential-c\nhelper 0 docker-credential-d\nname AWS\n',
      'r.example',
    );
    assert.deepEqual(lines.slice(0, -1), [
      'pass /r/.docker/config.json names the helper docker-credential-a, which Docker and nerdctl use.',
      'warn /r/x names the helper docker-credential-gone, which is not on the PATH.',
      'pass docker-credential-a answered for r.example: a user name of 5 characters, with a secret.',
      'pass docker-credential-a: its token for r.example expires at 2026-11-21T10:00:00.000Z.',
      'warn docker-credential-b has no credentials for r.example.',
      'fail docker-credential-c did not answer within 10 s.',
      'warn docker-credential-d answered for r.example, but without a secret.',
    ]);
    assert.match(lines.at(-1) ?? '', /^skip containerd itself reads neither/);
  });

  it('read whatever a node prints', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(
            'helper 0 x\n',
            'name ',
            'secret\n',
            'exit ',
            '1\n',
            'tool ',
            'provider 0 a\n',
            'auth r.example\n',
            '\u001b[',
            'é',
          ),
        }),
        (text) => {
          for (const step of guidedSteps) if (step.kind === 'run') assert.ok(said(step, text, 'r.example/a:1').length > 0);
        },
      ),
      { seed: 4 },
    );
  });

  it('show a change as diff -u does', () => {
    assert.equal(lineDiff('/f', 'a\nb\nc\n', 'a\nx\ny\nc\n'), '--- /f\n+++ /f\n@@ -2,1 +2,2 @@\n-b\n+x\n+y\n');
    assert.equal(lineDiff('/f', null, 'a\n'), '--- /dev/null\n+++ /f\n@@ -0,0 +1,1 @@\n+a\n');
    assert.equal(lineDiff('/f', 'a\n', null), '--- /f\n+++ /dev/null\n@@ -1,1 +0,0 @@\n-a\n');
  });
});
