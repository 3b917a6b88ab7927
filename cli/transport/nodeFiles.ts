import type { Node } from '../../core/ports';
import { quote } from '../../core/probes/quote';

const timeoutMs = 20_000;

/** The text of a file on the node. Rejects with Go's words: `open PATH: no such file or directory`. */
export async function readNodeFile(node: Node, path: string): Promise<string> {
  const result = await node.run(`cat <${quote(path)}`, { timeoutMs });
  if (result.status !== 'exited') throw new Error(`open ${path}: i/o timeout`);
  if (result.code === 0) return result.stdout;
  const words = /no such file or directory|permission denied|is a directory|not a directory/i.exec(result.stderr)?.[0];
  throw new Error(`open ${path}: ${(words ?? 'no such file or directory').toLowerCase()}`);
}

/** The node's trust store where Go looks for it (crypto/x509/root_linux.go): the first file that can be read. Empty when there is none. */
export async function readSystemCa(node: Node): Promise<string> {
  const known = systemCas.get(node);
  const script = `for f in ${caBundles.join(' ')}; do
  [ -r "$f" ] || continue
  file=$(ls -Lli "$f"); echo "$file"
  [ "$file" = ${quote(known?.file ?? '')} ] || cat "$f"
  exit
done`;
  const { status, stdout } = await node.run(script, { timeoutMs });
  const [file = ''] = stdout.split('\n', 1);
  if (status !== 'exited' || file === '') return '';
  if (file === known?.file) return known.text;
  const text = stdout.slice(file.length + 1);
  systemCas.set(node, { file, text });
  return text;
}

/** A quarter of a megabyte, so an open connection remembers it: while inode, size and time are these, so is the text. */
const systemCas = new WeakMap<Node, { readonly file: string; readonly text: string }>();

/** Where systems keep their trust store. */
export const caBundles: readonly string[] = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/pki/tls/cacert.pem',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/cert.pem',
];
