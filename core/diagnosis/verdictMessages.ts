import type { Catalog } from '../text/message';

/** What is said of an image that containerd calls pulled although no container can start from it. */
export const unpackMessages: Catalog = {
  'manifest.legacy-config/notUnpacked':
    'The config of this image has the media type {mediaType}, as Docker before 1.11 wrote it. containerd 1.3 accepts it, 1.4 to 2.0 fail to unpack it, and 2.1 and newer say that the image is pulled although they fetch none of its layers: no container starts from it. Build it again with a newer Docker, or convert it with skopeo copy --format oci.',
  'manifest.not-an-image/notUnpacked':
    'The config of this image has the media type {mediaType}, which starts no unpack: containerd says that it is pulled although it fetches none of its layers. It is an artifact, and no container starts from it: use the tool that it was made for, or correct the name of the image.',
  'platform.mismatch/notUnpacked':
    'The index of this image names no manifest for {platform}, only for: {offered}. ctr says that it is pulled although it fetches no layer, and no container starts from it; CRI fails. Push the image for {platform} too, or pull with --platform what there is.',
  'platform.mismatch/foreign':
    'The config of this image says that it is for {built}, and it is pulled for {platform}. containerd does not hold the one against the other: it says that the image is pulled, and a container from it ends with "exec format error". Build the image for {platform} too and push an index of both, or name the tag or digest that is for {platform}.',
};

/** What a person reads of each class that resolver/verdict.ts names. */
export const verdictMessages: Catalog = {
  'verdict/net.timeout': '{host} did not answer in time.',
  'verdict/net.refused-or-no-route': '{host} cannot be reached: {reason}.',
  'verdict/net.reset-or-eof': '{host} broke the connection: {reason}.',
  'verdict/net.proxy': 'The proxy on the way to {host} refused or failed: {reason}.',
  'verdict/net.blob-host-blocked': '{host}, to which the registry sends for content, cannot be reached: {reason}.',
  'verdict/dns.nxdomain': 'The name {host} does not exist for this node.',
  'verdict/dns.server-failure': 'The name server failed for {host}: {reason}.',
  'verdict/tls.scheme-mismatch': '{host} speaks plain HTTP where HTTPS was tried, or the reverse.',
  'verdict/tls.unknown-ca': 'The certificate of {host} is signed by an authority that this node does not trust.',
  'verdict/tls.san-mismatch': 'The certificate of {host} is for other names.',
  'verdict/tls.expired-or-clock': 'The certificate of {host} is not valid at the time of this node.',
  'verdict/tls.client-cert-or-protocol': '{host} ended the TLS handshake: {reason}.',
  'verdict/auth.no-credentials': '{host} asks for credentials and none that fit were given.',
  'verdict/auth.bad-or-expired-credentials': '{host} does not accept the credentials.',
  'verdict/auth.token-endpoint': 'The token server {host} gave no token: {reason}.',
  'verdict/authz.denied-403': '{host} denies access (403).',
  'verdict/authz.insufficient-scope': '{host} gave a token that does not open this repository.',
  'verdict/notfound.manifest': '{host} does not have it (404).',
  'verdict/rate.too-many-requests': '{host} answers 429: too many requests.',
  'verdict/registry.5xx': '{host} fails with {reason}.',
  'verdict/manifest.not-an-image': 'What {host} answered is no image manifest.',
  'verdict/manifest.schema1': 'The image is in the old Docker schema 1 format.',
  'verdict/manifest.legacy-config': 'The config has a media type that does not start an unpack.',
  'verdict/platform.mismatch': 'The image has no manifest for this platform.',
  'verdict/content.digest-mismatch': 'What came is not what its digest or size says.',
  'verdict/content.image-metadata-wrong': 'The image contradicts itself: its config does not fit its layers.',
  'verdict/content.store-state': 'Content is missing where the unpack looks for it.',
  'verdict/ref.invalid': 'The image reference is not valid.',
  'verdict/config.hosts-toml-invalid': 'A file of the hosts directory stops the pull, or its capabilities leave no host.',
  'replay-stopped/stopped': 'The replay stopped: {reason}',
  'replay-stopped/metadata':
    'the registry leads to {host}: a link-local or metadata address, where clouds keep the credentials of the machine. containerd would ask there; the replay does not.',
  'replay-stopped/no-address':
    'the registry leads to {host}, and the node does not say which address that is: nothing is sent there, as it might be one where clouds keep the credentials of the machine.',
  'replay-stopped/in-clear':
    'a redirect leads from https to http://{host}, and credentials are not sent in clear; containerd would send them.',
  'replay-stopped/led-away':
    '{registry} leads to {host}, which asks for credentials. containerd would give it those of {registry}; the replay does not.',
  'replay-stopped/endless': '{requests} requests were made and the pull had not come to an end.',
  'replay-stopped/transcript':
    'the transcript holds no answer to {method} {url}. Where it was saved, save it again with the options of this call.',
  'replay-stopped/transcript-body':
    'the transcript holds the answer to {method} {url}, and not what came with it: save it again with --download, or leave out --download here.',
  'replay-stopped/unavailable': 'this says nothing of containerd: {reason}.',
  'replay-stopped/no-tool':
    'nothing was asked through {interface}: the node has no {tool}, and nothing else there can send a request through an interface.',
  'replay-stopped/no-interface': 'nothing was asked through {interface}: the node has no such interface, only {others}.',
  'replay-stopped/unbound': 'nothing can be sent through {interface}: {reason}. See that it is up and has an address.',
  'replay-stopped/curl': 'the curl of the node did not do what containerd does: {reason}.',
  'replay-stopped/too-long':
    'an answer is longer than the {limit} that are read of one through an interface. Leave out --download or --interface.',
  'replay-stopped/server-name': 'the curl of the node cannot be told another name for the certificate, as config.toml asks.',
  'replay-stopped/zstd': 'the answer is packed with zstd, which cannot be unpacked here.',
  'replay-address/unknown':
    'The node does not say which address {host} has: containerd names that address, IP:PORT, where this replay has to write {host}.',
  'verdict/other': 'The reported text says all that is known.',
};
