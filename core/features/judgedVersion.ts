import { newestVersion, parseVersion, type Version } from '../versions/versions';

/**
 * The release a file is judged for. `auto` is the newest known one: each release reads every older config.toml `version`, so what a file
 * says of its version never asks for an older release, and no known file asks for a newer one. What is no version counts as `auto`.
 */
export function judgedVersion(setting: string): Version {
  return parseVersion(setting) ?? newestVersion;
}
