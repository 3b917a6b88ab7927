import { printableText } from '../../core/text/display';
import type { FleetDocument, FleetGroup } from '../../core/protocol/fleet';
import { sayIn, type Say } from './phrases';
import { spoken } from './spoken';
import type { TextStyle } from './text';

const namesShown = 8;
const groupsShown = 25;
const unreachableShown = 100;

/** Causes first, each with how many nodes have it; then who could not be asked, then who differs. */
export function fleetText({ nodes, ok, groups, unreachable, odd }: FleetDocument, { color, catalogs }: TextStyle): string {
  const say = sayIn(catalogs);
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const lost = unreachable.length > 0 ? say('fleet-lost', { count: unreachable.length }) : '';
  const part = (title: Parameters<Say>[0], lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', say(title), ...lines];
  const shown = (some: readonly FleetGroup[]): readonly string[] =>
    some.slice(0, groupsShown).flatMap((group) => groupLines(group, nodes, { color, catalogs }));
  const lines = [
    paint(ok === nodes ? 32 : 31, say('fleet-ok', { ok, nodes, lost })),
    ...part('fleet-causes', shown(groups.filter(({ verdict }) => verdict))),
    ...part(
      'fleet-not-asked',
      unreachable.slice(0, unreachableShown).map(({ node, error }) => `  ${clean(node)}: ${clean(error)}`),
    ),
    ...part(
      'fleet-odd',
      odd.map(({ trait, usual, value, count, nodes: names }) => {
        const difference = { count, nodes, trait, value: clean(value), usual: clean(usual), names: nameList(names, count, say) };
        return `  ${say('fleet-differs', difference)}`;
      }),
    ),
    ...part('also', shown(groups.filter(({ verdict }) => !verdict))),
    ...(groups.length > 2 * groupsShown ? ['', say('fleet-more')] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function groupLines(group: FleetGroup, nodes: number, { catalogs }: TextStyle): readonly string[] {
  const say = sayIn(catalogs);
  const { id, count, path, nextStep, nextStepMessage, nodes: names } = group;
  const said = spoken(group, catalogs);
  const message = clean(path === null ? said : `${path}: ${said}`);
  const step = nextStep !== null &&
    nextStepMessage !== null && { message: nextStep, messageId: nextStepMessage.id, args: nextStepMessage.args };
  const next = step ? [`    ${say('next')}: ${clean(spoken(step, catalogs))}`] : [];
  return [`  ${say('fleet-group', { count, nodes, message, id })}`, `    ${nameList(names, count, say)}`, ...next];
}

function nameList(names: readonly string[], count: number, say: Say): string {
  const shown = names.slice(0, namesShown).map(clean).join(', ');
  return count > namesShown ? say('fleet-names', { names: shown, more: count - Math.min(namesShown, names.length) }) : shown;
}

function clean(text: string): string {
  const line = printableText(text);
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}
