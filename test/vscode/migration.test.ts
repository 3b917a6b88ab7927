import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { session, type Session } from './session';
import { fileBecomes, writeFiles } from './files';

const folder = 'old/etc/containerd';

const original = `version = 2

# Kept as it is.
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"

[plugins."io.containerd.grpc.v1.cri".registry]

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example", "https://registry-1.docker.io"]

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."ghcr.io"]
  endpoint = ["https://ghcr-mirror.example"]
`;

const afterMirrors = `version = 2

# Kept as it is.
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`;

const afterVersion = `version = 3

[plugins."io.containerd.cri.v1.images".pinned_images]
# Kept as it is.
  sandbox = "registry.k8s.io/pause:3.10"

[plugins."io.containerd.cri.v1.images".registry]
  config_path = "/etc/containerd/certs.d"
`;

describe('VS Code: migrations of a config.toml', () => {
  let vscode: Session;
  const path = (name: string): string => join(vscode.playground.folder, folder, name);

  before(async () => {
    vscode = await session();
    writeFiles(vscode.playground.folder, { [`${folder}/config.toml`]: original });
    await vscode.workbench.tidy();
    await vscode.workbench.openFile(`${folder}/config.toml`);
  });

  it('moves mirrors to hosts.toml files, after a preview of every file', async () => {
    const { workbench } = vscode;
    await workbench.lens('containerd 2.1.').waitFor();
    await workbench.clickWord('registry.mirrors."docker.io"', 'mirrors');
    await workbench.quickFix('Move registry.mirrors and configs.tls to hosts.toml files (2)');
    await workbench.refactorPreview().filter({ hasText: 'certs.d/docker.io' }).first().waitFor();
    assert.equal(readFileSync(path('config.toml'), 'utf8'), original, 'nothing is written before it is applied');
    assert.equal(existsSync(path('certs.d')), false);
    await workbench.applyRefactoring(['certs.d/ghcr.io', 'certs.d/docker.io', `config.toml${folder}`], 'migration');
    assert.equal(await fileBecomes(path('certs.d/docker.io/hosts.toml'), (text) => text !== ''), hostsOf('registry-1.docker.io', 'mirror'));
    assert.equal(await fileBecomes(path('certs.d/ghcr.io/hosts.toml'), (text) => text !== ''), hostsOf('ghcr.io', 'ghcr-mirror'));
    await workbench.openFile(`${folder}/config.toml`);
    await workbench.save();
    assert.equal(await fileBecomes(path('config.toml'), (text) => text === afterMirrors), afterMirrors);
  });

  it('writes the file as version 3', async () => {
    const { workbench } = vscode;
    await workbench.clickWord('version = 2', 'version');
    await workbench.quickFix('Write this file as config version 3');
    await workbench.applyRefactoring([`config.toml${folder}`]);
    await workbench.openFile(`${folder}/config.toml`);
    await workbench.save();
    assert.equal(await fileBecomes(path('config.toml'), (text) => text === afterVersion), afterVersion);
  });
});

function hostsOf(server: string, mirror: string): string {
  return `server = "https://${server}"

[host."https://${mirror}.example"]
  capabilities = ["pull", "resolve"]
`;
}
