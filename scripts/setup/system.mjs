// The system programs that the tests run for real. As root on Debian or Ubuntu missing ones are installed, elsewhere the one command
// that does it is printed: a test that cannot run is a failed test, never a skipped one.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fail, run } from './packages.mjs';

/** Program → Debian package. */
const programs = {
  sshd: 'openssh-server',
  ssh: 'openssh-client',
  'docker-registry': 'docker-registry',
  chromium: 'chromium',
  containerd: 'containerd',
  openssl: 'openssl',
  htpasswd: 'apache2-utils',
  busybox: 'busybox-static',
  dash: 'dash',
  ip: 'iproute2',
  git: 'git',
  curl: 'curl',
  sudo: 'sudo',
  'ansible-playbook': 'ansible-core',
};

export function ensureSystemPrograms() {
  const missing = Object.entries(programs).filter(([program]) => !onPath(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, name]) => name);
  const names = missing.map(([program]) => program).join(', ');
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  if (process.getuid?.() !== 0 || !onPath('apt-get')) fail(`The tests need ${names}. As root on Debian or Ubuntu: ${command}`);
  console.log(`Installing system packages for the tests: ${packages.join(' ')} …`);
  const quiet = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  run('apt-get', ['update', '-qq'], quiet);
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], { ...quiet, stdio: ['ignore', 'ignore', 'inherit'] });
  const still = missing.filter(([program]) => !onPath(program)).map(([program]) => program);
  if (still.length > 0) fail(`Installed ${packages.join(', ')}, but ${still.join(', ')} cannot be found on PATH.`);
}

function onPath(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];
  return folders.some((folder) => folder !== '' && existsSync(join(folder, program)));
}
