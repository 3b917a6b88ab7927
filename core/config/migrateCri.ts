/** The v2 CRI table taken apart, as the ConfigMigration functions of plugins/cri/{images,runtime}/plugin.go and plugins/cri/cri.go do (2.0–2.3). */
import { cri, criImages, criRuntime, placeInVersion3 } from '../schema/migration';
import { satisfies, type Version } from '../versions/versions';
import { mergeDeep, tableSetting, type Setting, type Settings } from './settings';

const none: Settings = new Map();

export function migrateCri(plugins: Settings, version: Version): Settings {
  const old = plugins.get(cri);
  if (!old?.entries) return plugins;
  const images = imagesTable(old.entries, plugins.get(criImages)?.entries ?? none);
  const runtime = runtimeTable(old.entries, plugins.get(criRuntime)?.entries ?? none, version);
  const server = new Map([...old.entries].filter(([name]) => placeInVersion3([name]).plugin === cri));
  return new Map([
    ...plugins,
    [criImages, tableSetting(old, images)],
    [criRuntime, tableSetting(old, runtime)],
    [cri, tableSetting(old, server)],
  ]);
}

/** The old table's keys win over those that are there already, whole: `registry` replaces `registry`. */
function imagesTable(old: Settings, present: Settings): Settings {
  const table = new Map(present);
  const sandbox = old.get('sandbox_image');
  if (sandbox)
    table.set('pinned_images', tableSetting(sandbox, new Map([...(present.get('pinned_images')?.entries ?? none), ['sandbox', sandbox]])));
  for (const [name, setting] of old) {
    if (name !== 'sandbox_image' && placeInVersion3([name]).plugin === criImages) table.set(name, setting);
  }
  for (const setting of movedFromContainerd(old)) table.set(setting.key.name, setting);
  return table;
}

/** Settings of `containerd` that go to the images table; migrateConfig forgets them when there is no `containerd.runtimes`. */
function movedFromContainerd(old: Settings): Setting[] {
  return old.get('containerd')?.entries?.has('runtimes') ? forImages(old) : [];
}

/** Those settings where they are lost. */
export function lostInMigration(old: Settings): Setting[] {
  return old.get('containerd')?.entries?.has('runtimes') ? [] : forImages(old);
}

function forImages(old: Settings): Setting[] {
  const inside = old.get('containerd')?.entries ?? none;
  return [...inside].filter(([name]) => placeInVersion3(['containerd', name]).plugin === criImages).map(([, setting]) => setting);
}

/** Keys that are there already win; what images and server do not take goes here, known or not. */
function runtimeTable(old: Settings, present: Settings, version: Version): Settings {
  const table = new Map<string, Setting>();
  for (const [name, setting] of old) {
    if (name === 'cni') table.set(name, cniTable(setting, version));
    else if (name === 'containerd') table.set(name, containerdTable(setting));
    else if (placeInVersion3([name]).plugin === criRuntime) table.set(name, setting);
  }
  return mergeDeep(table, present);
}

function cniTable(cni: Setting, version: Version): Setting {
  const dir = cni.entries?.get('bin_dir');
  if (!cni.entries || !dir || satisfies(version, '<2.1.0') || cni.entries.has('bin_dirs')) return cni;
  const { range } = dir.value;
  const dirs: Setting = { ...dir, value: { kind: 'array', items: [dir.value], ofTables: false, range } };
  return tableSetting(cni, new Map([...[...cni.entries].filter(([name]) => name !== 'bin_dir'), ['bin_dirs', dirs]]));
}

function containerdTable(containerd: Setting): Setting {
  if (!containerd.entries) return containerd;
  const kept = [...containerd.entries].filter(([name]) => placeInVersion3(['containerd', name]).plugin === criRuntime);
  return tableSetting(
    containerd,
    new Map(
      kept.map(([name, setting]) => [
        name,
        name === 'runtimes' && setting.entries ? tableSetting(setting, mapValues(setting.entries, sandboxer)) : setting,
      ]),
    ),
  );
}

/** sandbox_mode → sandboxer. */
function sandboxer(runtime: Setting): Setting {
  const mode = runtime.entries?.get('sandbox_mode');
  if (!runtime.entries || !mode || runtime.entries.has('sandboxer')) return runtime;
  return tableSetting(
    runtime,
    new Map([...runtime.entries].map(([name, setting]) => [name === 'sandbox_mode' ? 'sandboxer' : name, setting])),
  );
}

function mapValues(settings: Settings, change: (setting: Setting) => Setting): Settings {
  return new Map([...settings].map(([name, setting]) => [name, change(setting)]));
}
