import type { CheckKind } from './check';

const unavailable = 'errors/cri.runtime-unavailable';

export const accessKind = {
  id: 'node-access',
  asks: 'As whom is the node asked?',
  source: '/proc/self/status, read permission on /proc/1/environ, sudo -n',
  outcomes: {
    root: { status: 'pass', text: 'The node was asked as root.' },
    sudo: { status: 'pass', text: 'The node was asked as a user who may use sudo without a password.' },
    user: {
      status: 'skip',
      text: "Asked as an ordinary user: containerd's environment, its open files and what it says over its socket need root or sudo -n.",
    },
  },
} as const satisfies CheckKind;

export const containerdRunningKind = {
  id: 'containerd-running',
  asks: 'Does containerd run?',
  source: '/proc/*/comm, /proc/net/unix, containerd --version',
  outcomes: {
    pass: { status: 'pass', text: 'containerd runs as process {pid}{version}.' },
    listening: { status: 'pass', text: 'containerd listens{version}; its process is not to be seen from here.' },
    replaced: {
      status: 'warn',
      text: 'containerd runs as process {pid}, but its program was replaced since it started.',
      when: '/proc/PID/exe is a deleted file',
      means: 'It was upgraded without a restart: what runs is the old release, what "containerd --version" says{version} is the new one.',
      next: 'Restart containerd: "systemctl restart containerd".',
      docs: unavailable,
    },
    stopped: {
      status: 'fail',
      text: 'containerd does not run{version}.',
      when: 'it is installed, every process of the node was seen, none is containerd, and nobody listens on its socket',
      means: 'Without containerd the node pulls nothing.',
      next: 'Run "journalctl -u containerd -n 50" on the node for why it ended, and "systemctl start containerd".',
      docs: unavailable,
    },
    absent: {
      status: 'fail',
      text: 'containerd does not run, and there is none on PATH.',
      when: 'the same, and there is no program called containerd either',
      means: 'Without containerd the node pulls nothing.',
      next: 'Install it and start it, or name the node that is meant with --node; k3s and RKE2 start their own.',
      docs: unavailable,
    },
    elsewhere: {
      status: 'warn',
      text: 'A containerd runs, but it sees other files than we do{version}.',
      when: 'the only process called containerd is in another mount namespace',
      means: 'It serves a container, or we are inside one: what is read here need not be what it reads.',
      next: 'Enter the files of the node: --node "exec:nsenter -t 1 -m", behind the command that leads there.',
      docs: unavailable,
    },
    'not-seen': {
      status: 'warn',
      text: "No containerd process is to be seen{version}: other users' processes are hidden from this user.",
      when: '/proc hides processes (hidepid), and nobody listens on its socket',
      means: 'If it does not run, the node pulls nothing.',
      next: 'Log in as root, or run "systemctl status containerd" on the node.',
      docs: unavailable,
    },
    unknown: { status: 'skip', text: 'The processes of the node cannot be read.' },
  },
} as const satisfies CheckKind;

export const socketKind = {
  id: 'containerd-socket',
  asks: 'Does containerd listen, and may we ask it?',
  source: '[grpc] address of config.toml, the usual places, and the sockets the process holds (/proc/PID/fd with /proc/net/unix)',
  outcomes: {
    pass: { status: 'pass', text: 'containerd listens on {path}.' },
    'no-permission': {
      status: 'warn',
      text: 'containerd listens on {path}, but this user may not write to it.',
      when: 'the socket is not writable and there is no sudo -n',
      means: 'It works for root; what containerd says of itself cannot be asked.',
      next: 'Log in as root, or let this user use sudo without a password.',
      docs: unavailable,
    },
    stale: {
      status: 'fail',
      text: '{path} is there, but nothing listens on it: containerd has ended or is still starting.',
      when: 'the file is there and not in /proc/net/unix as listening',
      means: 'kubelet and crictl get "connection refused".',
      next: 'Run "systemctl status containerd" and "journalctl -u containerd -n 50" on the node.',
      docs: unavailable,
    },
    none: { status: 'skip', text: 'No socket of containerd was found at the usual places.' },
  },
} as const satisfies CheckKind;

