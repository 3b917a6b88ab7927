import assert from 'node:assert/strict';
import { classify } from '../../../core/errors/classify';

/** One text for each rule that was missing when somebody else's words were put to the classes. */
const errors: readonly (readonly [id: string, text: string])[] = [
  [
    'dns.server-failure',
    'failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://production.cloudflare.docker.com/registry-v2/docker/registry/v2/blobs/sha256/17/1a2b/data": dial tcp: lookup production.cloudflare.docker.com on 192.0.2.1:53: read udp 192.0.2.23:42659->192.0.2.1:53: i/o timeout',
  ],
  ['net.timeout', 'CannotPullContainerError: Request canceled while waiting for connection'],
  ['notfound.manifest', 'failed to copy: httpReadSeeker: failed open: content at https://r.example/v2/a/b/manifests/sha256:ff76'],
  ['net.proxy', 'docker: Error response from daemon: Get https://r.example/v2/: Service Unavailable.'],
  ['content.digest-mismatch', '拉取时遇到"image config verification failed for digest sha256:1a2b"的错误'],
  [
    'dns.nxdomain',
    'Failed to pull image "r.example/a:1": Get "https://r.example/v2/": dial tcp: lookup r.example: No address associated with hostname',
  ],
  [
    'tls.client-cert-or-protocol',
    'Error: initializing source docker://reg:5000/a:latest: open /etc/docker/certs.d/reg:5000/client.key: no such file or directory: missing client key client.key for cert client.cert',
  ],
  ['registry.5xx', '[BUG] failed to solve: failed to create LLB definition: unexpected status code [manifests v0.12.1]: 521'],
  ['manifest.schema1', 'Error: copying system image from manifest list: choosing image instance: unsupported schema version 1'],
  [
    'unpack.bad-archive',
    'Error pulling image (latest) from docker.io/library/python, Untar re-exec error: exit status 1: output: unexpected EOF',
  ],
  ['cri.runtime-unavailable', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?'],
  [
    'policy.blocked',
    'unexpected status from HEAD request to https://harbor.my.company/v2/foo/bar/manifests/master: 412 Precondition Failed',
  ],
  ['tls.expired-or-clock', 'Get "https://quay.io/v2/": tls: failed to verify certificate: x509: OSStatus -67818 certificate is expired'],
  [
    'notfound.manifest',
    'Error: choosing an image from manifest list docker://quay.io/a/b:1: reading manifest sha256:9f in quay.io/a/b: manifest unknown',
  ],
  [
    'notfound.manifest',
    'Failed to pull image "quay.io/a/b:v9": initializing source docker://quay.io/a/b:v9: reading manifest v9 in quay.io/a/b: received unexpected HTTP status: 404 Not Found',
  ],
  [
    'authz.denied-403',
    'FATA[0001] failed to resolve reference "x.jfrog.io/a/b:1": unexpected status from HEAD request to https://x.jfrog.io/v2/a/b/manifests/1: 403 ',
  ],
  [
    'net.timeout',
    'ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 time(s): RequestError: send request failed caused by: Post "https://api.ecr.us-east-1.amazonaws.com/": dial tcp 52.46.1.1:443: i/o timeout',
  ],
  [
    'platform.mismatch',
    'Error response from daemon: image with reference reg.lab/a:1 was found but does not provide the specified platform (linux/arm64)',
  ],
  ['content.digest-mismatch', 'Error response from daemon: image verification failed for digest sha256:aabb'],
  ['unpack.permission', 'ApplyLayer exit status 1 stdout:  stderr: unlinkat /etc/x: operation not permitted'],
  [
    'unpack.permission',
    'creating overlay mount: mount overlay:/home/u/.local/share/containers/storage/overlay/x/merged: permission denied while pulling image',
  ],
  ['unpack.bad-archive', 'Error: writing blob: adding layer with blob "sha256:aa": processing tar file(unexpected EOF): exit status 1'],
  [
    'policy.blocked',
    'unknown: current image without vulnerability scanning cannot be pulled due to configured policy in \'Prevent images with vulnerability severity of "High" or higher from running.\'',
  ],
  ['policy.blocked', 'Error response from daemon: unknown: The image is not signed in Notary.'],
  ['policy.blocked', 'Error response from daemon: unknown: The image is not signed by cosign.'],
  ['manifest.not-an-image', 'Error: unsupported manifest media type application/vnd.oci.empty.v1+json'],
  ['net.timeout', 'Failed to pull image "k8s.io/a:1": Head https://k8s.io/v2/a/manifests/1: dial TCP 142.251.8.82:443: I/O timeout'],
  [
    'net.blob-host-blocked',
    'Error response from daemon: Get "https://production.cloudflare.docker.com/registry-v2/docker/registry/v2/blobs/sha256/aa/aabb/data?verify=1": dial tcp 104.16.1.1:443: i/o timeout',
  ],
  [
    'tls.client-cert-or-protocol',
    'Error response from daemon: Get "https://reg.lab/v2/": remote error: tls: unknown certificate authority',
  ],
  [
    'manifest.schema1',
    '[DEPRECATION NOTICE] Docker Image Format v1 and Docker Image manifest version 2, schema 1 support is disabled by default and will be removed in an upcoming release. Suggest the author of docker.io/acme/old:1 to upgrade the image to the OCI Format or Docker Image manifest v2, schema 2.',
  ],
  ['manifest.schema1', 'Error response from daemon: missing signature key'],
  ['auth.bad-or-expired-credentials', 'Get https://r.lab/v2/a/manifests/1: unauthorized: Invalid username or password'],
  [
    'notfound.manifest',
    'Failed to pull image "r.lab/a:1": image pull failed for r.lab/a:1, this may be because there are no credentials on this request.  details: (Error: image a:1 not found)',
  ],
  ['net.timeout', 'Error response from daemon: unknown: <html><body><h1>408 Request Time-out</h1>'],
  [
    'cri.runtime-unavailable',
    'unable to get image \'acme/web:1\': error during connect: Get "http://%2F%2F.%2Fpipe%2FdockerDesktopLinuxEngine/v1.48/images/acme/web:1/json": open //./pipe/dockerDesktopLinuxEngine: The system cannot find the file specified.',
  ],
  [
    'registry.mirror-error',
    '{"level":"ERROR","msg":"","err":"mirror with image component sha256:aabb could not be found","path":"/v2/a/blobs/sha256:aabb","status":404,"method":"GET","handler":"mirror"}',
  ],
  [
    'auth.no-credentials',
    'W0505 20:21:50.504812    5643 kubelet_pods.go:861] Unable to retrieve pull secret web/regcred for web/web-0 due to secret "regcred" not found.  The image pull may not succeed.',
  ],
  ['unpack.permission', 'failed to register layer: Error processing tar file(exit status 1): open /usr/bin/x: permission denied'],
  [
    'cri.runtime-unavailable',
    'FATA[0000] rootless containerd not running? (hint: use `containerd-rootless-setuptool.sh install` to start rootless containerd): stat /run/user/1001/containerd-rootless: no such file or directory',
  ],
  [
    'unpack.disk-full',
    'server error - error creating temporary lease: write /var/lib/containerd/io.containerd.metadata.v1.bolt/meta.db: input/output error',
  ],
  [
    'rate.too-many-requests',
    "'Error fetching https://registry-1.docker.io/v2/library/redis/manifests/7 (remote response: 429: Too Many Requests)'",
  ],
  ['net.reset-or-eof', 'Failed to pull image "r.lab/a:1": rpc error: code = Unknown desc = EOF'],
  ['tls.expired-or-clock', ' ✘ db Error Get "https://r.lab/v2/": x509: certificate has expired or is not yet valid'],
  ['auth.no-credentials', 'Pulling web (r.lab/acme/web:1)...\nERROR: no basic auth credentials'],
  ['notfound.manifest', 'ERROR: Preparation failed: Error: No such image: registry.gitlab.com/acme/web:1 (docker.go:203:0s)'],
  [
    'notfound.manifest',
    'level=error msg="Remotedialer proxy error" error="Error response from daemon: unknown: Repository \'acme\' not found"',
  ],
  [
    'notfound.manifest',
    'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref r.lab/a:1@sha256:9f: not found',
  ],
  ['registry.mirror-error', '$ docker pull r.lab/a:1\nError response from daemon: missing or empty Content-Type header'],
  [
    'registry.mirror-error',
    'retrying error: failed to pull image "r.lab/a:1": unable to fetch descriptor (sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855) which reports content size of zero: invalid argument',
  ],
  ['registry.5xx', 'Error: parsing image configuration: Error fetching blob: invalid status code from registry 504 (Gateway Timeout)'],
  [
    'auth.token-endpoint',
    'Error: initializing source docker://r.lab/a:1: Requesting bearer token: invalid status code from registry 502 (Bad Gateway)',
  ],
  [
    'net.blob-host-blocked',
    'Error: error pulling image configuration: Get https://prod-eu-west-1-starport-layer-bucket.s3.amazonaws.com/61d6/d834?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-A',
  ],
  ['ref.invalid', 'ERRO[0000] Failed to pull ctr image: failed to resolve reference "": hostname required  ref='],
  ['policy.blocked', 'Error: invalid policy in "/etc/containers/policy.json": Unknown policy requirement type "sigstoreSigned"'],
  ['manifest.not-an-image', '$ docker pull r.lab/a:1\nError response from daemon: target is unknown'],
  [
    'notfound.manifest',
    'Retrieving image base from mirror\nerror building image: unable to complete operation after 0 attempts, last error: GET base/manifests/latest: MANIFEST_UNKNOWN: The named manifest is not known to the registry.; map[manifest:library/base]',
  ],
  [
    'authz.denied-403',
    'Pulling repository <image>\nError: Status 403 trying to pull repository <image>: "Unable to access the repository: <image>; please verify that it exists and you have permission to access it."',
  ],
  ['ref.invalid', 'rpc error: code = Unknown desc = no registries configured while trying to pull an unqualified image'],
  [
    'unpack.permission',
    'FATA[0072] pulling image: rpc error: code = Unknown desc = writing blob: adding layer with blob "sha256:bccd": Error processing tar file(exit status 1): Error while loading /: Permission denied',
  ],
  [
    'auth.no-credentials',
    'Error response from daemon: Get https://r.lab/v2/: authenticationrequired\n[attempt #1] Fail to pull r.lab/a:1.',
  ],
  ['rate.too-many-requests', 'received unexpected HTTP status: 429 Too Many Requests'],
  ['rate.too-many-requests', 'unexpected status code [manifests latest]: 429 Too Many Requests'],
  ['rate.kubelet-qps', 'failed to "StartContainer" for "web" with ErrImagePull: "pull QPS exceeded."'],
  ['rate.kubelet-qps', 'Container web is waiting: ErrImagePull (pull QPS exceeded)'],
  [
    'rate.kubelet-qps',
    'the step "step-build" in TaskRun "x" failed to pull the image "r.lab/a:1". The pod errored with the message: "pull QPS exceeded."',
  ],
];

/** Lines of other operations that failed in the words of a pull. */
const others: readonly string[] = [
  'E0224 07:23:17.130188    5896 kubelet.go:1481] "Image garbage collection failed multiple times in a row" err="failed to garbage collect required amount of images. Attempted to free 37203380633 bytes, but only found 0 bytes eligible to free."',
  'DEBU[0000] fetch response received                       host=harbor.local response.header.www-authenticate="Bearer realm=\\"https://harbor.local/service/token\\",service=\\"harbor-registry\\"" response.status="401 Unauthorized" url="https://harbor.local/v2/sandbox/x/manifests/0.0.1"',
  'Warning  FailedCreatePodSandBox  3s  kubelet  Failed to create pod sandbox: rpc error: code = Unknown desc = failed to reserve sandbox name "x_default_1": name "x_default_1" is reserved for "abc"',
  '8月 31 17:15:10 konvymaster-01 containerd[7959]: time="2020-08-31T17:15:10.913517124+08:00" level=warning msg="failed to clean up after shim disconnected" error="io.containerd.runc.v1: failed to connect: dial unix /run/containerd/containerd.sock.ttrpc: connect: connection refused\\n: exit status 1" id=6c44953d namespace=k8s.io',
  '{"dir":"/var/lib/containerd-stargz-grpc/snapshotter/snapshots/68/fs","error":"specified path \\"/var/lib/containerd-stargz-grpc/snapshotter/snapshots/68/fs\\" isn\'t a mountpoint","level":"debug","msg":"failed to unmount","time":"2023-10-06T15:35:52.587369547Z"}',
  '{"error":null,"key":"k8s.io/91/extract-195307888--2O1 sha256:2414","level":"info","mountpoint":"/var/lib/containerd-stargz-grpc/snapshotter/snapshots/64/fs","msg":"[fusermount fusermount3] not installed; trying direct mount"}',
  'Warning  Unhealthy  2s  kubelet  Liveness probe failed: Get "http://10.0.0.9:5000/v2/": dial tcp 10.0.0.9:5000: i/o timeout',
  'docker: Error response from daemon: driver failed programming external connectivity on endpoint web (9c1): Error starting userland proxy: listen tcp4 0.0.0.0:80: bind: address already in use.',
  "Error response from daemon: error while creating mount source path '/host_mnt/x': mkdir /host_mnt/x: no space left on device",
  'ERROR: failed to push docker.io/acme/app:1: server message: insufficient_scope: authorization failed',
  'ERROR: failed to solve: failed to push ghcr.io/acme/app:1: unexpected status from POST request to https://ghcr.io/v2/acme/app/blobs/uploads/: 403 Forbidden',
  'Failed to load target state: failed to compare revisions for source 1 of 1: rpc error: code = Unimplemented desc = unknown method UpdateRevisionForPaths for service repository.RepoServerService',
  'rpc error: code = Unknown desc = authentication required: Repository not found',
  'Helm install failed: timed out waiting for the condition',
  'Unable to connect to the server: x509: certificate has expired or is not yet valid: current time 2024-10-10T00:00:00Z is after 2024-09-30T18:14:03Z',
  'Unable to connect to the server: dial tcp: lookup api.k8s.example.com: no such host',
  'time="2024-01-01T00:00:00Z" level=error msg="response completed with error" err.code="manifest unknown" err.detail="unknown tag=9" err.message="manifest unknown" http.request.method=GET http.request.uri="/v2/a/manifests/9" http.response.status=404',
  "ERROR 1045 (28000): Access denied for user 'root'@'localhost' (using password: YES)",
  'write /var/log/containers/web.log: no space left on device',
  "cp: error writing '/data/image.img': No space left on device",
  '[ERROR] plugin/errors: 2 registry-1.docker.io. A: read udp 10.244.0.3:40000->8.8.8.8:53: i/o timeout',
  'E1121 10:00:00.000001 1 remote_runtime.go:479] "StopContainer from runtime service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" containerID="aa"',
  'E1121 10:00:00.000001 1 remote_runtime.go:496] "ListContainers with filter from runtime service failed" err="rpc error: code = Unknown desc = operation timeout: context deadline exceeded"',
  'E1121 10:00:00.000001 1 kuberuntime_container.go:714] "PreStop hook failed" err="rpc error: code = Unknown desc = command error: timed out"',
  'E1121 10:00:00.000001 1 server.go:310] "Unable to authenticate the request due to an error" err="[x509: certificate has expired or is not yet valid: current time 2024-01-02T00:00:00Z is after 2024-01-01T00:00:00Z, verifying certificate SN=1 failed]"',
  'time="2024-01-01T00:00:00Z" level=warning msg="failed to load plugin io.containerd.internal.v1.opt" error="mkdir /opt/containerd: read-only file system"',
  'Nov 21 10:00:00 n dockerd[1]: time="2024-01-01T00:00:00Z" level=info msg="Attempting next endpoint for push after error: Get \\"https://r.lab/v2/\\": http: server gave HTTP response to HTTPS client"',
  'Nov 21 10:00:00 n dockerd[1]: time="2024-01-01T00:00:00Z" level=error msg="Upload failed: unauthorized: authentication required"',
  'Nov 21 10:00:00 n dockerd[1]: time="2024-01-01T00:00:00Z" level=warning msg="Health check for container aa error: timed out starting health check for container aa"',
  'Error: failed to push chart: unexpected status from PUT request to https://r.lab/v2/charts/x/manifests/1: 403 Forbidden',
  'E0917 10:00:00.1 1 handlers.go:73] "Post-start hook failed" err="Get \\"http://10.0.0.4:80/\\": dial tcp 10.0.0.4:80: connect: connection refused" pod="default/x"',
  'E0917 10:00:00.1 1 token_manager.go:121] "Couldn\'t update token" err="Post \\"https://10.0.0.1:6443/api/v1/namespaces/x/serviceaccounts/d/token\\": net/http: TLS handshake timeout"',
  'time="2026-01-01T00:00:00Z" level=error msg="Fail to write \\"stderr\\" log to log file \\"/var/log/pods/x/0.log\\"" error="write /var/log/pods/x/0.log: no space left on device"',
  'Jan 01 00:00:00 n dockerd[1]: time="2026-01-01T00:00:00Z" level=error msg="Failed to log message for logger json-file: write /var/lib/docker/containers/a/a-json.log: no space left on device"',
  'Error: failed to fetch provider "registry.terraform.io/hashicorp/aws": could not connect to registry.terraform.io: Failed to request discovery document: 403 Forbidden',
  'Error: Error acquiring the state lock: AccessDenied: Access Denied status code: 403',
  'ssh: connect to host registry.lab port 22: Connection refused',
  'Error response from daemon: rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  'Error response from daemon: Get "http://192.168.1.1:3128/metrics": dial tcp 192.168.1.1:3128: connect: connection refused',
  'ctr: snapshot "mine": already exists',
  'WARN: Docker registry lookup failure ECONNREFUSED',
  'Warning  Failed  6s  kubelet  Error: failed to reserve container name "app_web_default_0": name "app_web_default_0" is reserved for "77f"',
  'E1121 10:00:00.000001 1 kuberuntime_image.go:184] "Failed to remove image" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" image="sha256:77f"',
  'E1121 10:00:00.000001 1 log.go:32] "ListImages with filter from image service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" filter="nil"',
  'time="2026-01-01T00:00:00Z" level=error msg="RemoveImage \\"r.lab/a:1\\" failed" error="rpc error: code = DeadlineExceeded desc = context deadline exceeded"',
  'time="2026-01-01T00:00:00Z" level=error msg="failed to delete task" error="rpc error: code = Unavailable desc = connection error: desc = \\"transport: error while dialing: dial unix /run/containerd/s/77f: connect: connection refused\\""',
  'time="2026-01-01T00:00:00Z" level=error msg="Handler for GET /v1.41/images/nope/json returned error: No such image: nope:latest"',
  'time="2026-01-01T00:00:00Z" level=debug msg="fetch response received" host=r.lab response.header.content-length=157 response.status="401 Unauthorized" url="https://r.lab/v2/a/manifests/1"',
  '[26/Aug/2024:12:36:09 +0000] 7742700|uhc-1L9A "GET https://quay.io/v2/acme/web/manifests/4 HTTP/1.1" 401 112',
  'I1121 10:00:00.000001 1 kubelet.go:1799] skipping pod synchronization - [container runtime is down PLEG is not healthy: pleg was last seen active 2562047h47m16.854775807s ago; threshold is 3m0s]',
  '2026/11/21 10:00:00 http: proxy error: context canceled',
  'dial tcp 10.0.0.5:5432: connect: connection refused',
  'Error: connect ECONNREFUSED 127.0.0.1:5432\n    at async pullImage (/srv/app/src/images.js:31:5)',
  'denied: requested access to the resource is denied to push: acme/web',
  'Warning  Failed  12s  kubelet  Error: configmap "image-policy" not found\nNormal   Pulled  10s  kubelet  Container image "registry.k8s.io/pause:3.9" already present on machine',
  'time="2026-01-01T00:00:00Z" level=info msg="stargz is enabled for snapshots of registry images"\ntime="2026-01-01T00:00:01Z" level=error msg="failed to stop container"',
  'Fixed a bug where the client always got "unexpected EOF" for empty layers.',
  'HTTP/2 401',
  'The push refers to repository [docker.io/acme/app]\nerror from registry: denied: requested access to the resource is denied',
];

describe('classify: the words of other tools', () => {
  for (const [id, text] of errors) it(`finds ${id} in: ${text.slice(0, 60)}`, () => assert.equal(classify(text).class?.id, id));

  it('takes no other operation for a pull', () => {
    assert.deepEqual(
      others.filter((line) => classify(line).class !== null),
      [],
    );
  });

  it('takes the same words of a pull for an error of it', () => {
    const ids = [
      'Failed to pull image "r.lab/a:1": failed to resolve reference "r.lab/a:1": unexpected status from HEAD request to https://r.lab/v2/a/manifests/1: 403 Forbidden',
      'time="2026-01-01T00:00:00Z" level=error msg="PullImage \\"r.lab/a:1\\" failed" error="write /var/log/x: no space left on device"',
      'E0101 00:00:00.1 1 remote_image.go:180] "PullImage from image service failed" err="rpc error: code = DeadlineExceeded desc = context deadline exceeded" image="r.lab/a:1"',
    ].map((text) => classify(text).class?.id);
    assert.deepEqual(ids, ['authz.denied-403', 'unpack.disk-full', 'cancel.deadline']);
  });
});
