import { placePrelude } from '../probes/containerdPlace';
import type { ProbeOutput } from '../probes/probe';
import { catalogOf, message } from '../text/message';
import { withDebugLevel, withoutDebugLevel } from './debugLevel';
import type { ChangeStep, StepPlace } from './step';

/** Units that run containerd, the first active one counts. */
const units = ['containerd', 'k3s', 'k3s-agent', 'rke2-server', 'rke2-agent', 'snap.microk8s.daemon-containerd'];

/**
 * containerd takes its level from --log-level, else from [debug] level, when it starts (cmd/containerd/command/main.go: setLogLevel, 1.5 to
 * 2.3); no signal changes it (main_unix.go: handleSignals, SIGUSR1 only prints stacks). Of a flag given twice the last counts.
 */
export const debugLog: ChangeStep = {
  kind: 'change',
  id: 'debug-log',
  messages: catalogOf('debug-log', {
    title: "containerd's debug log",
    does: 'Turns the debug log on by one file that says since when, or off by taking that back. It takes effect when containerd restarts.',
    'is-on': 'The debug log is on already, since {since}.',
    'is-off': 'The debug log was not turned on by this step: there is nothing to take back.',
    'is-debug': '{path} asks for the level debug itself: there is nothing to turn on.',
    unfit: '{path} cannot be changed safely: {why}. Set level = "debug" in its table debug yourself.',
    'no-toml': 'it is no TOML that can be read',
    'no-line': 'the level does not stand on a line of its own',
    'made-config': 'k3s and RKE2 write their config.toml anew at each start, and no unit of theirs is active here.',
    microk8s: 'MicroK8s: add --log-level debug to /var/snap/microk8s/current/args/containerd and restart the snap.',
    on: "containerd's debug log is on since {since}, by {path}: it grows fast and slows pulls. Turn it off: containerd-runbooks step debug-log --off --apply",
  }),
  look: {
    id: 'debug-log',
    timeoutMs: 10_000,
    script: () => `${placePrelude}
printf 'config %s\\n' "$crb_config"
if command -v systemctl >/dev/null 2>&1; then
  for crb_unit in ${units.join(' ')}; do
    systemctl is-active --quiet "$crb_unit" 2>/dev/null || continue
    printf 'unit %s\\n' "$crb_unit"
    systemctl cat "$crb_unit" 2>/dev/null | while IFS= read -r crb_line || [ -n "$crb_line" ]; do printf 'cat %s\\n' "$crb_line"; done
    break
  done
fi
:`,
    parse: placeOf,
  },
  turnOn(place, base, since) {
    if (place.kind === 'none') return { said: place.why };
    const known = debugLogSince(base ?? '');
    if (known !== undefined) return { said: message('debug-log/is-on', { since: known }) };
    if (place.kind === 'config') return withDebugLevel(place.path, base, marker(since));
    return {
      text: [`# ${marker(since)}. This file turns it on: without it the log is as before.`, '[Service]', ...place.lines, ''].join('\n'),
    };
  },
  turnOff(place, base) {
    if (base === null || debugLogSince(base) === undefined) return { said: message('debug-log/is-off') };
    return place.kind === 'config' ? withoutDebugLevel(base, markerPattern) : { text: null };
  },
};

const markerPattern = 'containerd Runbooks: debug log on since (\\d{4}-\\d\\d-\\d\\dT[\\d:.]{8,12}Z)';

function marker(since: string): string {
  return `containerd Runbooks: debug log on since ${since}`;
}

/** Since when a file of this step turns the debug log on; undefined for every other text. */
export function debugLogSince(text: string): string | undefined {
  return new RegExp(`# ${markerPattern}`).exec(text)?.[1];
}

function placeOf({ stdout }: ProbeOutput): StepPlace {
  const lines = stdout.split('\n');
  const config = lines.find((line) => line.startsWith('config /'))?.slice('config '.length) ?? '/etc/containerd/config.toml';
  const unit = units.find((name) => lines.includes(`unit ${name}`));
  if (unit?.startsWith('snap.') === true || config.startsWith('/var/snap/')) return { kind: 'none', why: message('debug-log/microk8s') };
  const dropIn = `/etc/systemd/system/${unit ?? ''}.service.d/90-containerd-runbooks-debug-log.conf`;
  // pkg/agent/containerd of k3s, which RKE2 runs too, gives this variable to containerd as -l.
  if (unit !== undefined && unit !== 'containerd')
    return { kind: 'drop-in', path: dropIn, lines: ['Environment=CONTAINERD_LOG_LEVEL=debug'] };
  if (config.startsWith('/var/lib/rancher/')) return { kind: 'none', why: message('debug-log/made-config') };
  const start = execStartOf(lines.flatMap((line) => (line.startsWith('cat ') ? [line.slice('cat '.length)] : [])));
  if (unit === undefined || start === undefined) return { kind: 'config', path: config };
  return { kind: 'drop-in', path: dropIn, lines: ['ExecStart=', `ExecStart=${start} --log-level debug`] };
}

/** The last ExecStart= of `systemctl cat`, which prints the unit and then its drop-ins; an empty one takes back those before. */
export function execStartOf(lines: readonly string[]): string | undefined {
  const whole = lines
    .filter((line) => !/^\s*[#;]/.test(line))
    .join('\n')
    .replace(/\\\n/g, ' ');
  const starts = whole.split('\n').flatMap((line) => {
    const at = line.indexOf('=');
    return line.slice(0, Math.max(0, at)).trim() === 'ExecStart' ? [line.slice(at + 1).trim()] : [];
  });
  const last = starts.at(-1);
  return last === '' ? undefined : last;
}
