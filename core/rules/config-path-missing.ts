import { splitList } from '../config/registry';
import { settingAt } from '../config/settings';
import { registryTable } from './registryTables';
import type { ConfigRule } from './rule';

export const configPathMissing: ConfigRule = {
  id: 'config-path-missing',
  kind: 'config',
  doc: {
    title: 'The folder of config_path is not there',
    why: `A config_path that leads nowhere is no error for containerd: it finds no hosts.toml and asks the registry itself. Without \`--root\` this is only a hint, since the file may be meant for another machine.`,
    files: {
      '/etc/containerd/certs.d/docker.io/hosts.toml': `server = "https://registry-1.docker.io"
`,
    },
    bad: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/cert.d"
`,
    good: `version = 3

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`,
    sources: ['containerd core/remotes/docker/config/hosts.go: HostDirFromRoot'],
  },
  messages: {
    missing: 'There is no folder {dir}, so no hosts.toml is read.',
    here: 'There is no folder {dir} on this machine.',
    file: '{dir} is a file. config_path names the folder that holds one folder per registry.',
  },

  *check(context) {
    const { tree, version } = context;
    const setting = settingAt(registryTable(context), ['config_path'], version);
    if (setting?.value.kind !== 'string' || setting.source !== context.path) return;
    const { range } = setting.value;
    const dirs = splitList(setting.value.value).filter((dir) => dir.startsWith('/'));
    if (dirs.length > 1 || dirs.some((dir) => tree.stat(dir) === 'directory')) return;
    for (const dir of dirs) {
      const place = tree.stat(dir);
      if (place === 'file') yield { range, severity: 'warning', key: 'file', args: { dir } };
      else if (place === 'missing')
        yield { range, severity: tree.rooted ? 'warning' : 'hint', key: tree.rooted ? 'missing' : 'here', args: { dir } };
    }
  },
};
