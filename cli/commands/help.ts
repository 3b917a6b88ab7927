import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closest } from '../../core/text/closest';
import { CallError, type Command } from '../command';

/** The pages lie beside the bundle, in a checkout and in the packaged extension alike. */
const docs = resolve(__dirname, '..', 'docs');
const folders = ['rules', 'errors', 'steps'];

export const helpCommand: Command = {
  name: 'help',
  usage: 'help [ID]',
  summary: 'The page of a rule, an error class or a guided step, as findings name it; without an id the list of all.',
  options: {},
  run({ positionals: [id, ...more] }, io) {
    if (more.length > 0) throw new CallError('help takes one id of a rule or an error class');
    io.stdout(id === undefined ? list() : page(id));
    return Promise.resolve(0);
  },
};

function list(): string {
  return folders
    .map(
      (folder) =>
        `${folder}:\n${idsIn(folder)
          .map((id) => `  ${id}\n`)
          .join('')}`,
    )
    .join('\n');
}

/** Only listed ids are read, so that no path can be asked for. */
function page(wanted: string): string {
  const id = wanted.replace(/^(?:rules|errors|steps)\//, '');
  const folder = folders.find((candidate) => idsIn(candidate).includes(id));
  if (folder !== undefined) return readFileSync(join(docs, folder, `${id}.md`), 'utf8');
  const near = closest(id, folders.flatMap(idsIn));
  throw new CallError(
    `there is no rule or error class "${id}"; ${near === undefined ? 'containerd-runbooks help lists them' : `did you mean ${near}?`}`,
  );
}

function idsIn(folder: string): readonly string[] {
  const path = join(docs, folder);
  if (!existsSync(path)) throw new CallError(`the pages are not beside the program: ${path} is missing. Install the whole package.`);
  return readdirSync(path)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .map((name) => name.slice(0, -'.md'.length))
    .sort();
}
