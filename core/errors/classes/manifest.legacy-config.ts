import type { ErrorClass } from '../errorClass';

const missingLayer = /failed to get reader from content store: content digest sha256:\S+: not found/;

export const manifestLegacyConfig: ErrorClass = {
  id: 'manifest.legacy-config',
  title: 'Config of type octet-stream (Docker before 1.11)',
  signals: [
    {
      pattern: /reference for unknown type: application\/octet-stream/,
      weight: 92,
      with: /content digest|content store|extract layer/,
      scope: 'anywhere',
    },
    // "failed to unpack image on snapshotter" is said only after a pull that unpacked nothing (client/pull.go Pull: unpacks == 0), that is
    // when the config's type was unknown and the layers were never asked for.
    { pattern: missingLayer, weight: 84, with: /failed to unpack image on snapshotter/ },
    {
      pattern: missingLayer,
      weight: 70,
      with: /pull and unpack image|pulling image|PullImage/,
      unless: /failed to create containerd container|error unpacking image/,
    },
    {
      pattern: /reference for unknown type: application\/octet-stream|mediatype="?application\/octet-stream/,
      weight: 66,
      scope: 'anywhere',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "docker.io/library/old:1": failed to unpack image on snapshotter overlayfs: failed to extract layer sha256:1a2b: failed to get reader from content store: content digest sha256:3c4d: not found',
      containerd: '1.7',
    },
    {
      text: 'level=warning msg="reference for unknown type: application/octet-stream" digest="sha256:5e6f" mediatype=application/octet-stream size=5946',
      containerd: '1.6',
    },
  ],
  causes: [
    {
      what: 'The image was made by Docker before 1.11: its config descriptor says `application/octet-stream`',
      tell: 'the config’s mediaType in the manifest, and the warning `reference for unknown type` in the journal',
    },
  ],
  retriable: false,
  doc: {
    meaning:
      'The manifest is of schema 2, but its config has a type that containerd does not know as an image config. So the layers are never downloaded, and unpacking finds them missing.',
    impact:
      '1.4 to 2.0 fail with a missing content digest. From 2.1 the pull over CRI reports success without unpacking anything, and the container fails to start later.',
    diagnosis: [
      {
        what: 'Read the config’s type.',
        command:
          'curl -s -H "Accept: application/vnd.docker.distribution.manifest.v2+json" -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/manifests/TAG | jq .config.mediaType',
      },
      { what: 'Find the warning.', command: 'journalctl -u containerd --since -10min | grep "reference for unknown type"' },
    ],
    mitigation: [
      'Build and push again with Docker 1.11 or newer.',
      'Or convert: `skopeo copy --format oci docker://OLD docker://NEW`, then pull by the new digest.',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'content.store-state', apart: 'the same missing digest while a container is created, or without a pull' },
      { id: 'manifest.not-an-image', apart: 'the octet-stream warning alone also fits artefacts' },
    ],
    sources: [
      'containerd client/pull.go: Pull (unpacks == 0)',
      'containerd core/unpack/unpacker.go',
      'containerd pull requests 2814 and 3870',
    ],
  },
  messages: {
    cause: 'The image’s config has the type application/octet-stream (made by Docker before 1.11), so containerd never fetched its layers.',
    causeOfReference:
      'The config of {reference} has the type application/octet-stream (made by Docker before 1.11), so containerd never fetched its layers.',
    nextStep: 'Check config.mediaType in the manifest; rebuild with a newer Docker or convert with skopeo copy --format oci.',
  },
};
