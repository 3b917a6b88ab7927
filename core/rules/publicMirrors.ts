/** Public addresses that guides hand on as mirrors, and what is known of them. Facts age: each says what the mistake is, not what to use. */
export interface PublicMirror {
  readonly host: RegExp;
  /**
   * `closed`: it serves nobody any more, or only its own network. `inside`: it serves the cloud that it belongs to. `no-mirror`: it is a
   * registry of its own and holds the images of no other.
   */
  readonly what: 'closed' | 'inside' | 'no-mirror';
  readonly whose: string;
}

const publicMirrors: readonly PublicMirror[] = [
  { host: /^registry\.docker-cn\.com$/, what: 'closed', whose: 'Docker China' },
  { host: /^docker\.mirrors\.ustc\.edu\.cn$/, what: 'closed', whose: 'USTC' },
  { host: /^hub-mirror\.c\.163\.com$/, what: 'closed', whose: 'NetEase' },
  { host: /^[\w-]+\.azk8s\.cn$/, what: 'closed', whose: 'Azure China' },
  { host: /^[\w-]+\.mirror\.aliyuncs\.com$/, what: 'inside', whose: 'Alibaba Cloud' },
  { host: /^mirror\.ccs\.tencentyun\.com$/, what: 'inside', whose: 'Tencent Cloud' },
  { host: /^registry(?:-vpc)?\.[\w-]+\.aliyuncs\.com$/, what: 'no-mirror', whose: 'Alibaba Cloud' },
];

export function publicMirror(host: string): PublicMirror | undefined {
  const name = host.toLowerCase().replace(/:\d*$/, '');
  return name.length > 253 ? undefined : publicMirrors.find((mirror) => mirror.host.test(name));
}

/** Hosts that serve Docker Hub alone, whatever registry they are asked for. */
export function servesDockerHubOnly(host: string): boolean {
  const name = host.toLowerCase().replace(/:\d*$/, '');
  const mirror = publicMirror(name);
  return (mirror !== undefined && mirror.what !== 'no-mirror') || dockerHubHosts.has(name);
}

const dockerHubHosts: ReadonlySet<string> = new Set([
  'docker.io',
  'registry-1.docker.io',
  'index.docker.io',
  'docker.m.daocloud.io',
  'mirror.gcr.io',
]);

/** One text for hosts.toml and config.toml; `host` and `whose` go into it. */
export const publicMirrorTexts = {
  closed: '{host} ({whose}) no longer serves the public: each pull loses time there before the next host is asked.',
  inside: '{host} serves machines inside {whose} only: elsewhere it refuses pulls of most images.',
  'no-mirror':
    '{host} is a registry of its own and mirrors no other: for images of another registry it answers "not found" or "denied", and the next host is asked.',
} as const;
