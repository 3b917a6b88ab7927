import { startsRecord } from './normalize';

/** One log entry or message of a stream, with the number of its first line. */
export interface LogRecord {
  readonly line: number;
  readonly text: string;
}

/** Puts the lines of a stream together into records: wrapped and indented lines belong to what they continue. */
export interface RecordJoiner {
  /** The record that this line ended, if any. */
  push(line: string): LogRecord | null;
  /** The record that is still open: at the end, or when a stream pauses. */
  flush(): LogRecord | null;
  /** So many lines went by that belong to no record. */
  skip(lines: number): LogRecord | null;
  lines(): number;
}

/** A record that grows longer than this is cut: no pull error is, and a stream must not fill the memory. */
const MAX_RECORD = 16_384;

export function recordJoiner(): RecordJoiner {
  let open: { line: number; parts: string[]; length: number } | null = null;
  let count = 0;
  const close = (): LogRecord | null => {
    const closed = open;
    open = null;
    return closed === null ? null : { line: closed.line, text: closed.parts.join('\n') };
  };
  return {
    push(raw) {
      count += 1;
      const line = raw.length > MAX_RECORD ? raw.slice(0, MAX_RECORD) : raw;
      if (line.trim() === '') return close();
      if (open !== null && continues(open.parts.at(-1) ?? '', line) && open.length + line.length <= MAX_RECORD) {
        open.parts.push(line);
        open.length += line.length + 1;
        return null;
      }
      const closed = close();
      open = { line: count, parts: [line], length: line.length };
      return closed;
    },
    flush: close,
    skip(lines) {
      count += lines;
      return close();
    },
    lines: () => count,
  };
}

function continues(before: string, line: string): boolean {
  const indent = line.length - line.trimStart().length;
  if (startsRecord(line, indent)) return false;
  if (/[:,(=\\]\s*$/.test(before.slice(-8))) return true;
  if (/^(?:failed to (?:pull|resolve|copy|extract)|Failed to |Error|rpc error: |pulling image|Unable to |Back-off )/.test(line))
    return false;
  return true;
}
