/** Scenarios of the rig that a replay from outside cannot meet, with the reason. */
export const leftOut: ReadonlyMap<string, string> = new Map([
  ['disk-full-on-unpack', "the cause is the node's disk"],
  ['disk-out-of-inodes', "the cause is the node's disk"],
  ['hosts-toml-added-without-restart', 'the file appears between two pulls of one containerd'],
  ['config_path-two-dirs-reversed', 'the cause is config_path itself, which --certs-d replaces'],
  ['config_path-trailing-colon', 'the cause is config_path itself, which --certs-d replaces'],
  ['config_path-trailing-slash', 'the cause is config_path itself, which --certs-d replaces'],
  ['head-never-answered-progress-timeout-default', 'containerd waits for minutes; the replay gives up after one'],
  ['head-never-answered-progress-timeout-15s', 'the cause is a setting of the daemon'],
  ['layer-body-stalls-progress-timeout-default', 'containerd waits for minutes; the replay gives up after one'],
  ['tcp-accept-silent-http', 'containerd never answered before the client gave up'],
  ['blob-layer-stall', 'containerd never answered before the client gave up'],
]);

/** The classes that fit a scenario; undefined where no class is expected. */
export function classesOf(_scenario: string): readonly string[] | undefined {
  return undefined;
}
