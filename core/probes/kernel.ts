import type { Probe, ProbeOutput } from './probe';

export interface Kernel {
  readonly release: string | undefined;
  /** overlay is registered; a module may still be loaded on demand. */
  readonly overlay: boolean;
}

/** What the default snapshotter needs of the kernel. */
export const kernelProbe: Probe<void, Kernel> = {
  id: 'kernel',
  timeoutMs: 2000,
  script: () => `read -r v </proc/sys/kernel/osrelease && printf 'release %s\\n' "$v"
while read -r a b; do case "$a $b" in *overlay*) echo overlay ;; esac; done </proc/filesystems
for m in "/lib/modules/$v/kernel/fs/overlayfs/"overlay.ko*; do [ -e "$m" ] && echo overlay; done
:`,
  parse: ({ stdout }: ProbeOutput) => ({ release: /^release (\S{1,200})/m.exec(stdout)?.[1], overlay: /^overlay$/m.test(stdout) }),
};
