import type { Command } from './command';

export function usageText(commands: readonly Command[]): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  const rows = commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`);
  return [
    'containerd-runbooks: why an image pull fails, and what containerd does with its configuration.',
    '',
    'usage: containerd-runbooks COMMAND [OPTIONS] | --version',
    '',
    ...rows,
    '',
    'containerd-runbooks COMMAND --help says more of one. Exit status: 0 nothing wrong, 1 something was found, 2 could not be carried out.',
    '',
  ].join('\n');
}

export function helpText(command: Command): string {
  const options = Object.entries(command.options).map(([name, option]) => {
    const short = option.short === undefined ? '' : `-${option.short}, `;
    return [`${short}--${name}${option.type === 'string' ? ` ${option.value ?? 'VALUE'}` : ''}`, option.help] as const;
  });
  const width = Math.max(0, ...options.map(([words]) => words.length));
  return [
    `usage: containerd-runbooks ${command.usage}`,
    '',
    command.summary,
    '',
    ...options.map(([words, help]) => `  ${words.padEnd(width)}  ${help}`),
    '',
  ].join('\n');
}