export const answeringKind = {
  id: 'containerd-answers',
  asks: 'Does containerd answer over its socket?',
  source: 'ctr plugins ls, else crictl version (5 s)',
  outcomes: {
    pass: { status: 'pass', text: 'containerd answers over {path}, asked with {tool}.' },
    silent: {
      status: 'fail',
      text: 'containerd does not answer over {path}: {reason}.',
      when: 'the tool ends with an error or runs into its time limit',
      means: 'It listens but does not serve: it is still loading plugins, or hangs on its disk.',
      next: 'Run "journalctl -u containerd -n 50" on the node.',
      docs: unavailable,
    },
    refused: { status: 'skip', text: 'Not asked: only root may use {path}.' },
    'no-tool': { status: 'skip', text: 'Not asked: the node has neither ctr nor crictl.' },
  },
} as const satisfies CheckKind;

export const criKind = {
  id: 'cri-plugin',
  asks: 'Is the CRI plugin, which the kubelet pulls through, loaded?',
  source: 'ctr plugins ls -d, else crictl, else the last "failed to load plugin" of the journal',
  outcomes: {
    loaded: { status: 'pass', text: 'The CRI plugin is loaded.' },
    failed: {
      status: 'fail',
      text: 'The CRI plugin is not loaded: {error}.',
      when: 'the plugin has an error',
      means: 'containerd runs, but kubelet and crictl get "unknown service runtime.v1.RuntimeService"{file}.',
      next: 'Correct config.toml ("containerd-runbooks lint" says where) and restart containerd.',
      docs: unavailable,
    },
    absent: {
      status: 'warn',
      text: 'containerd runs without the CRI plugin.',
      when: 'the plugin is not in the list, or was skipped',
      means: "It is switched off, as by the config.toml of Docker's containerd.io package: no kubelet can use this containerd.",
      next: 'On a node of Kubernetes take "cri" out of disabled_plugins and restart containerd.',
      docs: 'rules/config-cri-disabled',
    },
    logged: {
      status: 'warn',
      text: 'The log last said that the CRI plugin was not loaded: {error}.',
      when: 'no tool answered, and the log has such a line',
      means: 'Unless containerd was restarted with success since then, kubelet cannot use it.',
      next: 'Run "ctr plugins ls -d id==cri" as root on the node.',
      docs: unavailable,
    },
    unknown: { status: 'skip', text: 'Whether the CRI plugin is loaded cannot be told: {reason}.' },
  },
} as const satisfies CheckKind;

export const configKind = {
  id: 'containerd-config',
  asks: 'Does containerd of this release take its config.toml with all imports?',
  source: 'the file of --config, else the usual places; read and judged as lint does',
  outcomes: {
    pass: { status: 'pass', text: '{path} is taken as it is by containerd {release}.' },
    defaults: { status: 'pass', text: 'There is no config.toml: containerd runs with its defaults.' },
    refused: {
      status: 'fail',
      text: 'containerd {release} refuses {path}: {problem}.',
      when: 'a setting keeps containerd from starting or the CRI plugin from loading',
      means: 'As it stands, the node pulls nothing for Kubernetes.',
      next: 'Correct the line (the page says how) and restart containerd.',
      docs: 'errors/config.cri-plugin-conflict',
    },
    'next-start': {
      status: 'warn',
      text: 'containerd {release} will refuse {path} when it starts next: {problem}.',
      when: 'as refused, while the CRI plugin is loaded',
      means: 'The file was changed since containerd started, so the fault shows at the next restart or reboot.',
      next: 'Correct the line (the page says how) before anybody restarts containerd.',
      docs: 'errors/config.cri-plugin-conflict',
    },
    ignored: {
      status: 'warn',
      text: '{path} has settings that containerd {release} ignores: {problem}.',
      when: 'a key or table without effect',
      means: 'What they say does not happen; containerd does not complain about it.',
      next: 'Run "containerd-runbooks lint" with --node for this node.',
      docs: 'errors/config.ignored-setting',
    },
    unreadable: { status: 'skip', text: '{path} cannot be read by this user.' },
    'no-release': { status: 'skip', text: '{path} was not judged: the release of containerd is not known.' },
  },
} as const satisfies CheckKind;

export const deprecationKind = {
  id: 'containerd-deprecations',
  asks: 'Does containerd warn of settings that a coming release takes away?',
  source: 'ctr deprecations list (ctr of 1.6.25, 1.7.9 or later)',
  outcomes: {
    pass: { status: 'pass', text: 'containerd warns of no deprecated setting.' },
    warned: {
      status: 'warn',
      text: 'containerd warns of {ids}.',
      when: 'the list is not empty',
      means: 'It works today: {messages}',
      next: 'Change it before the upgrade that removes it.',
      docs: 'rules/config-deprecated-registry',
    },
    unknown: { status: 'skip', text: 'Deprecation warnings cannot be asked for: {reason}.' },
  },
} as const satisfies CheckKind;

