/** Files as people write them, each with a mistake that containerd does not tell. Paths are below etc/containerd. */
export const mistakes: Readonly<Record<string, string>> = {
  'config.toml': `# A v2 table name, no version, and mirrors beside config_path.
[debug]
  level = "debug"

[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["https://mirror.example", "https://registry-1.docker.io"]
`,
  'conf.d/runtime.toml': `version = 2

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = "true"
`,
  'certs.d/docker.io/hosts.toml': `server = "https://docker.io"

[host."https://mirror.example"]
  capabilities = ["pull", "resolve"]
  # There is no such key in any release: credentials cannot stand in hosts.toml.
  credential_helper = "docker-credential-desktop"
  overide_path = true
`,
  'certs.d/registry-1.docker.io/hosts.toml': `# Docker Hub's images are looked up under docker.io: nothing reads this folder.
server = "https://registry-1.docker.io"

[host."https://mirror.example"]
  capabilities = ["pull", "resolve"]
`,
  'certs.d/ghcr.io/hosts.toml': `server = "https://ghcr.io"

[host."https://mirror-a.example", host."https://mirror-b.example"]
  capabilities = ["pull", "resolve"]
`,
  'certs.d/harbor.example:5000/hosts.toml': `server = "http://harbor.example:5000"

[host."http://harbor.example:5000/v2/proxy"]
  capabilities = ["pull", "resolv"]
  skip_verify = true
`,
  'certs.d/internal.example/hosts.toml': `server = "https://internal.example"

[host."https://internal.example"]
  ca = "/etc/containerd/certs.d/internal.example/missing-ca.crt"
  client = ["client.cert", "client.key"]
  dial_timeout = "5 seconds"
  server = "https://other.example"
`,
};

/** Error texts as kubelet, crictl and containerd's log print them, in files to select from. */
export const errorTexts: Readonly<Record<string, string>> = {
  'errors/masked-401.txt': `Failed to pull image "public.ecr.aws/team/app@sha256:9cb6ab9c8852d7e1e63f43299dca0628e92448d1c7589f7ed40344e7f61aad59": failed to pull and unpack image "public.ecr.aws/team/app@sha256:9cb6ab9c8852d7e1e63f43299dca0628e92448d1c7589f7ed40344e7f61aad59": failed to resolve reference "public.ecr.aws/team/app@sha256:9cb6ab9c8852d7e1e63f43299dca0628e92448d1c7589f7ed40344e7f61aad59": unexpected status from HEAD request to https://public.ecr.aws/v2/team/app/blobs/sha256:9cb6ab9c8852d7e1e63f43299dca0628e92448d1c7589f7ed40344e7f61aad59: 401 Unauthorized
`,
  'errors/http-on-https.txt': `Failed to pull image "registry.local:5000/app:1": rpc error: code = Unknown desc = failed to pull and unpack image "registry.local:5000/app:1": failed to resolve reference "registry.local:5000/app:1": failed to do request: Head "https://registry.local:5000/v2/app/manifests/1": http: server gave HTTP response to HTTPS client
`,
  'errors/containerd.log': `time="2025-11-21T03:14:58.204117290Z" level=error msg="failed to decode /etc/containerd/certs.d/ghcr.io/hosts.toml" error="failed to parse TOML: toml: expected ']' but found ','"
time="2025-11-21T03:15:02.614502110Z" level=info msg="PullImage \\"ghcr.io/team/app:1\\""
time="2025-11-21T03:15:32.645120371Z" level=info msg="trying next host" error="failed to do request: Head \\"https://ghcr.io/v2/team/app/manifests/1\\": dial tcp 140.82.121.33:443: i/o timeout" host=ghcr.io
time="2025-11-21T03:15:32.645984005Z" level=error msg="PullImage \\"ghcr.io/team/app:1\\" failed" error="rpc error: code = Unknown desc = failed to pull and unpack image \\"ghcr.io/team/app:1\\": failed to resolve reference \\"ghcr.io/team/app:1\\": failed to do request: Head \\"https://ghcr.io/v2/team/app/manifests/1\\": dial tcp 140.82.121.33:443: i/o timeout"
`,
};
