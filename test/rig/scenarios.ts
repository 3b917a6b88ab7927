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
  ['tcp-accept-silent-http', 'containerd had not answered when the client gave up: no text was recorded'],
  ['blob-layer-stall', 'containerd had not answered when the client gave up: no text was recorded'],
  ['masked-digest-manifest-hang-blob-404', 'containerd had not answered when the client gave up: no text was recorded'],
]);

/** The class of a scenario's cause, by name; the first that fits counts. A pull that ends well has none. */
const classes: readonly (readonly [scenario: RegExp, id: string])[] = [
  [/^dns-(?:nxdomain|no-a-record)$|^ref-(?:short-name|docker-io)/, 'dns.nxdomain'],
  [/^dns-/, 'dns.server-failure'],
  [/^tcp-refused/, 'net.refused-or-no-route'],
  [/^tcp-drop$/, 'net.timeout'],
  [/^tcp-close|^http-garbage|^http-to-https|^blob-layer-reset|^masked2?-digest-manifest-reset/, 'net.reset-or-eof'],
  [/^https-to-http|^dir-(?:uppercase|host-only|host_port-no)/, 'tls.scheme-mismatch'],
  [/^tls-(?:wrong-ca|self-signed)|^auth-bearer-endpoint-unknown-ca$/, 'tls.unknown-ca'],
  [/^tls-expired$/, 'tls.expired-or-clock'],
  [/^tls-(?:cn-only|ip-not)/, 'tls.san-mismatch'],
  [/^tls-(?:client|bad-eku)/, 'tls.client-cert-or-protocol'],
  [/^auth-basic-wrong|^auth-bearer-endpoint-40[13]$|-wrong-credentials$|^auth-bearer-token-rejected$/, 'auth.bad-or-expired-credentials'],
  [/^auth-bearer-(?:endpoint|empty)/, 'auth.token-endpoint'],
  [/^auth-bearer-insufficient/, 'authz.insufficient-scope'],
  [/^auth-401|^auth2-negotiate|^blob-layer-401$|upstream-401/, 'auth.no-credentials'],
  [/^http-429|get-429|^blob-layer-429/, 'rate.too-many-requests'],
  [/^http-|^blob-layer-50|-500$/, 'registry.5xx'],
  [/^blob-layer-403$|upstream-403$|manifest-403/, 'authz.denied-403'],
  [/^blob-redirect-dns/, 'dns.nxdomain'],
  [/^blob-redirect-drop/, 'net.blob-host-blocked'],
  [/^blob-(?:digest|layer-trunc)|digest-mismatch$/, 'content.digest-mismatch'],
  [/^config-octet/, 'manifest.legacy-config'],
  [/^schema1|text-plain$/, 'manifest.schema1'],
  [/^no-platform/, 'platform.mismatch'],
  [/^manifest-(?:5MiB|not-json)/, 'manifest.not-an-image'],
  [/^layer-not-gzip/, 'unpack.bad-archive'],
  [/^proxy-/, 'net.proxy'],
  [/^toml-(?:ca-empty|ca-is|ca-not|client-missing)|^dir-legacy-client-cert-without/, 'config.hosts-toml-invalid'],
  [/upstream-refused$/, 'net.refused-or-no-route'],
  [/upstream-in-server-only/, 'tls.unknown-ca'],
  [/404/, 'notfound.manifest'],
];

/** Undefined where no cause is agreed on, as for a hosts.toml that is not read. A short name is a reference to CRI alone: ctr refuses it. */
export function classOf(scenario: string, via: string): string | undefined {
  if (scenario === 'ref-short-name' && via.startsWith('ctr')) return 'ref.invalid';
  return classes.find(([name]) => name.test(scenario))?.[1];
}
