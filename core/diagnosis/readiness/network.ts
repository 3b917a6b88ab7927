import type { Address, Addresses } from '../../probes/addresses';
import type { DefaultRoute } from '../../probes/defaultRoute';
import { isLoopback, isRunning, isUp, type NetworkInterface } from '../../probes/interfaces';
import type { Neighbour } from '../../probes/neighbours';
import type { Resolver } from '../../probes/resolver';
import type { CheckDocument } from '../../protocol/ready';
import type { MessageArgs } from '../../text/message';
import { checkOf } from './check';
import { addressKind, neighbourKind, mtuKind, resolverKind, routeKind, runningKind } from './networkKinds';
import { reason } from './reasons';

/**
 * As isEthReady of people who pull over interfaces attached at run time: not loopback, up, running, and with an address that is no
 * loopback one. Go counts a link-local address; here it is a warning.
 */
export function interfaceChecks(name: string, known: readonly NetworkInterface[], addresses: Addresses): readonly CheckDocument[] {
  const found = known.find((one) => one.name === name);
  const own = addresses.byInterface.get(name) ?? [];
  return [
    runningCheck(name, found, known, own),
    found || own.length > 0 ? addressCheck(name, own, addresses.unattributed) : checkOf(addressKind, name, 'missing'),
    ...(found?.mtu === undefined ? [] : [mtuCheck(name, found.mtu)]),
  ];
}

function runningCheck(
  name: string,
  found: NetworkInterface | undefined,
  known: readonly NetworkInterface[],
  own: readonly Address[],
): CheckDocument {
  const say = (key: keyof typeof runningKind.outcomes, evidence: string, args: MessageArgs = {}) =>
    checkOf(runningKind, name, key, { interface: name, ...args }, evidence);
  if (!found) {
    if (own.length > 0) return say('unseen', 'it is not under /sys/class/net, but has addresses');
    const others = known.map((one) => one.name).join(', ');
    return say('missing', `/sys/class/net: ${others}`, { others: others === '' ? reason('none-seen') : others });
  }
  const evidence = `flags 0x${(found.flags ?? 0).toString(16)}, operstate ${found.operstate || '?'}, carrier ${found.carrier ?? '?'}`;
  if (isLoopback(found)) return say('loopback', evidence);
  if (found.flags === undefined && found.operstate === '') return say('unknown', evidence);
  if (!isUp(found)) return say('down', evidence);
  return isRunning(found) ? say('pass', evidence) : say('not-running', evidence, { operstate: found.operstate || 'unknown' });
}

function addressCheck(name: string, own: readonly Address[], unattributed: readonly Address[]): CheckDocument {
  const say = (key: keyof typeof addressKind.outcomes, some: readonly Address[]) =>
    checkOf(addressKind, name, key, { interface: name, addresses: sorted(some) }, sorted(own));
  const real = own.filter(({ scope }) => scope !== 'loopback');
  const usable = real.filter(({ pending }) => pending === undefined);
  if (usable.some(({ scope }) => scope === 'global')) return say('pass', usable);
  if (usable.length > 0) return say('link-local', usable);
  if (real.length > 0) return say('pending', real);
  if (own.length > 0) return say('loopback', own);
  return unattributed.length > 0 ? say('unattributed', unattributed) : say('none', own);
}

/** `IPv4 10.0.0.5; IPv6 2001:db8::2; link-local fe80::1 (tentative)`. */
function sorted(addresses: readonly Address[]): string {
  const kinds = ['IPv4', 'IPv6', 'link-local', 'loopback'] as const;
  const kindOf = ({ address, scope }: Address) => (scope === 'global' ? (address.includes(':') ? 'IPv6' : 'IPv4') : scope);
  return kinds
    .flatMap((kind) => {
      const some = addresses.filter((one) => kindOf(one) === kind);
      const list = some.map(({ address, pending }) => (pending ? `${address} (${pending})` : address));
      return some.length > 0 ? [`${kind} ${list.join(', ')}`] : [];
    })
    .join('; ');
}

/** RFC 8200: every IPv6 link carries 1280 bytes; a smaller one is a tunnel in a tunnel, or a mistake. */
const smallestMtu = 1280;

function mtuCheck(name: string, mtu: number): CheckDocument {
  return checkOf(mtuKind, name, mtu < smallestMtu ? 'small' : 'pass', { interface: name, mtu }, `/sys/class/net/${name}/mtu: ${mtu}`);
}

export function routeCheck(routes: readonly DefaultRoute[], known: boolean): CheckDocument {
  const interfaces = [...new Set(routes.map((route) => route.interface))].join(', ');
  const evidence = routes.map(
    (route) => `${route.family} over ${route.interface}${route.gateway === undefined ? '' : ` by ${route.gateway}`}`,
  );
  if (!known) return checkOf(routeKind, 'default route', 'unknown');
  return routes.length > 0
    ? checkOf(routeKind, 'default route', 'pass', { interfaces }, evidence.join('; '))
    : checkOf(routeKind, 'default route', 'none');
}

/** Of each IPv4 gateway over the interfaces in question. */
export function neighbourChecks(
  routes: readonly DefaultRoute[],
  neighbours: readonly Neighbour[],
  interfaces: readonly string[],
): readonly CheckDocument[] {
  return routes.flatMap(({ gateway, interface: name }) => {
    if (gateway === undefined || !interfaces.includes(name)) return [];
    const known = neighbours.find((one) => one.address === gateway && one.interface === name);
    const key = known === undefined ? 'unasked' : known.complete ? 'pass' : 'silent';
    return [checkOf(neighbourKind, gateway, key, { gateway, interface: name }, known === undefined ? '' : '/proc/net/arp')];
  });
}

export function resolverCheck({ readable, nameservers, search }: Resolver): CheckDocument {
  const servers = nameservers.join(', ');
  const evidence = [servers, ...(search.length > 0 ? [`search ${search.join(' ')}`] : [])].join('; ');
  const file = '/etc/resolv.conf';
  if (!readable) return checkOf(resolverKind, file, 'unreadable');
  return checkOf(resolverKind, file, nameservers.length > 0 ? 'pass' : 'none', { servers }, evidence);
}
