import assert from 'node:assert/strict';
import { registryOf } from '../../scripts/playground/playground';
import { session, type Session } from './session';
import { labels } from './workbench';

describe('VS Code: Replay Image Resolve from a code lens', () => {
  let vscode: Session;

  before(async () => {
    vscode = await session();
  });

  it('shows each request and the error that hides the cut connection', async () => {
    const { workbench, playground } = vscode;
    await workbench.openPanel();
    await workbench.openFile('certs.d/masked.playground/hosts.toml');
    await workbench.page.locator('.codelens-decoration a').filter({ hasText: 'Replay a resolve' }).first().click();
    const { reference } = registryOf(playground, 'masked');
    assert.match(reference, /^masked\.playground\/app@sha256:[0-9a-f]{64}$/);
    await workbench.answer('Image reference', reference);
    await workbench.row('Diagnoses', `Resolve ${reference}, local, failed`).waitFor();
    const all = (await labels(workbench.viewRows('Diagnoses'))).join('\n');
    assert.match(all, /^(?:failed|warning), HEAD http:\/\/127\.0\.0\.1:\d+\/v2\/app\/manifests\//m);
    assert.match(all, /^(?:failed|warning), HEAD http:\/\/127\.0\.0\.1:\d+\/v2\/app\/blobs\/.*401/m);
    assert.match(all, /would report: .*401 Unauthorized/);
    assert.match(all, /Root cause: /);
  });
});
