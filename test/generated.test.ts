import assert from 'node:assert/strict';
import { currentContent, generated } from '../scripts/generate';

describe('generated files', () => {
  it('are what npm run generate would write', async () => {
    const stale = [...(await generated())].filter(([path, content]) => currentContent(path) !== content).map(([path]) => path);
    assert.deepEqual(stale, [], 'run npm run generate');
  });
});
