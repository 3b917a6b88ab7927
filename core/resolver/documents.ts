/** The Go types that containerd decodes documents into (image-spec specs-go, core/images/image.go, core/remotes/docker/auth/fetch.go). */
import { goBool, goInt, goRaw, goString, goTime, mapOf, sliceOf, type GoStruct, type GoType } from '../go/jsonTypes';
import type { Version } from '../versions/versions';
import { does } from './behaviours';

const digest: GoType = { kind: 'string', name: 'digest.Digest' };
const strings = sliceOf(goString);
const labels = mapOf(goString);

const platform: GoStruct = {
  kind: 'struct',
  name: 'v1.Platform',
  fields: { architecture: goString, os: goString, 'os.version': goString, 'os.features': strings, variant: goString },
};

const descriptor: GoStruct = {
  kind: 'struct',
  name: 'v1.Descriptor',
  fields: {
    mediaType: goString,
    digest,
    size: { kind: 'int', name: 'int64' },
    urls: strings,
    annotations: labels,
    platform,
    artifactType: goString,
  },
};

const versioned: GoStruct = { kind: 'struct', name: 'specs.Versioned', fields: { schemaVersion: goInt } };

export const manifestType: GoStruct = {
  kind: 'struct',
  name: 'v1.Manifest',
  embedded: [versioned],
  fields: {
    mediaType: goString,
    artifactType: goString,
    config: descriptor,
    layers: sliceOf(descriptor),
    subject: descriptor,
    annotations: labels,
  },
};

export const indexType: GoStruct = {
  kind: 'struct',
  name: 'v1.Index',
  embedded: [versioned],
  fields: { mediaType: goString, artifactType: goString, manifests: sliceOf(descriptor), subject: descriptor, annotations: labels },
};

/** What validateMediaType looks at first. */
export const unknownDocument: GoStruct = {
  kind: 'struct',
  name: 'images.unknownDocument',
  fields: { mediaType: goString, config: goRaw, layers: goRaw, manifests: goRaw, fsLayers: goRaw },
};

const rootFs: GoStruct = { kind: 'struct', name: 'v1.RootFS', fields: { type: goString, diff_ids: sliceOf(digest) } };

const imageConfig: GoStruct = {
  kind: 'struct',
  name: 'v1.ImageConfig',
  fields: {
    User: goString,
    ExposedPorts: mapOf(goRaw),
    Env: strings,
    Entrypoint: strings,
    Cmd: strings,
    Volumes: mapOf(goRaw),
    WorkingDir: goString,
    Labels: labels,
    StopSignal: goString,
    ArgsEscaped: goBool,
  },
};

const history: GoStruct = {
  kind: 'struct',
  name: 'v1.History',
  fields: { created: goTime, created_by: goString, author: goString, comment: goString, empty_layer: goBool },
};

export const imageType: GoStruct = {
  kind: 'struct',
  name: 'v1.Image',
  embedded: [platform],
  fields: { created: goTime, author: goString, config: imageConfig, rootfs: rootFs, history: sliceOf(history) },
};

const unpackConfig: GoStruct = { kind: 'struct', name: 'unpack.unpackConfig', embedded: [platform], fields: { rootfs: rootFs } };

/** What the unpacker decodes a config into. */
export function unpackedType(version: Version): GoStruct {
  return does(version, 'unpackReadsRootfsOnly') ? unpackConfig : imageType;
}

export const fetchTokenResponse: GoStruct = {
  kind: 'struct',
  name: 'auth.FetchTokenResponse',
  fields: { token: goString, access_token: goString, expires_in: goInt, issued_at: goTime, refresh_token: goString },
};

export const oauthTokenResponse: GoStruct = {
  kind: 'struct',
  name: 'auth.OAuthTokenResponse',
  fields: { access_token: goString, refresh_token: goString, expires_in: goInt, issued_at: goTime, scope: goString },
};
