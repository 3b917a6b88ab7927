import type { DirectivesRule, Finding } from './rule';

export const lintTemplate: DirectivesRule = {
  id: 'lint-template',
  kind: 'any',
  doc: {
    title: 'The file is a template',
    why: `\`{{ … }}\`, \`{% … %}\`, \`<% … %>\`, \`\${NAME}\`, \`@@NAME@@\` and \`%s\` are filled in by a program such as Ansible, Helm, Terraform or envsubst. containerd fills in nothing: as it stands, it would not start with such a config.toml, and would drop such a hosts.toml.

So a file that is named as a template (\`hosts.toml.j2\`, \`config.toml.tmpl\`), and one in a project that only its actions keep from being right, is judged around them: what stands on their lines is not known, everything else is. A file of a node, or below /etc, is judged as containerd reads it.`,
    path: '/home/me/roles/containerd/templates/docker.io/hosts.toml.j2',
    bad: `[host."https://{{ mirror }}"]
  capabilities = ["pull", "resolve"]
  skip_verify = {{ insecure }}
`,
    good: `[host."https://mirror.example.com"]
  capabilities = ["pull", "resolve"]
  skip_verify = false
`,
    sources: [
      'containerd core/remotes/docker/config/hosts.go: parseHostsFile',
      'containerd cmd/containerd/server/config/config.go: loadConfigFile',
    ],
  },
  messages: {
    named: 'This is a template: it is judged around {action} and what else is filled in.',
    engine:
      '{action} is filled in by a template program, so the file is judged around it. containerd itself fills in nothing and refuses the file as it stands.',
    variable:
      'containerd replaces no variables: it takes {action} as text and refuses the file as it stands. If another program fills it in first, the file is judged around it.',
  },

  *check({ template, parsed }) {
    const [first] = template?.actions ?? [];
    if (!template || !first) return;
    const action = parsed.document.text.slice(first.start, first.end);
    yield { range: first, args: { action }, ...said(template.named, action) };
  },
};

function said(named: boolean, action: string): Pick<Finding, 'key' | 'severity'> {
  if (named) return { key: 'named', severity: 'hint' };
  return /^[$%]/.test(action) ? { key: 'variable', severity: 'warning' } : { key: 'engine', severity: 'info' };
}
