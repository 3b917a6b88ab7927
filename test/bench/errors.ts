import { readFileSync } from 'node:fs';
import { errorClasses } from '../../core/errors';
import { classify } from '../../core/errors/classify';
import { parseVersion } from '../../core/versions/versions';
import { printTable } from './figures';

interface Labelled {
  readonly set: string;
  readonly classes: readonly (string | null)[];
  readonly text: string;
  readonly version?: string;
}

interface Answer extends Labelled {
  readonly got: string | null;
  readonly confidence: number;
  readonly right: boolean;
}

/** How often the classes are right, which they are taken for instead, and whether their confidence says so. */
export function benchErrors(): Promise<void> {
  const answers = labelled().map((one): Answer => {
    const { class: found, confidence } = classify(one.text, parseVersion(one.version ?? ''));
    const got = found?.id ?? null;
    return { ...one, got, confidence, right: one.classes.includes(got) };
  });
  printSets(answers);
  printConfusion(answers);
  printCalibration(answers.filter(({ got }) => got !== null));
  return Promise.resolve();
}

function labelled(): readonly Labelled[] {
  const read = (file: string): unknown => JSON.parse(readFileSync(`test/data/errors/${file}`, 'utf8'));
  const recorded = read('pullErrors.json') as readonly { classes: string[]; texts: { containerd: string; text: string }[] }[];
  const texts = (file: string, set: string): readonly Labelled[] =>
    (read(file) as readonly Omit<Labelled, 'set'>[]).map((one) => ({ ...one, set }));
  const others = readFileSync('test/data/errors/notPullErrors.txt', 'utf8').split('\n').filter(Boolean);
  return [
    ...errorClasses.flatMap(({ id, examples }) =>
      examples.map(({ text, containerd }) => ({ set: 'examples', classes: [id], text, ...(containerd && { version: containerd }) })),
    ),
    ...recorded.flatMap(({ classes, texts: all }) =>
      all.map(({ containerd, text }) => ({ set: 'recorded', classes, text, version: containerd })),
    ),
    ...texts('reported.json', 'reported'),
    ...texts('threads.json', 'public threads'),
    ...texts('collected.json', 'other runtimes and registries'),
    ...others.map((text) => ({ set: 'no pull errors', classes: [null], text })),
  ];
}

function printSets(answers: readonly Answer[]): void {
  const sets = [...new Set(answers.map(({ set }) => set))];
  printTable(
    sets.map((set) => {
      const of = answers.filter((one) => one.set === set);
      const right = of.filter((one) => one.right).length;
      return { texts: set, count: of.length, right, '%': (100 * right) / of.length };
    }),
  );
}

/** Only what is off the diagonal: 49 columns fit no terminal. */
function printConfusion(answers: readonly Answer[]): void {
  const wanted = (one: Answer): string => (one.right ? one.got : one.classes[0]) ?? 'none';
  const ids = [...new Set(answers.map(wanted))].sort();
  console.log('\nConfusion matrix: each class with what its texts were taken for');
  printTable(
    ids.map((id) => {
      const of = answers.filter((one) => wanted(one) === id);
      const wrong = new Map<string, number>();
      for (const { right, got } of of) if (!right) wrong.set(got ?? 'none', (wrong.get(got ?? 'none') ?? 0) + 1);
      return {
        class: id,
        texts: of.length,
        right: of.filter(({ right }) => right).length,
        'taken for': [...wrong].map(([other, count]) => `${other} ${count}`).join(', '),
      };
    }),
  );
}

function printCalibration(answers: readonly Answer[]): void {
  const from = [0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95];
  console.log('\nCalibration: of the answers given with such confidence, so many are right');
  printTable(
    from.flatMap((low, i) => {
      const of = answers.filter(({ confidence }) => confidence >= low && confidence < (from[i + 1] ?? 2));
      if (of.length === 0) return [];
      const said = of.reduce((sum, { confidence }) => sum + confidence, 0) / of.length;
      return [
        {
          confidence: `${low} to ${from[i + 1] ?? 1}`,
          answers: of.length,
          'said %': 100 * said,
          'right %': (100 * of.filter(({ right }) => right).length) / of.length,
        },
      ];
    }),
  );
}
