import { quote } from '../probes/quote';
import type { ProbeOutput } from '../probes/probe';

/** A probe with its arguments filled in. */
export interface StagedProbe {
  readonly id: string;
  readonly script: string;
  readonly timeoutMs: number;
}

/**
 * Many probes in one script, each between two lines with a marker that nothing on the node can know. Where the node has `timeout`, a
 * probe that hangs is ended alone; where not, the time limit of the whole run is all there is. `prelude` runs first, in the same shell:
 * what it exports is there for every probe.
 */
export function stageScript(probes: readonly StagedProbe[], marker: string, prelude = ''): string {
  const parts = probes.map(({ id, script, timeoutMs }) => {
    const seconds = Math.max(1, Math.ceil(timeoutMs / 1000));
    return `crb_probe ${quote(id)} ${seconds} ${quote(script)}`;
  });
  return `${prelude}
crb_limit=
timeout 1 true >/dev/null 2>&1 && crb_limit=1
crb_probe() {
  printf '\\n%s begin %s\\n' ${marker} "$1"; printf '\\n%s begin %s\\n' ${marker} "$1" >&2
  if [ -n "$crb_limit" ]; then timeout -s KILL "$2" sh -c "$3" </dev/null; else ( eval "$3" ) </dev/null; fi
  crb_code=$?
  printf '\\n%s end %s %s\\n' ${marker} "$1" "$crb_code"; printf '\\n%s end %s %s\\n' ${marker} "$1" "$crb_code" >&2
}
${parts.join('\n')}
`;
}

/** Exit codes of a probe that `timeout` has killed: coreutils 137, or 124; busybox 143. */
const killed = new Set([124, 137, 143]);

/** The answers by probe id. A probe that never began is `missing`, one without an end `timeout`. */
export function readStage(ids: readonly string[], stdout: string, stderr: string, marker: string): ReadonlyMap<string, ProbeOutput> {
  const out = sections(stdout, marker);
  const err = sections(stderr, marker);
  return new Map(
    ids.map((id): [string, ProbeOutput] => {
      const answer = out.get(id);
      const texts = { stdout: answer?.text ?? '', stderr: err.get(id)?.text ?? '' };
      if (!answer) return [id, { status: 'missing', ...texts }];
      if (answer.code === undefined || killed.has(answer.code)) return [id, { status: 'timeout', ...texts }];
      return [id, { status: 'done', exitCode: answer.code, ...texts }];
    }),
  );
}

function sections(text: string, marker: string): ReadonlyMap<string, { readonly text: string; readonly code: number | undefined }> {
  const found = new Map<string, { readonly text: string; readonly code: number | undefined }>();
  for (const part of text.split(`\n${marker} begin `).slice(1)) {
    const lineEnd = part.indexOf('\n');
    if (lineEnd < 0) continue;
    const id = part.slice(0, lineEnd);
    const [body = '', after] = part.slice(lineEnd + 1).split(`\n${marker} end ${id} `);
    const code = /^(\d{1,3})\n/.exec(after ?? '')?.[1];
    found.set(id, { text: body, code: code === undefined ? undefined : Number(code) });
  }
  return found;
}
