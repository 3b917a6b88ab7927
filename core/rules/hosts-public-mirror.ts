import { hostsPathOf } from '../hosts/directory';
import { advice, hostTables, topLevel, writtenUrl } from './hostsProblems';
import { publicMirror, publicMirrorTexts } from './publicMirrors';
import type { HostsRule } from './rule';

export const hostsPublicMirror: HostsRule = {
  id: 'hosts-public-mirror',
  kind: 'hosts',
  doc: {
    title: 'A public mirror that is closed, or is none',
    why: `Guides hand on addresses that served Docker Hub years ago (\`registry.docker-cn.com\`, \`hub-mirror.c.163.com\`, \`docker.mirrors.ustc.edu.cn\`), that answer only inside one cloud (\`….mirror.aliyuncs.com\`, \`mirror.ccs.tencentyun.com\`), or that are registries of their own (\`registry.cn-hangzhou.aliyuncs.com\`). containerd asks each of them first, for every image, and goes on to the next host when they refuse or time out.`,
    bad: `server = "https://registry-1.docker.io"

[host."https://registry.docker-cn.com"]
  capabilities = ["pull", "resolve"]
`,
    good: `server = "https://registry-1.docker.io"

[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
`,
    sources: ['containerd core/remotes/docker/resolver.go: Resolve, Fetch'],
  },
  messages: publicMirrorTexts,

  *check(context) {
    const [folder = ''] = hostsPathOf(context.path, context.certsDirs).names;
    const top = topLevel(context);
    for (const entry of [...hostTables(context), ...(top ? [top] : [])]) {
      const { host } = entry.host;
      const known = writtenUrl(entry) === '' ? undefined : publicMirror(host);
      if (!known || host === folder) continue;
      const severity = known.what === 'inside' ? 'info' : 'warning';
      yield advice(entry.range, severity, { key: known.what, args: { host, whose: known.whose } });
    }
  },
};
