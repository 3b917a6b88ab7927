import assert from 'node:assert/strict';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { unpackedOf } from '../../cli/registry/unpacked';
import { sha256 } from '../registry/scenarioRegistry';

const archive = Buffer.alloc(10_240);
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3]);
/** With an extra field, a name and a comment. */
const named = Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0x1c, 0, 0, 0, 0, 0, 3, 2, 0, 7, 7]), Buffer.from('a.tar\0a note\0')]);
const stored = (length: number): Buffer => deflateRawSync(Buffer.alloc(length, 'ab'), { level: 0 });
const notFinal = (deflated: Buffer): Buffer => Buffer.concat([Buffer.from([0]), deflated.subarray(1)]);

async function unpacked(...pieces: readonly Buffer[]): Promise<unknown> {
  const whole = unpackedOf(pieces[0] ?? Buffer.alloc(0)) ?? assert.fail('nobody unpacks it');
  for (const piece of pieces) whole.push(piece);
  const { archiveError, diffId } = await whole.end();
  return archiveError ?? diffId;
}

describe('a layer that is packed with gzip', () => {
  const good = gzipSync(archive);
  for (const [title, pieces, wanted] of [
    ['has the digest of what it holds', [good], sha256(archive)],
    ['may come in several members', [gzipSync(archive.subarray(0, 99)), gzipSync(archive.subarray(99))], sha256(archive)],
    ['is broken where a stored block has two lengths', [header, Buffer.from([0, 1, 2, 3, 4])], 'flate: corrupt input before offset 5'],
    ['is broken where there is no such block', [header, Buffer.from([7, 0, 0])], 'flate: corrupt input before offset 1'],
    ['counts from behind its header', [named, Buffer.from([7, 0, 0])], 'flate: corrupt input before offset 1'],
    ['counts what was good', [header, notFinal(stored(100)), Buffer.from([7])], 'flate: corrupt input before offset 106'],
    ['has no offset where that lies far behind', [header, notFinal(stored(60_000)), ...far(), Buffer.from([7])], 'flate: corrupt input'],
    ['has a wrong sum', [good.subarray(0, -8), Buffer.alloc(8)], 'gzip: invalid checksum'],
    ['ends early', [good.subarray(0, -9)], 'unexpected EOF'],
    ['is followed by zeros', [good, Buffer.alloc(20)], 'gzip: invalid header'],
    ['is followed by anything else', [good, Buffer.from('anything else')], 'gzip: invalid header'],
  ] as const)
    it(title, async () => assert.equal(await unpacked(...pieces), wanted));
});

/** More than a mebibyte of blocks that go on. */
function far(): readonly Buffer[] {
  return Array.from({ length: 20 }, () => notFinal(stored(60_000)));
}
