import { lint } from '../../core/rules/lint';
import { newestVersion } from '../../core/versions/versions';
import { mapTree } from '../../files/tree';

const megabytes = [0.6, 1.25, 2.5, 5];

/** Doubling a text must double the time of `lint`, whatever the text is made of. Seconds of the processor, not of the clock. */
export function benchLinear(): Promise<void> {
  printLine(
    'seconds of lint',
    megabytes.map((size) => `${size} MB`),
  );
  for (const [shape, textOf] of Object.entries(shapes))
    printLine(
      shape,
      megabytes.map((size) => secondsOf(textOf(size * 1e6), shape.startsWith('hosts'))),
    );
  return Promise.resolve();
}

/** As soon as it is known: the whole takes minutes. */
function printLine(name: string, cells: readonly string[]): void {
  console.log(name.padEnd(20) + cells.map((cell) => cell.padStart(10)).join(''));
}

function secondsOf(text: string, isHosts: boolean): string {
  const path = isHosts ? '/etc/containerd/certs.d/r.example/hosts.toml' : '/etc/containerd/config.toml';
  const before = process.cpuUsage();
  lint({ path, text, version: newestVersion, tree: mapTree({ [path]: text }, false) });
  const { user, system } = process.cpuUsage(before);
  return ((user + system) / 1e6).toFixed(2);
}

type Shape = (length: number) => string;

/** Texts of a length, made of the same lines with other numbers. */
function lines(head: string, line: (i: number) => string): Shape {
  return (length) => {
    const texts = [head];
    let size = head.length;
    while (size < length) {
      const text = line(texts.length);
      texts.push(text);
      size += text.length;
    }
    return texts.join('');
  };
}

const cri = 'plugins."io.containerd.grpc.v1.cri"';
const shapes: Readonly<Record<string, Shape>> = {
  'unknown keys': lines('version = 2\n', (i) => `key_number_${i} = ${i}\n`),
  'unknown tables': lines('version = 2\n', (i) => `[table${i}]\nfoo = ${i}\n`),
  'unknown plugins': lines('version = 2\n', (i) => `[plugins."io.containerd.x.v${i}"]\nfoo = ${i}\n`),
  mirrors: lines('version = 2\n', (i) => `[${cri}.registry.mirrors."h${i}.example"]\nendpoint = ["https://m${i}.example"]\n`),
  'the same table': lines('version = 2\n', () => '[a]\nb = 1\n'),
  'tables in an array': lines('version = 2\n', () => '[[a.b]]\nc = 1\n'),
  'dotted keys': lines('version = 2\n', (i) => `${'a.b.c.d.e.f.g.h.'.repeat(4)}k${i} = 1\n`),
  'one dotted key': (length) => `version = 2\n${'a.'.repeat(length / 2)}b = 1\n`,
  'a list of imports': lines('version = 2\nimports = [', () => '"/x",'),
  'a list of plugins': lines('version = 2\nrequired_plugins = [\n', () => '  "io.containerd.foo",\n'),
  'one string': (length) => `version = 2\nroot = "${'x'.repeat(length)}"\n`,
  'an open string': (length) => `version = 2\nroot = "${'x'.repeat(length)}`,
  'an open text': lines('version = 2\nroot = """\n', () => 'abc def ghi\n'),
  'errors of syntax': lines('version = 2\n', (i) => `key ${i} = = ]\n`),
  'nested tables': (length) => `version = 2\na = ${'{a='.repeat(length / 4)}1${'}'.repeat(length / 4)}\n`,
  'nested lists': (length) => `version = 2\na = ${'['.repeat(length / 2)}${']'.repeat(length / 2)}\n`,
  directives: lines('', () => '# containerd-runbooks: ignore config-unknown-key\n'),
  'hosts, unknown keys': lines('[host."https://a.example"]\n', (i) => `key_number_${i} = ${i}\n`),
  'hosts, many': lines('', (i) => `[host."https://m${i}.example"]\ncapabilities = ["pull"]\n`),
  'hosts, wrong': lines('', (i) => `[host."http://m${i}.example/x/v2/y"]\nskip_verify = true\nca = "/nope${i}.crt"\nusername = "x"\n`),
  'hosts, headers': lines('[host."https://a.example".header]\n', (i) => `x${i} = "y"\n`),
};
