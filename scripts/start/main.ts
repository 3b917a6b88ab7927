import { rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { behaviours, isBehaviour, type BehaviourName } from '../playground/behaviours';
import { openPlayground } from '../playground/playground';
import { openInBrowser, openInCode } from './editor';
import { show } from './show';

const usage = 'npm start -- [--no-open | --browser] [--playground DIR] [--behaviour REGISTRY=BEHAVIOUR]…';

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      open: { type: 'boolean', default: true },
      browser: { type: 'boolean', default: false },
      playground: { type: 'string' },
      behaviour: { type: 'string', multiple: true, default: [] },
    },
    allowNegative: true,
  });
  const changes = readChanges(values.behaviour);
  const playground = await openPlayground(folderOf(values.playground), changes);
  try {
    const complete = await show(playground);
    if (!complete) return 1;
    if (values.browser) await openInBrowser(playground);
    else if (values.open) await openInCode(playground);
    return 0;
  } finally {
    await playground.close();
  }
}

/** A folder that was named is kept as it is; our own is made anew. */
function folderOf(named: string | undefined): string {
  if (named !== undefined) return resolve(named);
  const folder = resolve('out', 'playground');
  rmSync(folder, { recursive: true, force: true });
  return folder;
}

function readChanges(words: readonly string[]): ReadonlyMap<string, BehaviourName> {
  return new Map(
    words.map((word) => {
      const [name = '', behaviour = ''] = word.split('=');
      if (isBehaviour(name) && isBehaviour(behaviour)) return [name, behaviour];
      throw new Error(`--behaviour ${word}: both sides are one of ${Object.keys(behaviours).join(', ')}`);
    }),
  );
}

main().then(
  (status) => (process.exitCode = status),
  (error: unknown) => {
    console.error(`npm start: ${error instanceof Error ? error.message : String(error)}; usage: ${usage}`);
    process.exitCode = 2;
  },
);
