import type { ServerOptions } from 'node:https';
import { join } from 'node:path';
import { tinyImage } from '../fixtures/image';
import { createPki, type Issued, type Pki } from '../fixtures/pki';
import { scriptedRegistry } from '../fixtures/scriptedRegistry';
import { assertSame, besideContainerd, writeHosts, type Place } from './beside';

interface World {
  readonly ca: Issued;
  readonly otherCa: Issued;
  readonly pki: Pki;
}

interface Scenario {
  /** undefined: plain http behind an https URL. */
  readonly server: (world: World) => Issued | undefined;
  readonly options?: (world: World) => ServerOptions;
  /** Lines of the host's entry. */
  readonly lines: (world: World) => readonly string[];
  readonly scheme?: 'http' | 'https';
}

const address = { names: 'IP:127.0.0.1' };
const trusted = ({ ca }: World) => [`ca = "${ca.certFile}"`];
const good = ({ pki, ca }: World) => pki.leaf('good', ca, address);
const wantsClient = ({ ca }: World): ServerOptions => ({ requestCert: true, rejectUnauthorized: true, ca: ca.cert });

const scenarios: Readonly<Record<string, Scenario>> = {
  'its own CA, named': { server: good, lines: trusted },
  'its own CA, not named': { server: good, lines: () => [] },
  'another CA': { server: good, lines: ({ otherCa }) => [`ca = "${otherCa.certFile}"`] },
  'no verification': { server: good, lines: () => ['skip_verify = true'] },
  'an expired certificate': { server: ({ pki, ca }) => pki.leaf('expired', ca, { ...address, fromDays: -9, toDays: -2 }), lines: trusted },
  'a certificate of tomorrow': {
    server: ({ pki, ca }) => pki.leaf('tomorrow', ca, { ...address, fromDays: 2, toDays: 9 }),
    lines: trusted,
  },
  'a certificate for another name': { server: ({ pki, ca }) => pki.leaf('named', ca, { names: 'DNS:other.example' }), lines: trusted },
  'a certificate for another address': { server: ({ pki, ca }) => pki.leaf('addressed', ca, { names: 'IP:127.0.0.9' }), lines: trusted },
  'a certificate without names': { server: ({ pki, ca }) => pki.leaf('nameless', ca, { commonName: '127.0.0.1' }), lines: trusted },
  'a certificate for clients': {
    server: ({ pki, ca }) => pki.leaf('client-only', ca, { ...address, usage: 'clientAuth' }),
    lines: trusted,
  },
  'a client certificate asked for and given': {
    server: good,
    options: wantsClient,
    lines: (world) => {
      const client = world.pki.leaf('client', world.ca, { usage: 'clientAuth' });
      return [...trusted(world), `client = [["${client.certFile}", "${client.keyFile}"]]`];
    },
  },
  'a client certificate asked for and not given': { server: good, options: wantsClient, lines: trusted },
  'the same in TLS 1.2': { server: good, options: (world) => ({ ...wantsClient(world), maxVersion: 'TLSv1.2' }), lines: trusted },
  'plain http behind https': { server: () => undefined, lines: trusted },
  'https behind plain http': { server: good, lines: () => [], scheme: 'http' },
};

describe('TLS beside the real ctr', () => {
  let world: World;
  before(() => {
    const pki = createPki();
    world = { pki, ca: pki.authority('ca'), otherCa: pki.authority('other-ca') };
  });
  after(() => world.pki.remove());
  besideContainerd(scenarios, run);

  async function run(title: string, { server, options, lines, scheme = 'https' }: Scenario, { containerd, scratch }: Place): Promise<void> {
    const issued = server(world);
    const tls = issued && { cert: issued.cert, key: issued.key, ...options?.(world) };
    const registry = await scriptedRegistry(tinyImage(`tls ${title}`), undefined, tls);
    try {
      const url = `${scheme}://${registry.host}`;
      const text = `server = "${url}"\n[host."${url}"]\n${lines(world).join('\n')}\n`;
      const hostsDir = writeHosts(join(scratch, registry.host), registry.host, text);
      await assertSame(containerd, { reference: `${registry.host}/rig/tiny:v1`, hostsDir, registries: [registry] });
    } finally {
      await registry.close();
    }
  }
});
