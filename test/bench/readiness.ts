import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startDockerRegistry } from '../fixtures/dockerRegistry';
import { startSshd } from '../fixtures/sshd';
import { median, printTable } from './figures';

const rounds = 15;
const aimMs = 400;

/**
 * A whole readiness check over a fresh ssh connection beside `ssh host true`, in pairs on loopback. What counts is the difference; the
 * start of Node.js is in it. Connections are counted by a stand-in `ssh` that is handed on to the real one, as those with their own login.
 */
export async function benchReadiness(): Promise<void> {
  const [sshd, registry] = await Promise.all([startSshd(), startDockerRegistry()]);
  const calls = join(sshd.folder, 'calls');
  const env = countingEnv(sshd.folder, calls);
  const cli = ['dist/cli.js', 'ready', '--node', sshd.name, '--ssh-config', sshd.config, '--format', 'json'];
  const variants: readonly (readonly [string, readonly string[]])[] = [
    ['ready', cli],
    ['ready --registry', [...cli, '--registry', `http://${registry.host}`]],
  ];
  try {
    const rows = [];
    for (const [name, words] of variants) {
      const pairs: (readonly [number, number])[] = [];
      for (let round = 0; round < rounds; round++)
        pairs.push([await timed('ssh', ['-F', sshd.config, sshd.name, 'true']), await timed(process.execPath, words)]);
      const difference = median(pairs.map(([plain, whole]) => whole - plain));
      rows.push({
        check: name,
        'ssh host true ms': median(pairs.map(([plain]) => plain)),
        'whole ms': median(pairs.map(([, whole]) => whole)),
        'difference ms': difference,
        [`aim ${aimMs} ms`]: difference <= aimMs ? 'kept' : 'missed',
      });
    }
    printTable(rows);
    await timed(process.execPath, variants[1]?.[1] ?? [], env);
    const count = spawnSync('grep', ['-c', 'login', calls], { encoding: 'utf8' }).stdout.trim();
    const start = await timed(process.execPath, ['dist/cli.js', 'ready', '--print-gate']);
    console.log(`ssh connections of one check: ${count}; start of the program alone: ${start.toFixed(0)} ms`);
  } finally {
    await Promise.all([sshd.stop(), registry.stop()]);
  }
}

async function timed(file: string, words: readonly string[], env = process.env): Promise<number> {
  const started = performance.now();
  await once(spawn(file, [...words], { stdio: 'ignore', env }), 'close');
  return performance.now() - started;
}

/** Calls that share a master (ControlMaster=no with its socket) make no connection. */
function countingEnv(folder: string, calls: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const real = spawnSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).stdout.trim();
  const script = `#!/bin/sh\ncase " $* " in *ControlMaster=no*) echo shared ;; *) echo login ;; esac >>${calls}\nexec ${real} "$@"\n`;
  writeFileSync(join(bin, 'ssh'), script, { mode: 0o755 });
  return { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
}
