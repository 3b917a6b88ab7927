import { onOneLine } from '../chain';
import type { ErrorClass } from '../errorClass';

const pauseImage = /\/pause(?:-amd64|-arm64)?[:@]\w/;

export const criSandboxImage: ErrorClass = {
  id: 'cri.sandbox-image',
  title: 'Pause image cannot be pulled',
  signals: [
    { pattern: /failed to get sandbox image/, weight: 54, scope: 'anywhere' },
    {
      pattern: /(?:failed to )?(?:pull|pulling) (?:sandbox|pause|infra) image|sandbox_image|podSandboxImage/,
      weight: 50,
      scope: 'anywhere',
      with: /fail|error|cannot|unable/i,
    },
    { pattern: pauseImage, weight: 46, when: (chain) => onOneLine(chain, pauseImage, /fail|error/i) },
    { pattern: /\/pause\/(?:manifests|blobs)\//, weight: 46 },
    {
      pattern: /[Ff]ailed to create pod sandbox: |CreatePodSandbox/,
      then: /\b(?:pull|image)\b/,
      weight: 44,
      scope: 'anywhere',
    },
  ],
  examples: [
    {
      text: 'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox image "registry.example/pause:3.9"',
      containerd: '1.7',
    },
    {
      text: 'RunPodSandbox for &PodSandboxMetadata{Name:app} failed, error" error="failed to get sandbox image "registry.example/pause:3.9": failed to pull image "registry.example/pause:3.9"',
    },
  ],
  causes: [
    { what: 'Garbage collection removed the pause image and it cannot be pulled again', tell: '`crictl images | grep pause` is empty' },
    { what: 'registry.k8s.io or the host that it redirects to is blocked', tell: 'the URL in the message' },
    { what: 'The runtime’s own pull has no credentials', tell: '`no basic auth credentials` behind it' },
  ],
  retriable: true,
  doc: {
    meaning:
      'Before any container, containerd pulls the pause image of the pod by itself. That pull failed, whatever the pod’s own images are.',
    impact: 'No pod can start on this node. Pull secrets of the pod are not used for it.',
    diagnosis: [
      {
        what: 'See what is wanted and what is there.',
        command: 'containerd config dump | grep -E "sandbox(_image)? ="; crictl images | grep pause',
      },
      { what: 'Pull it.', command: 'crictl pull PAUSE-IMAGE' },
    ],
    mitigation: [
      'Name an image that the node can pull in config.toml: `sandbox_image = "IMAGE"` under `[plugins."io.containerd.grpc.v1.cri"]` (version 2), or `sandbox = "IMAGE"` under `[plugins."io.containerd.cri.v1.images".pinned_images]` (version 3).',
      'Load it by hand: `ctr -n k8s.io images import pause.tar`.',
      'Upgrade to 1.6.22, 1.7.3 or newer: they pin the image that config.toml names, so that kubelet’s garbage collection spares it (`crictl inspecti PAUSE-IMAGE` says `pinned`). `ctr -n k8s.io images label IMAGE io.cri-containerd.pinned=pinned` pins another one.',
      'Configure a mirror for registry.k8s.io.',
    ],
    restart: 'Yes, containerd, after changing config.toml.',
    rules: [],
    related: [
      { id: 'auth.no-credentials', apart: 'the inner reason comes first where it can be read' },
      { id: 'net.timeout', apart: 'the inner reason comes first where it can be read' },
    ],
    sources: ['containerd internal/cri/server/sandbox_run.go: RunPodSandbox'],
  },
  messages: {
    cause: 'The pause image, which containerd pulls by itself for every pod, is missing and cannot be pulled.',
    causeOfReference: 'The pause image {reference}, which containerd pulls by itself for every pod, is missing and cannot be pulled.',
    nextStep:
      'Compare sandbox_image (config version 2) or sandbox of pinned_images (version 3) in containerd config dump with crictl images, and pull that image by hand.',
    nextStepOfReference:
      'Run crictl pull {reference} on the node; another image is set as sandbox_image in [plugins."io.containerd.grpc.v1.cri"] (config version 2) or as sandbox in [plugins."io.containerd.cri.v1.images".pinned_images] (version 3), then systemctl restart containerd.',
  },
};
