/** Single pieces of content, each fetched once. */
import { field, unmarshal } from '../go/json';
import { unmarshalTypeError } from '../go/jsonTypes';
import { imageType, unpackedType } from './documents';
import { fail, ok, pullError, wrap, type Result } from './errors';
import { fetchContent } from './fetch';
import type { Machine, PullContext } from './machine';
import { readManifest, type Child } from './manifest';
import { isConfigType, isManifestType } from './mediaTypes';
import type { Pulled, ReadConfig } from './pulled';
import type { LiveHost } from './request';
import { isCtrLocal } from './wrap';
import type { Descriptor } from './resolve';

export const manifestBytes = 8_000_000;

/** The config, and from it the diff ids. */
export function* fetchConfig(context: PullContext, hosts: readonly LiveHost[], config: Child, pulled: Pulled): Machine<Result<undefined>> {
  if (pulled.fetched.has(config.digest)) return ok(undefined);
  const content = yield* fetchContent(
    context,
    hosts,
    'config',
    config,
    context.download ? { body: 'text', maxBytes: manifestBytes } : { body: 'none' },
  );
  if (!content.ok) return content;
  pulled.fetched.add(config.digest);
  if (content.value.body === undefined) return ok(undefined);
  const parsed = unmarshal(content.value.body, context.go);
  const problem = parsed.ok ? unmarshalTypeError(parsed.value, unpackedType(context.version), context.go) : parsed.error;
  // ctr's own pull unpacks afterwards and reads the config then.
  if (problem !== undefined && isConfigType(config.mediaType) && !isCtrLocal(context))
    return fail(wrap('unmarshal image config', pullError(problem)));
  if (!parsed.ok) {
    pulled.configs.set(config.digest, { problem: parsed.error });
    return ok(undefined);
  }
  pulled.configs.set(config.digest, {
    ...contentsOf(parsed.value),
    problem: unmarshalTypeError(parsed.value, imageType, context.go),
  });
  return ok(undefined);
}

function contentsOf(config: unknown): Pick<ReadConfig, 'diffIds' | 'platform' | 'rootfs'> {
  const text = (name: string, of: unknown = config): string => {
    const value = field(of, name);
    return typeof value === 'string' ? value : '';
  };
  const rootfs = field(config, 'rootfs');
  const diffIds = field(rootfs, 'diff_ids');
  return {
    diffIds: Array.isArray(diffIds) ? diffIds.map(String) : [],
    platform: { os: text('os'), architecture: text('architecture'), variant: text('variant') },
    rootfs: text('type', rootfs),
  };
}

export function* fetchOnce(
  context: PullContext,
  hosts: readonly LiveHost[],
  phase: 'manifest' | 'config' | 'layer',
  descriptor: Parameters<typeof fetchContent>[3],
  pulled: Pulled,
): Machine<Result<undefined>> {
  if (pulled.fetched.has(descriptor.digest)) return ok(undefined);
  const content = yield* fetchContent(
    context,
    hosts,
    phase,
    descriptor,
    context.download ? { body: 'digest', diffId: descriptor.size === undefined } : { body: 'none' },
  );
  if (!content.ok) return content;
  pulled.fetched.add(descriptor.digest);
  return ok(undefined);
}

/** FilterManifestByPlatformHandler: of a manifest for another platform its config, no layers. */
export function* fetchMetadata(
  context: PullContext,
  hosts: readonly LiveHost[],
  descriptor: Descriptor,
  pulled: Pulled,
): Machine<Result<undefined>> {
  if (!isManifestType(descriptor.mediaType)) return yield* fetchOnce(context, hosts, 'manifest', descriptor, pulled);
  const content = yield* fetchContent(context, hosts, 'manifest', descriptor, { body: 'text', maxBytes: manifestBytes });
  if (!content.ok) return content;
  pulled.fetched.add(descriptor.digest);
  const manifest = readManifest(context, descriptor, content.value.body ?? '');
  if (!manifest.ok) return manifest;
  const { config } = manifest.value;
  // The best that this platform can run may be for another: then it is unpacked without the layers.
  if (pulled.best?.digest === descriptor.digest) pulled.manifest ??= manifest.value;
  if (context.until === 'manifest' || !isConfigType(config.mediaType)) return ok(undefined);
  return yield* fetchConfig(context, hosts, config, pulled);
}