export const filesKind = {
  id: 'file-descriptors',
  asks: 'Has containerd file descriptors left?',
  source: '/proc/PID/fd (root), /proc/PID/limits',
  outcomes: {
    pass: { status: 'pass', text: 'containerd has {open} files open of {limit}.' },
    high: {
      status: 'warn',
      text: 'containerd has {open} files open of {limit}.',
      when: 'more than 80 % of the soft limit',
      means: 'At the limit pulls and new containers fail with "too many open files".',
      next: 'Set LimitNOFILE=infinity or a higher number in a drop-in of containerd.service.',
      docs: unavailable,
    },
    full: {
      status: 'fail',
      text: 'containerd has {open} files open of {limit}: no more can be opened.',
      when: 'more than 98 % of the soft limit',
      means: 'Pulls and new containers fail with "too many open files".',
      next: 'Set a higher LimitNOFILE in a drop-in of containerd.service and restart it.',
      docs: unavailable,
    },
    unknown: { status: 'skip', text: 'The open files of containerd cannot be counted: that needs root.' },
  },
} as const satisfies CheckKind;

export const sandboxKind = {
  id: 'sandbox-image',
  asks: 'Is the pause image, without which no pod starts, on the node?',
  source: 'ctr -n k8s.io images ls, else crictl images; its name from config.toml, else the default of the release',
  outcomes: {
    pass: { status: 'pass', text: 'The sandbox image {image} is on the node.' },
    missing: {
      status: 'warn',
      text: 'The sandbox image {image} is not on the node.',
      when: 'not in the list, on a node with a kubelet or images',
      means: 'The first pod pulls it, by way of its own registry, and waits for it.',
      next: 'Pull it now ("crictl pull {image}"), or name a mirror of it in config.toml.',
      docs: 'errors/cri.sandbox-image',
    },
    unknown: { status: 'skip', text: 'Whether the sandbox image is there cannot be told: {reason}.' },
    unused: { status: 'skip', text: 'No sandbox image is needed: {reason}.' },
  },
} as const satisfies CheckKind;

export const endpointKind = {
  id: 'kubelet-endpoint',
  asks: 'Does the kubelet talk to this containerd?',
  source: 'flags of the kubelet in /proc/*/cmdline, containerRuntimeEndpoint of its --config',
  outcomes: {
    pass: { status: 'pass', text: 'The kubelet uses {endpoint}.' },
    unset: { status: 'skip', text: 'The kubelet runs without an endpoint of its own: it uses the one its release presets.' },
    stale: {
      status: 'fail',
      text: 'The kubelet uses {endpoint}, where nothing listens.',
      when: 'that socket is there and nobody listens on it',
      means: 'The node is NotReady: the kubelet has no runtime.',
      next: 'Start containerd: "systemctl start containerd".',
      docs: unavailable,
    },
    other: {
      status: 'warn',
      text: 'The kubelet uses {endpoint}, which is no socket of the containerd found here ({sockets}).',
      when: 'its socket is none of those of containerd',
      means: 'It pulls through another runtime, so the settings of this containerd do not count for pods.',
      next: 'Set --container-runtime-endpoint of the kubelet to the socket of the runtime that is meant.',
      docs: unavailable,
    },
    none: { status: 'skip', text: 'No kubelet is to be seen on the node.' },
  },
} as const satisfies CheckKind;

export const providerKind = {
  id: 'kubelet-credentials',
  asks: 'Which credential providers does the kubelet ask for pull credentials?',
  source: '--image-credential-provider-config and -bin-dir of the kubelet',
  outcomes: {
    pass: { status: 'pass', text: 'The kubelet gets credentials from {providers}; ctr and crictl do not use them.' },
    none: { status: 'skip', text: 'The kubelet has no credential provider: pods need imagePullSecrets for private images.' },
    missing: {
      status: 'warn',
      text: 'The kubelet is to get credentials from {providers}, but there is no such program in {folder}.',
      when: 'the program is not there or cannot be executed',
      means: 'Private images are pulled without credentials, and the kubelet does not start again.',
      next: 'Install the provider into {folder} under that name.',
      docs: 'errors/auth.no-credentials',
    },
    unread: { status: 'skip', text: 'The kubelet gets credentials as {config} says, which cannot be read by this user.' },
  },
} as const satisfies CheckKind;
