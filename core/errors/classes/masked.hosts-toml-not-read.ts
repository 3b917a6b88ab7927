import { atUpstream } from '../endpoints';
import type { ErrorClass } from '../errorClass';

const wrongHost = /dial tcp|i\/o timeout|timeout|x509|HTTP response to HTTPS|no such host|connection refused|reset by peer/;

export const maskedHostsTomlNotRead: ErrorClass = {
  id: 'masked.hosts-toml-not-read',
  title: 'hosts.toml was not consulted',
  signals: [
    { pattern: /(?:^|\s)ctr: /, weight: 55, with: wrongHost, when: atUpstream },
    {
      pattern: /https:\/\/(?:registry-1\.docker\.io|registry\.k8s\.io|k8s\.gcr\.io|quay\.io|ghcr\.io|gcr\.io)\/v2\//,
      weight: 46,
      with: wrongHost,
      when: atUpstream,
    },
    { pattern: /https?:\/\/[^\s"/]+\/v2\//, weight: 40, with: wrongHost, when: atUpstream },
  ],
  examples: [],
  causes: [
    { what: 'ctr without `--hosts-dir`', tell: 'crictl works' },
    { what: 'config_path is not set, or is a list in 2.1 to 2.3', tell: '`containerd config dump | grep config_path`' },
    {
      what: 'The folder has another name than containerd looks for: no port, hub.docker.com, registry-1.docker.io',
      tell: '`containerd-runbooks hosts REFERENCE`',
    },
  ],
  retriable: false,
  doc: {
    meaning: 'A mirror is configured, but the failed request went to the image’s own registry: certs.d was not looked at for this pull.',
    impact: 'Mirrors, CAs and http entries have no effect, without any message.',
    diagnosis: [
      { what: 'See which folder belongs to the reference.', command: 'containerd-runbooks hosts REFERENCE' },
      { what: 'Read the path in effect.', command: 'containerd config dump | grep config_path' },
      {
        what: 'Compare the clients.',
        command:
          'crictl pull IMAGE\nctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d IMAGE\nnerdctl --hosts-dir /etc/containerd/certs.d pull IMAGE',
      },
    ],
    mitigation: [
      'Set `config_path` to one folder.',
      'Name the folder after the host in the reference: `docker.io`, `HOST:PORT` with the port.',
      'Give ctr `--hosts-dir`.',
    ],
    restart: 'Yes for config_path; no for files in certs.d.',
    rules: ['hosts-not-read', 'hosts-folder-name', 'config-path-list', 'config-path-missing', 'config-path-relative'],
    related: [
      { id: 'net.timeout', apart: 'the upstream is what was meant to be asked' },
      { id: 'tls.unknown-ca', apart: 'the upstream is what was meant to be asked' },
      { id: 'config.hosts-toml-invalid', apart: 'the file was read and refused' },
    ],
    sources: [
      'containerd core/remotes/docker/config/hosts.go: HostDirFromRoot',
      'containerd core/transfer/registry/registry.go: NewOCIRegistry',
    ],
  },
  messages: {
    cause: 'The request went to the image’s own registry: certs.d was not looked at for this pull.',
    causeAtHost: 'The request went to {host}: certs.d was not looked at for this pull.',
    nextStep: 'Run containerd-runbooks hosts with the reference, and check config_path or give ctr --hosts-dir.',
  },
};
