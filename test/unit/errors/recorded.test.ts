import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { classify } from '../../../core/errors/classify';
import { automaton, bitsOf, isCandidate } from '../../../core/errors/prefilter';
import { parseVersion } from '../../../core/versions/versions';

interface Scenario {
  readonly scenario: string;
  /** Right answers, best first. */
  readonly classes: readonly string[];
  readonly texts: readonly { readonly containerd: string; readonly text: string }[];
}

const scenarios = JSON.parse(readFileSync('test/data/errors/pullErrors.json', 'utf8')) as readonly Scenario[];
const wild = JSON.parse(readFileSync('test/data/errors/reported.json', 'utf8')) as readonly {
  readonly classes: readonly (string | null)[];
  readonly text: string;
}[];
/** Texts of public threads and files, with the thread where there is one: labelled before any of them was classified. */
const threads = JSON.parse(readFileSync('test/data/errors/threads.json', 'utf8')) as typeof wild;
/** More of the same, of the Docker daemon, Windows, CRI-O, buildkit, podman and clouds as well; labelled before any was classified. */
const collected = JSON.parse(readFileSync('test/data/errors/collected.json', 'utf8')) as typeof wild;
const others = readFileSync('test/data/errors/notPullErrors.txt', 'utf8').split('\n').filter(Boolean);

/** What releases 1.5 to 2.3 really said when a registry, network, disk or file misbehaved in a known way. */
describe('classify: recorded and reported texts', () => {
  it('gives at least 98 % of the recorded texts a class that fits their scenario', () => {
    const answers = scenarios.flatMap(({ scenario, classes, texts }) =>
      texts.map(({ containerd, text }) => ({ scenario, text, classes, got: classify(text, parseVersion(containerd)).class?.id ?? 'none' })),
    );
    const wrong = answers.filter(({ classes, got }) => !classes.includes(got));
    assert.ok(answers.length > 300);
    assert.ok(wrong.length / answers.length <= 0.02, wrong.map(({ scenario, got }) => `${scenario}: ${got}`).join('\n'));
  });

  it('gives at least 95 % of the texts that people reported a right class', () => {
    const wrong = wild.filter(({ classes, text }) => !classes.includes(classify(text).class?.id ?? null));
    assert.ok(wrong.length / wild.length <= 0.05, wrong.map(({ text }) => text).join('\n'));
  });

  it('gives at least 97 % of the texts of public threads a right class', () => {
    const wrong = threads.filter(({ classes, text }) => !classes.includes(classify(text).class?.id ?? null));
    assert.ok(threads.length > 160);
    assert.ok(wrong.length / threads.length <= 0.03, wrong.map(({ text }) => text).join('\n'));
  });

  it('gives at least 96 % of the texts collected for other runtimes and registries a right class', () => {
    const wrong = collected.filter(({ classes, text }) => !classes.includes(classify(text).class?.id ?? null));
    assert.ok(collected.length > 220);
    assert.ok(wrong.length / collected.length <= 0.04, wrong.map(({ text }) => text).join('\n'));
  });

  it('reads them in a log, too: of a line with a class, no word that is looked for is missing', () => {
    const lines = [...wild, ...threads, ...collected].map(({ text }) => text).filter((text) => !text.includes('\n'));
    const missed = lines.filter((text) => !isCandidate(bitsOf(text, automaton())) && classify(text).class !== null);
    assert.deepEqual(missed, []);
  });

  it('is right in nine of ten answers given at 0.9', () => {
    const sure = [...wild, ...threads, ...collected]
      .map(({ classes, text }) => ({ classes, result: classify(text) }))
      .filter(({ result }) => result.confidence >= 0.9);
    const right = sure.filter(({ classes, result }) => classes.includes(result.class?.id ?? null));
    assert.ok(sure.length > 250);
    assert.ok(right.length / sure.length >= 0.9);
  });

  it('gives at most 1 % of 700 other lines a class', () => {
    const hits = others.filter((line) => classify(line).class !== null);
    assert.ok(others.length >= 700);
    assert.ok(hits.length <= others.length / 100, hits.join('\n'));
  });

  it('is as sure as it is right', () => {
    const answers = scenarios.flatMap(({ classes, texts }) =>
      texts.map(({ containerd, text }) => ({ classes, result: classify(text, parseVersion(containerd)) })),
    );
    const named = answers.filter(({ result }) => result.class !== null);
    const right = named.filter(({ classes, result }) => classes.includes(result.class?.id ?? '')).length / named.length;
    const sure = named.reduce((sum, { result }) => sum + result.confidence, 0) / named.length;
    assert.ok(Math.abs(right - sure) < 0.12, `right ${right}, sure ${sure}`);
  });
});
