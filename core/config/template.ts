/** k3s and RKE2 make config.toml from a Go template (`config.toml.tmpl`, `config-v3.toml.tmpl`) when their agent starts. */
export function isTemplate(path: string): boolean {
  return /(?:^|[\\/])config(?:-v\d+)?\.toml\.tmpl$/.test(path);
}

/** What the template's actions will leave behind is not known here, so its text is not held to be TOML as it stands. */
export function isFilledInLater(path: string, text: string): boolean {
  return isTemplate(path) && text.includes('{{');
}
