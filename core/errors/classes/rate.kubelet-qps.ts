import type { ErrorClass } from '../errorClass';

export const rateKubeletQps: ErrorClass = {
  id: 'rate.kubelet-qps',
  title: 'kubelet limits its own pulls',
  signals: [{ pattern: /pull QPS exceeded/i, weight: 95, scope: 'anywhere' }],
  examples: [
    { text: 'Failed to pull image "registry.example/app:1": pull QPS exceeded' },
    { text: 'Warning  Failed  12s (x3 over 40s)  kubelet  Error: ErrImagePull: pull QPS exceeded.' },
  ],
  causes: [
    {
      what: 'More pulls per second than registryPullQPS (5) with registryBurst (10) allow',
      tell: 'many pods start on the node at once; no request reached the registry',
    },
  ],
  retriable: true,
  doc: {
    meaning: 'kubelet refused to start the pull because it had started too many in this second. containerd was not asked.',
    impact: 'Pods start later; kubelet tries again by itself.',
    diagnosis: [
      {
        what: 'Read the limits (from a machine with kubectl).',
        command:
          'kubectl get --raw "/api/v1/nodes/NODE/proxy/configz" | jq ".kubeletconfig | {registryPullQPS, registryBurst, serializeImagePulls}"',
      },
    ],
    mitigation: [
      'Raise `registryPullQPS` and `registryBurst` in the KubeletConfiguration (kubeadm: /var/lib/kubelet/config.yaml).',
      'Spread the start of pods.',
    ],
    restart: 'Yes, kubelet (`systemctl restart kubelet`); containerd is not concerned.',
    rules: [],
    related: [{ id: 'rate.too-many-requests', apart: 'the registry’s limit: 429' }],
    sources: ['kubernetes pkg/kubelet/images/helpers.go: throttledImageService'],
  },
  messages: {
    cause: 'kubelet started more pulls per second than its own limit allows; no registry was asked.',
    nextStep: 'Wait for kubelet’s next try, or raise registryPullQPS and registryBurst.',
  },
};
