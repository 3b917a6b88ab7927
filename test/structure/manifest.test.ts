import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { kindOf } from '../../core/rules/kind';
import { settings, settingsPrefix } from '../../core/settings';
import { readManifest } from '../fixtures/manifest';

const manifest = readManifest();
const { contributes } = manifest;
const texts = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Readonly<Record<string, string>>;
const source = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(`src/${file}`, 'utf8'))
  .join('\n');

describe('package.json', () => {
  it('registers every command it contributes', () => {
    for (const { command } of contributes.commands)
      assert.match(source, new RegExp(`register\\('${command.split('.')[1] ?? ''}'`), command);
  });

  it('puts only contributed commands into menus', () => {
    const commands = contributes.commands.map(({ command }) => command);
    const strangers = Object.values(contributes.menus)
      .flat()
      .filter(({ command }) => !commands.includes(command));
    assert.deepEqual(strangers, []);
  });

  it('fills every view it contributes', () => {
    for (const { id } of Object.values(contributes.views).flat()) assert.ok(source.includes(`createTreeView('${id}'`), id);
  });

  it('names only files that are there', () => {
    const icons = [...Object.values(contributes.views).flat(), ...contributes.viewsContainers.activitybar].map(({ icon }) => icon);
    const configurations = contributes.languages.flatMap(({ configuration }) => configuration ?? []);
    for (const file of [manifest.icon, ...icons, ...configurations]) assert.ok(existsSync(file), file);
  });

  it('opens templates of a hosts.toml and a config.toml in the language that lint takes them for', () => {
    for (const ending of ['j2', 'jinja2', 'tmpl', 'gotmpl', 'tpl', 'erb', 'tftpl', 'template']) {
      for (const [id, kind, name] of [
        ['containerd-hosts', 'hosts', 'certs.d/**/hosts.toml'],
        ['containerd-config', 'config', '*containerd*/**/config.toml'],
      ] as const) {
        const patterns = contributes.languages.find((language) => language.id === id)?.filenamePatterns ?? [];
        const pattern = patterns.find((one) => one.startsWith(`**/${name}.{`)) ?? '';
        assert.ok(/\{(.+)\}/.exec(pattern)?.[1]?.split(',').includes(ending), `${name}.${ending}`);
        assert.equal(kindOf(`/srv/${name.replaceAll('*', '')}.${ending}`), kind);
      }
    }
  });

  it('has a text for every %key%, and no text without one', () => {
    const used = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key ?? '');
    assert.deepEqual([...new Set(used)].sort(), Object.keys(texts).sort());
  });

  it('contributes the settings of core/settings.ts', () => {
    const expected = settings.map(({ key, type, default: value, scope, description }) => [
      `${settingsPrefix}.${key}`,
      { type, default: value, scope, description },
    ]);
    const found = Object.entries(contributes.configuration.properties).map(
      ([key, { type, default: value, scope, markdownDescription }]) => [
        key,
        { type, default: value, scope, description: texts[markdownDescription.replaceAll('%', '')] },
      ],
    );
    assert.deepEqual(Object.fromEntries(found), Object.fromEntries(expected));
  });
});
