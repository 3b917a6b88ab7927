/** Words of ours that stand within the text of a check: why something is not known, or what stands where a list is empty. */
import { catalogOf, message, type Catalog, type Message, type MessageArgs } from '../../text/message';

const texts = {
  'root-only': 'only root may ask',
  'containerd-silent': 'containerd does not answer',
  'no-tool': 'there is no tool to ask with',
  'no-socket': 'containerd has no socket',
  'no-answer': 'no answer in time',
  'no-reason': 'no reason given',
  'old-ctr': 'this ctr is older than the list',
  'because-of': '; {path} is why',
  unlimited: 'any number',
  'no-provider': 'no provider',
  none: 'none',
  'none-seen': 'none to be seen',
  'no-cri': 'containerd runs without the CRI plugin',
  'no-release': 'the release of containerd is not known',
  'no-images': 'the images of the node could not be listed',
  'no-kubelet': 'there is neither a kubelet nor an image for one',
  memory: 'memory',
  io: 'the disk',
  cpu: 'a processor',
  'curl-interface': 'curl cannot bind to that interface',
  'curl-name': 'the name was not found',
  'curl-connect': 'the connection was refused, or there is no route',
  'curl-timeout': 'no answer in time',
  'curl-tls': 'the TLS handshake failed',
  'curl-proxy': 'the proxy refuses with status {proxyStatus}',
  'curl-proxy-name': 'the name of the proxy was not found',
  'curl-failed': 'curl ends with {code}',
} as const;

export const reasonMessages: Catalog = catalogOf('reason', texts);

export function reason(key: keyof typeof texts, args: MessageArgs = {}): Message {
  return message(`reason/${key}`, args);
}
