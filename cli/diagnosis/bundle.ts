/** Bundles as files: JSON, or gzip of it, of one node. What is read may have been made by anyone. */
import { openSync, closeSync, fstatSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Evidence } from '../../core/diagnosis/evidence';
import { readBundle } from '../../core/diagnosis/readBundle';
import { redactEvidence } from '../../core/diagnosis/redact';
import type { CollectDocument } from '../../core/protocol/diagnose';
import { CallError } from '../command';
import { writePrivateFile } from '../../files/writeFile';
import { isRawBundle, readRawBundle } from './rawBundle';

/** A bundle of a large node has a few megabytes. */
const maxBytes = 64 * 1024 * 1024;

/** Readable for its owner only: what is redacted still tells how a network is built. */
export function saveBundle(path: string, shown: string, evidence: Evidence): CollectDocument {
  const text = `${JSON.stringify(evidence)}\n`;
  try {
    writePrivateFile(path, path.endsWith('.gz') ? gzipSync(text) : text);
  } catch (error) {
    throw new CallError(`-o ${shown}: ${reasonOf(error)}`);
  }
  return { schema: 1, node: evidence.node, bundle: shown, files: evidence.files.length, gaps: evidence.gaps.length };
}

/** Redacted again: a bundle may come from a script, or from someone's editor. */
export function loadBundle(path: string, shown: string): Evidence {
  const text = textOf(contentOf(path, shown), shown);
  if (isRawBundle(text)) return redactEvidence(readRawBundle(text, nodeOf(path)));
  const read = readBundle(text);
  if (!read.ok) throw new CallError(`--bundle ${shown}: ${read.error}`);
  return redactEvidence(read.evidence);
}

function nodeOf(path: string): string {
  return basename(path)
    .replace(/\.gz$/, '')
    .replace(/\.(?:txt|raw|json|out|log)$/, '');
}

function contentOf(path: string, shown: string): Buffer {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const stats = fstatSync(descriptor);
    if (!stats.isFile()) throw new CallError(`--bundle ${shown}: it is no file`);
    if (stats.size > maxBytes)
      throw new CallError(`--bundle ${shown}: it has ${Math.round(stats.size / 1024 / 1024)} MiB; no bundle is larger than 64 MiB`);
    const buffer = Buffer.alloc(stats.size);
    const size = readSync(descriptor, buffer, 0, buffer.length, 0);
    return buffer.subarray(0, size);
  } catch (error) {
    if (error instanceof CallError) throw error;
    throw new CallError(`--bundle ${shown}: ${reasonOf(error)}`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function textOf(content: Buffer, shown: string): string {
  if (content[0] !== 0x1f || content[1] !== 0x8b) return content.toString('utf8');
  try {
    return gunzipSync(content, { maxOutputLength: maxBytes }).toString('utf8');
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw new CallError(`--bundle ${shown}: ${large ? 'it unpacks to more than 64 MiB' : 'its gzip is cut off or broken'}`);
  }
}

/** Why a file of this machine could not be read or written. */
export function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES') return 'permission denied';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : String(error);
}
