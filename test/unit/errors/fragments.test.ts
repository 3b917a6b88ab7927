import assert from 'node:assert/strict';
import { classify } from '../../../core/errors/classify';

const idOf = (text: string): string | null => classify(text).class?.id ?? null;

/** Parts of messages, in the words of more programs and in sentences: one for each rule that was missing. */
const fragments: readonly (readonly [id: string, text: string])[] = [
  ['net.reset-or-eof', 'read tcp 192.0.2.7:40602->198.51.100.2:443: read: connection reset by peer'],
  ['net.reset-or-eof', '拉取内置仓库的镜像时报错：read tcp 192.0.2.7:1 -> 192.0.2.8:443: read: connection reset by peer.'],
  [
    'auth.no-credentials',
    "Field 'template.image' is invalid with details: 'Invalid value: \"r.lab/a:1\": GET https:: unexpected status code 401 Unauthorized: {}'",
  ],
  ['tls.scheme-mismatch', 'all pulls from the lab fail with "http: server gave HTTP response to HTTPS client"'],
  [
    'auth.bad-or-expired-credentials',
    'error pulling image configuration: unauthorized: unauthenticated: User cannot be authenticated with the token provided.',
  ],
  ['auth.token-endpoint', 'Error: Authorization failed: https://r.lab/token'],
  ['ref.invalid', '$ pouch pull r.lab/a_\nError: invalid reference'],
  ['ref.invalid', 'Step 2/8 : FROM $BASE:1\ninvalid reference format\n+ exit 1'],
  ['ref.invalid', 'I receive an error stating:\n`400 Bad Request: Invalid image name format`'],
  [
    'registry.mirror-error',
    '{"level":"ERROR","msg":"request to mirror failed","path":"/v2/a/blobs/sha256:1a","err":"received: 500 Internal Server Error"}',
  ],
  ['registry.mirror-error', 'ErrImagePull: "rpc error: code = 2 desc = Error: Status 400 trying to pull repository a: \\"{}\\""'],
  ['registry.mirror-error', 'ctr: target.MediaType must be set: invalid argument'],
  ['manifest.not-an-image', '$ crane pull a:1 a.tar\n2019/03/18 12:33:19 reading image "r.lab/a:1": unsupported MediaType: application/x'],
  ['manifest.not-an-image', 'I pull by digest but I get the error:\n\n> encountered unknown type application/json'],
  [
    'unpack.disk-full',
    'Doing the same in the desktop client gives this:\n(HTTP code 500) server error - error creating temporary lease: write /var/lib/c/meta.db: input/output error',
  ],
  ['unpack.permission', 'extract filesystem: apply layer 0: lchown /tmp/oci/fs/afs: operatio'],
  ['unpack.snapshot-state', 'unable to build images `failed to prepare: parent snapshot does not exist: not found`'],
  [
    'net.timeout',
    'Jun 30 19:17:05 n balenad[14]: level=warning msg="failed to download layer: \\"read tcp 192.0.2.7:1->192.0.2.8:443: read: connection timed out\\", retrying"',
  ],
  ['net.timeout', 'Warning Failed 29m (x26 over 128m) kubelet ... dial tcp 192.0.2.8:443: i/o timeout'],
  ['tls.scheme-mismatch', "I'm getting `http: server gave HTTP response to HTTPS client` when trying to pull an image."],
  [
    'notfound.manifest',
    "ERROR: Service 'web' failed to build: manifest for 'r.lab/a' not found: manifest unknown: The named manifest is not known.",
  ],
  ['notfound.manifest', 'image r.lab/a:1 could not be accessed on a registry to record its digest. Each node will access it independently'],
  ['notfound.manifest', 'FATA[0000] pulling image failed: rpc error: code = NotFound desc = failed to pull'],
  ['notfound.manifest', '- nginx:latest – not found'],
  ['content.store-state', 'It will report an error: `ctr: content digest sha256:1a: not found`'],
  [
    'cancel.progress-timeout',
    '"PullImage from image service failed" err="rpc error: code = Canceled desc = failed to pull and unpack image \\"r.lab/a:1\\": failed to commit snapshot extract-1-JgL sha256:1a: context canceled"',
  ],
  ['cri.unimplemented', 'rpc error: code = Unimplemented desc = method Transfer not implemented'],
  ['manifest.schema1', 'method Transfer not implemented for containerd.types.transfer.OCIRegistry to containerd.types.transfer.ImageStore'],
  [
    'tls.client-cert-or-protocol',
    'Error response from daemon: missing key /etc/docker/certs.d/r.lab/c.key for client certificate /etc/docker/certs.d/r.lab/c.cert. CA certificates must use the extension .crt',
  ],
  ['auth.no-credentials', 'ctr: failed to authorize: failed to handle basic auth because missing username or secret'],
  [
    'auth.no-credentials',
    'level=error msg="parse \\"{\\\\\\"kind\\\\\\":\\\\\\"CredentialProviderRequest\\\\\\"}\\" image=1.dkr.ecr.eu-west-1.amazonaws.com/a',
  ],
  [
    'auth.token-endpoint',
    'ctr: failed to resolve reference "r.lab/a:1": failed to authorize: failed to find supported auth scheme: not implemented',
  ],
  [
    'registry.mirror-error',
    'ctr: failed to resolve reference "r.lab/a:1": "sha256:zz" in header not a valid digest: invalid checksum digest format',
  ],
  [
    'registry.mirror-error',
    '{"level":"ERROR","msg":"request to peer failed","path":"/v2/a/blobs/sha256:1a","mirror":"http://10.42.0.8:5000","err":"expected 200 but got 404"}',
  ],
  ['manifest.schema1', 'ctr: converter: expected schema1 document but found extra keys'],
  ['platform.mismatch', 'hcsshim::ImportLayer failed in Win32: The system cannot find the path specified. (0x3)'],
  ['platform.mismatch', "The requested image's platform (linux/amd64) does not match the detected"],
  [
    'content.store-state',
    'ctr: failed commit on ref "layer-sha256:1a": rename /var/lib/c/io.containerd.content.v1.content/ingest/1/data /var/lib/c/io.containerd.content.v1.content/blobs/sha256/1a: no such file or directory',
  ],
  [
    'unpack.snapshot-state',
    'ctr: failed to extract layer sha256:1a: mount source: "overlay", target: "/var/lib/c/tmpmounts/1", fstype: overlay, flags: 0, data: "workdir=/w", err: invalid argument',
  ],
  [
    'unpack.snapshot-state',
    "overlayfs: filesystem on '/var/lib/c/io.containerd.snapshotter.v1.overlayfs/snapshots/1/fs' not supported as upperdir",
  ],
  [
    'unpack.snapshotter-plugin',
    'ctr: failed to attach and mount for snapshot 8: failed to enable target for /sys/kernel/config/target/core/user_9/dev_8, : unknown',
  ],
  [
    'unpack.snapshotter-plugin',
    'level=warning msg="cannot get ztoc; download and unpack this layer in container runtime for now: no ztoc for layer"',
  ],
  ['unpack.snapshotter-plugin', '{"error":"digest of TOC JSON must be passed","level":"debug","msg":"failed to prepare remote snapshot"}'],
  [
    'net.blob-host-blocked',
    'Failed to pull image "ghcr.io/stargz-containers/node:1": rpc error: code = Unknown desc = failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://pkg-containers.githubusercontent.com/ghcr1/blobs/sha256:49',
  ],
  ['unpack.permission', 'mount callback failed on /var/lib/c/tmpmounts/1: lchown /var/lib/c/tmpmounts/1/etc: operation not suppor'],
  [
    'unpack.permission',
    'failed to create shim task: rpc status: Status { code: INTERNAL, message: "[CDH] [ERROR]: Image Pull error: Failed to pull image r.lab/a:1 from all mirror/mapping locations or original location: Failed to decode layer data stream: Failed to unpack layer: Failed to set permissions for path: /run/image/layers/0/etc/group" }',
  ],
  [
    'registry.5xx',
    'ERRO[0005] failed to call tryLoginWithRegHost            error="unexpected status code 503" i=0\nFATA[0005] unexpected status code 503',
  ],
  [
    'policy.blocked',
    'failed to unpack image on snapshotter overlayfs: you are not authorized to use this image: no suitable key unwrapper found or none of the private keys could be used for decryption',
  ],
  [
    'policy.blocked',
    'failed to pull and unpack image "r.lab/a:1": error while retrieving keyprovider protocol grpc output: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:50000: connect: connection refused"',
  ],
  ['content.digest-mismatch', 'Manifest does not match provided manifest digest sha256:1a2b'],
  ['ref.invalid', 'web-0   0/1   InvalidImageName   0   3m'],
  [
    'content.store-state',
    'Warning  Failed  3m  kubelet  Error: failed to check if this is a checkpoint image: failed to get image from containerd "sha256:4456": image "docker.io/library/import-1@sha256:0e1d": not found',
  ],
  ['net.refused-or-no-route', '`peer:30020/v2/app/manifests/1": dial tcp 192.0.2.1:30020: connect: no route to host`'],
  [
    'config.hosts-toml-invalid',
    'The generated file seems to be invalid (w/ error `failed to decode hosts.toml" error="invalid host tree`).',
  ],
  ['rate.kubelet-qps', 'Many pods at once trigger the Error `ErrImagePull - pull QPS exceeded`'],
  ['manifest.not-an-image', 'It only gives me error __invalid rootfs in image configuration__.'],
  [
    'manifest.not-an-image',
    'ERROR:  unable to pull images after 3 attempts: failed to write image tarball:\n  mismatched fs layers (1) and diff ids (0)',
  ],
  ['registry.mirror-error', 'expected mirror to respond with 200 OK but received: 500 Internal Server Error'],
  [
    'dns.nxdomain',
    'Error response from daemon: Get http://my-registry:5000/v2/: dial tcp: lookup my-registry on 192.0.2.53:53: no such host`',
  ],
  [
    'notfound.manifest',
    '[INFO] Error while pulling container; will try to run anyways task="my-app:1" err="Error: image my-app:tag not found"',
  ],
  [
    'unpack.disk-full',
    'failed to register layer: devmapper: Thin Pool has 12 free metadata blocks which is less than minimum required 99 free metadata blocks.',
  ],
  [
    'unpack.snapshot-state',
    "FATA[0017] Error pulling image (latest) from acme/app, Driver devicemapper failed to create image rootfs 5111: Can't set task name /dev/mapper/pool",
  ],
  [
    'unpack.permission',
    'Error pulling image (latest) from acme/app, ApplyLayer exit status 1 stdout:  stderr: write /var/cache/a.tar.xz: read-only file system',
  ],
  [
    'authz.insufficient-scope',
    `The peer has all of it, but docker says "pull access denied for app, repository does not exist or may require 'docker login'"`,
  ],
  ['unpack.snapshot-state', 'failed to get active mount: snapshot 12: not found'],
  ['unpack.snapshotter-plugin', 'WARN[2022-09-16T17:52:25.662591983+08:00] daemon daemon_id=shared_daemon is not found'],
  ['tls.scheme-mismatch', 'getting `server gave HTTP response to HTTPS client` when pods try to pull from the registry.'],
  [
    'auth.no-credentials',
    "thread 'main' panicked at 'Failed to get image: RegistryError(ErrorResponse { errors: [ErrorInfo { code: Unauthorized, message: Some(\"authentication required\"), detail: None }] })', /home/user/github.com/acme/pkg/src/lib.rs:29:18",
  ],
  [
    'unpack.snapshotter-plugin',
    '    "key": "k8s.io/6/extract-3-xp sha256:1a",\n    "level": "warning",\n    "msg": "failed to prepare remote snapshot",',
  ],
  [
    'unpack.snapshotter-plugin',
    '{"error":"failed to resolve the blob: failed to resolve the source: cannot resolve layer: failed to redirect (host \\"r.lab\\"): failed to access to the registry with code 401","level":"debug","msg":"failed to pre-resolve"}',
  ],
  [
    'registry.mirror-error',
    'core | 2026-05-04T05:52:34Z [ERROR] [/server/middleware/repoproxy/proxy.go:162]: failed to proxy manifest, fallback to local, request uri: /v2/p/a/mani',
  ],
  ['registry.mirror-error', 'Proxy to remote failed, fallback to local repo, error: unexpected end of JSON input'],
  [
    'policy.blocked',
    'failed to pull and unpack image "r.lab/a:1": failed to extract layer sha256:1a: call to DecryptLayer failed: something went wrong',
  ],
  ['policy.blocked', 'could not UnmarshalAny() the decrypt data: type with url x: not found'],
  ['rate.kubelet-qps', 'ErrImagePull - pull QPS exceeded'],
  ['net.reset-or-eof', 'dockerd-current[95]: time="2019-04-09T16:46:25Z" level=error msg="Error trying v2 registry: unexpected EOF"'],
  [
    'net.reset-or-eof',
    '[error] 7#7: *9 upstream prematurely closed connection while reading upstream, client: x, request: "GET /v2/a/blobs/sha256:1a HTTP/1.1", host: "r.lab"',
  ],
  [
    'net.timeout',
    '[error] 7#7: *9 upstream timed out (110: Connection timed out) while reading upstream, client: x, request: "GET /v2/a/blobs/sha256:1a HTTP/1.1", host: "r.lab"',
  ],
  ['ref.invalid', 'level=error msg="Handler for POST /v1.29/build returned error: invalid reference format"'],
  ['ref.invalid', 'web-0   0/1   Init:InvalidImageName   0   3m'],
  ['ref.invalid', "[2020-09-23T21:44:17Z ERROR wasi::registered] Failed to parse reference string 'app'. Expected a slash"],
  ['ref.invalid', 'failed to pull image: Get "oci://r.lab/a:1": unsupported protocol scheme "oci"'],
  ['manifest.schema1', ' ✘ Image acme/socat  Error not implemented: media type "application/vnd.docker.dist...       1.9s'],
];

