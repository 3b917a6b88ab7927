import { onOneLine } from '../chain';
import type { ErrorClass } from '../errorClass';

/** The names of the plugins alone say nothing: they stand in start lines and configuration too. */
const failure =
  /fail(?!ed to unmount|ed with result)|error(?!"?:null)|cannot|unable|denied|refused|not ready|not found|not loaded|no such|timed? ?out/i;

/** Not in the name of an image, that others store too: `ghcr.io/stargz-containers/node`. */
const plugins = /wait until daemon ready|(?<!\.[a-z]{2,10}\/)\b(?:nydus|soci\b|stargz\b)|overlaybd|\brafs\b/i;

const daemons =
  /daemon socket \S+: not found|\bdaemon daemon_id=\S+ is not found|[Dd]aemon \S+ died somehow|wait until daemon is|layer "\d+" unavailable|\.v1\.(?:overlaybd|nydus|stargz|soci)\b/;

export const unpackSnapshotterPlugin: ErrorClass = {
  id: 'unpack.snapshotter-plugin',
  title: 'Snapshotter plugin not healthy',
  signals: [
    // The transfer service found no snapshotter that it may unpack with.
    { pattern: /unable to initialize unpacker|no unpack platforms defined/, weight: 82, scope: 'anywhere' },
    {
      pattern: /\bunix (?=\S*(?:nydus|stargz|soci|snapshotter|overlaybd|accelerated|grpc))\S+\.sock/,
      weight: 92,
      scope: 'anywhere',
    },
    {
      pattern: plugins,
      unless: /failed to extract layer \S+ (?:link|mkdir|open|symlink|mknod) \/|"level":"debug"|level=debug/,
      when: (chain) => onOneLine(chain, plugins, failure),
      weight: 86,
      scope: 'anywhere',
    },
    {
      pattern:
        /failed to find image ref of snapshot|unable to create remote fetcher|failed to resolve layer|failed to resolve the blob: |cannot resolve layer: |no instance \d+: not found|failed to (?:find|get) (?:ztoc|TOC)|noinstance \d/,
      weight: 86,
      scope: 'anywhere',
    },
    {
      pattern:
        /snapshotter (?:not loaded|\S+ (?:not loaded|was not found|not found|does not exist))|failed to find snapshotter|can not find snapshotter|unable to resolve snapshotter|unknown snapshotter|no such snapshotter/,
      weight: 84,
      scope: 'anywhere',
    },
    { pattern: /Error while dialing:? "?(?:dial )?unix/, weight: 78, unless: /containerd\.sock|crio\.sock|dockershim|cri-dockerd/ },
    {
      pattern:
        /failed to attach and mount for snapshot|failed to enable target for \S|(?:cannot get|no) ztoc\b|\bspan digests do not match|\bmount rafs\b/,
      weight: 85,
      scope: 'anywhere',
    },
    // Of stargz and SOCI, at any level, and each time with the reason beside it.
    {
      pattern: /"msg": ?"failed to prepare remote snapshot"|failed to restore remote snapshot/,
      with: /"error":"\w|: /,
      weight: 85,
      scope: 'anywhere',
    },
    { pattern: /snapshot \d+ is not ready/, weight: 80, scope: 'anywhere' },
    { pattern: /proxy snapshotter|remote snapshot/, with: failure, weight: 60 },
    {
      pattern: daemons,
      when: (chain) => onOneLine(chain, daemons, failure),
      weight: 84,
      scope: 'anywhere',
    },
    { pattern: /\bsnapshotter\b/i, weight: 36, scope: 'failedPull' },
  ],
  examples: [
    {
      text: 'failed to prepare extraction snapshot "extract-1-abcd sha256:1a2b": connection error: desc = "transport: Error while dialing dial unix /run/containerd-nydus/containerd-nydus-grpc.sock: connect: connection refused": unavailable',
    },
    {
      text: 'failed to pull and unpack image "registry.example/app:1": unable to initialize unpacker: snapshotter stargz was not found: not found',
      containerd: '2.1',
    },
  ],
  causes: [
    { what: 'The plugin’s service is not running', tell: 'its socket refuses or is missing' },
    { what: 'CRI does not pass annotations to it', tell: '`disable_snapshot_annotations = true`; `failed to find image ref of snapshot`' },
    { what: 'The name in config.toml is not a loaded plugin', tell: '`snapshotter not loaded`; `ctr plugins ls`' },
    { what: 'The credentials it uses for lazy loading have expired', tell: '`unable to create remote fetcher` long after the pull' },
  ],
  retriable: true,
  doc: {
    meaning:
      'Unpacking is done by a snapshotter outside containerd (nydus, stargz, soci and others), and that one is missing, down or confused.',
    impact: 'All pulls that use this snapshotter fail; running containers may hang on files that were not loaded yet.',
    diagnosis: [
      {
        what: 'See the plugin and its service.',
        command:
          'ctr plugins ls | grep snapshotter\nsystemctl status stargz-snapshotter nydus-snapshotter soci-snapshotter overlaybd-snapshotter 2>/dev/null',
      },
      {
        what: 'Read its settings.',
        command: 'containerd config dump | grep -E "snapshotter|disable_snapshot_annotations|proxy_plugins" -A3',
      },
    ],
    mitigation: ['Start or repair the service.', 'Set `disable_snapshot_annotations = false`.', 'Go back to overlayfs meanwhile.'],
    restart: 'Yes, containerd, after changing config.toml.',
    rules: ['config-snapshotter'],
    related: [
      { id: 'unpack.snapshot-state', apart: 'no plugin is named' },
      { id: 'cri.runtime-unavailable', apart: 'the socket is containerd’s own' },
    ],
    sources: ['containerd core/snapshots/proxy', 'containerd core/metadata/snapshot.go'],
  },
  messages: {
    cause: 'The snapshotter outside containerd that unpacks this image is missing, down or confused.',
    nextStep: 'Check ctr plugins ls and the plugin’s own service and log.',
  },
};
