import { printableText } from '../../core/text/display';
import type { FleetDocument, FleetGroup } from '../../core/protocol';

const namesShown = 8;
const groupsShown = 25;

/** Causes first, each with how many nodes have it; then who could not be asked, then who differs. */
export function fleetText({ nodes, ok, groups, unreachable, odd }: FleetDocument, color: boolean): string {
  const paint = (code: number, text: string): string => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const head = `${ok} of ${nodes} nodes: nothing wrong${unreachable.length > 0 ? `; ${unreachable.length} could not be asked` : ''}.`;
  const lines = [paint(ok === nodes ? 32 : 31, head)];
  const causes = groups.filter(({ verdict }) => verdict);
  const others = groups.filter(({ verdict }) => !verdict);
  if (causes.length > 0) lines.push('', 'Causes:', ...causes.slice(0, groupsShown).flatMap((group) => groupLines(group, nodes)));
  if (unreachable.length > 0)
    lines.push('', 'Not asked:', ...unreachable.slice(0, 100).map(({ node, error }) => `  ${clean(node)}: ${clean(error)}`));
  if (odd.length > 0)
    lines.push(
      '',
      'Odd ones out:',
      ...odd.map(
        ({ trait, usual, value, count, nodes: names }) =>
          `  ${count} of ${nodes}: ${trait} is ${clean(value)}, elsewhere ${clean(usual)}: ${nameList(names, count)}`,
      ),
    );
  if (others.length > 0) lines.push('', 'Also:', ...others.slice(0, groupsShown).flatMap((group) => groupLines(group, nodes)));
  if (groups.length > 2 * groupsShown) lines.push('', '--format json shows all groups.');
  return `${lines.join('\n')}\n`;
}

function groupLines({ id, count, message, nextStep, nodes: names }: FleetGroup, nodes: number): readonly string[] {
  const next = nextStep === null ? [] : [`    next: ${clean(nextStep)}`];
  return [`  ${count} of ${nodes} nodes: ${clean(message)} [${id}]`, `    ${nameList(names, count)}`, ...next];
}

function nameList(names: readonly string[], count: number): string {
  const shown = names.slice(0, namesShown).map(clean).join(', ');
  return count > namesShown ? `${shown} and ${count - Math.min(namesShown, names.length)} more` : shown;
}

function clean(text: string): string {
  const line = printableText(text);
  return line.length > 400 ? `${line.slice(0, 400)}…` : line;
}