const others = [
  '* zstd: faster decoder by @someone in https://github.com/acme/compress/pull/636',
  '* zstd: helpers for streams [#363](https://github.com/acme/compress/pull/363)',
  '- `x509: certificate signed by unknown authority` → the CA is not trusted by the node',
  'If you see an error like "Error response from daemon: Get https://r.lab/v2/: EOF", you may need to restart the proxy.',
  '"Error: initializing source docker://img: reading manifest: manifest unknown",',
  'Error: "image must be loaded before parsing image reference",',
  '{"Error response from daemon: unauthorized: authentication required", Denied},',
  '"Error response from daemon: denied: requested access to the resource is denied"})',
  'Docker usually says "pull access denied for app" when the name is wrong.',
  'explain("Error: dial unix /run/podman.sock: connect: connection refused")',
  'Warning  Failed  1s  kubelet  Error: failed to create containerd task: OCI runtime create failed: runc create failed: exec format error',
  '"mediaType": "application/vnd.in-toto+json",',
  '"message": "blob unknown to registry",',
  'denied: permission_denied: write_package',
  'redis:6379 - connection refused',
  '[error] 7#7: *9 upstream prematurely closed connection while reading upstream, request: "GET /index.html HTTP/1.1", host: "www.lab"',
  'level=error msg="Handler for POST /v1.29/containers/create returned error: invalid reference format"',
  '192.0.2.7 - - [25/Oct/2021:07:17:02 +0000] "GET /v2/a/manifests/1 HTTP/1.1" 404 19 "-" "containerd/1.7"',
];

