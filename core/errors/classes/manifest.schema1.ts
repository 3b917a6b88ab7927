import type { ErrorClass } from '../errorClass';

export const manifestSchema1: ErrorClass = {
  id: 'manifest.schema1',
  title: 'Docker schema 1 image',
  signals: [
    {
      pattern: /(?:application\/vnd\.docker\.)?distribution\.manifest\.v1\+(?:prettyjws|json)|prettyjws/,
      weight: 88,
      scope: 'anywhere',
      with: /fail|error|not supported|not found|no longer|unsupported|could not|not implemented/i,
      unless: /[Aa]ccept(?::|=)/,
    },
    {
      pattern:
        /Schema 1 (?:image(?: manifest)?s?|manifest|not supported)|CONTAINERD_ENABLE_DEPRECATED_PULL_SCHEMA_1_IMAGE|schema version 1 (?:has been|is)|image manifest (?:version|schema) (?:2, schema )?1\b/i,
      with: /: |no longer|fail|error|not (?:supported|implemented)/i,
      weight: 90,
      scope: 'anywhere',
    },
    { pattern: /\[DEPRECATION NOTICE\] Docker Image \w/, with: /schema 1 support is disabled/, weight: 90, scope: 'anywhere' },
    {
      pattern: /(?:^|: |")(?:no signatures|missing signature key|(?:expected|missing|invalid) schema ?1 (?:document|manifest)\b)/m,
      weight: 84,
    },
    { pattern: /failed to get converter for "/, weight: 78 },
    // client/pull.go (fetch) of 2.1, in a table that cuts its cells.
    { pattern: /not implemented: media type "application\/vnd\.docker\./, weight: 74 },
    // containerd 2.1 plugins/services/transfer/service.go: what ctr hears when the pull itself was refused as not implemented.
    { pattern: /method Transfer not implemented for \S{1,80}OCIRegistry to \S{1,80}ImageStore/, weight: 80, scope: 'anywhere' },
    {
      pattern:
        /unsupported manifest (?:media type and no default|type)|unsupported schema version 1\b|unsupported MIME type \S*manifest\.v1\+|media type "[^"]+" is no longer supported since/,
      weight: 72,
      scope: 'anywhere',
    },
    { pattern: /\bschema ?(?:version )?v?1\b/i, weight: 40, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/old:1": schema 1 image manifests are no longer supported: invalid argument',
      containerd: '2.1',
    },
    {
      text: 'failed to pull and unpack image "registry.example/old:1": not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1, please rebuild the image as "application/vnd.docker.distribution.manifest.v2+json" or "application/vnd.oci.image.manifest.v1+json"',
      containerd: '2.2',
    },
    { text: 'failed to pull and unpack image "registry.example/old:1": no signatures', containerd: '1.7' },
  ],
  causes: [
    { what: 'The image was pushed before 2016 and never again', tell: 'its manifest says `"schemaVersion": 1`' },
    {
      what: 'A registry or mirror sends `text/plain` or converts to schema 1 for clients it does not know',
      tell: 'another host has the same tag as schema 2',
    },
  ],
  retriable: false,
  doc: {
    meaning:
      'The registry served a manifest of the oldest format. containerd converted it up to 1.7, disabled that in 2.0, and removed it in 2.1.',
    impact: 'The image cannot be pulled by 2.1 and newer; by 2.0 only with an environment variable.',
    diagnosis: [
      {
        what: 'Read the format.',
        command: 'curl -s -H "Accept: */*" -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/manifests/TAG | jq .schemaVersion',
      },
    ],
    mitigation: [
      'Build it again, or convert it: `skopeo copy --format oci docker://OLD docker://NEW`.',
      'For 2.0 only: CONTAINERD_ENABLE_DEPRECATED_PULL_SCHEMA_1_IMAGE=1 in the unit.',
    ],
    restart: 'No, unless the environment of 2.0 is changed.',
    rules: [],
    related: [
      { id: 'manifest.legacy-config', apart: 'schema 2 with a config of type octet-stream' },
      { id: 'content.digest-mismatch', apart: 'other bytes than the digest says' },
      { id: 'notfound.manifest', apart: 'a missing descriptor without `prettyjws`' },
    ],
    sources: ['containerd core/remotes/docker/schema1/converter.go (1.x, 2.0)', 'containerd core/transfer/local/pull.go'],
  },
  messages: {
    cause: 'The image has a Docker schema 1 manifest, which containerd no longer supports.',
    causeOfReference: '{reference} has a Docker schema 1 manifest, which containerd no longer supports.',
    nextStep: 'Rebuild the image, or copy it with skopeo copy --format oci.',
  },
};