describe('classify: parts of messages', () => {
  for (const [id, text] of fragments) it(`finds ${id} in: ${text.slice(0, 60)}`, () => assert.equal(idOf(text), id));

  it('takes no release notes, source text, advice or other failures for one', () => {
    assert.deepEqual(
      others.filter((text) => idOf(text) !== null),
      [],
    );
  });

  it('asks what failed at last, not at the mirrors before', () => {
    const text =
      'Failed to pull image "r.lab/a:1": rpc error: code = Unknown desc = (Mirrors also failed: [m.lab/a:1: reading manifest 1 in m.lab/a: manifest unknown]): r.lab/a:1: pinging container registry r.lab: Get "https://r.lab/v2/": dial tcp 192.0.2.8:443: connect: connection refused';
    assert.equal(idOf(text), 'net.refused-or-no-route');
  });

  it('knows the everyday words of a failed pull in Chinese, and prose about them', () => {
    assert.deepEqual(
      [
        '镜像拉取失败：连接超时',
        '拉取镜像 registry.example/app:1 失败：没有权限',
        '错误：无法拉取镜像 nginx:9.9，标签不存在',
        '如果镜像拉取失败，可能是网络超时。',
      ].map(idOf),
      ['net.timeout', 'authz.denied-403', 'notfound.manifest', null],
    );
  });
});
