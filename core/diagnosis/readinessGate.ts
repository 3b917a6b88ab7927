import { quote } from '../probes/quote';

export interface Gate {
  readonly interfaces: readonly string[];
  /** URLs that end in `/v2/`. */
  readonly urls: readonly string[];
  readonly timeoutS: number | undefined;
}

/**
 * The interface checks as one line of POSIX sh for boot scripts: it waits until every interface is up, running and has an address that is
 * no loopback one, and every registry gives an HTTP answer (through the first interface where there is curl). With a limit it ends with
 * 1 when the time is over. Needs a shell, /proc and /sys; sleep; and curl or wget for registries, which are left out without either.
 * These go by the proxies of the environment that the line runs in, under the names that Go reads: it cannot know those of a containerd
 * that is started later.
 */
export function gateLine({ interfaces, urls, timeoutS }: Gate): string {
  const conditions = [
    ...interfaces.map((name) => `up ${quote(name)}`),
    ...urls.map((url) => `answers ${quote(url)}${interfaces[0] === undefined ? '' : ` ${quote(interfaces[0])}`}`),
  ];
  const limit = timeoutS === undefined ? '' : `t=$((t+1)); [ $t -lt ${Math.ceil(timeoutS)} ] || exit 1; `;
  const functions = [
    ...(interfaces.length > 0 ? [addressFunction, upFunction] : []),
    ...(urls.length > 0 ? [proxies, answersFunction] : []),
  ];
  return `( t=0; ${functions.join(' ')} until ${conditions.join(' && ')}; do ${limit}sleep 1; done )`;
}

/** As interfacesProbe: IFF_UP without IFF_LOOPBACK, operstate, carrier. */
const upFunction =
  'up() { d=/sys/class/net/$1; { read -r f <"$d/flags" && [ $(($f & 9)) -eq 1 ] && read -r o <"$d/operstate" && read -r c <"$d/carrier"; } 2>/dev/null || return 1; ' +
  'case $o$c in up1|unknown1) address "$1" ;; *) return 1 ;; esac; };';

/** As addressesProbe. Without ip, a network that is directly connected stands for its IPv4 address. */
const addressFunction =
  'address() { if command -v ip >/dev/null 2>&1; then ip -o addr show dev "$1" 2>/dev/null | ' +
  "{ while read -r l; do case $l in *tentative*|*dadfailed*|*'inet 127.'*|*'inet6 ::1/'*) ;; *inet*) exit 0 ;; esac; done; exit 1; }; else " +
  'while read -r i n g r; do case $i/$g in "$1/00000000") [ "$n" = 00000000 ] || return 0 ;; esac; done </proc/net/route; ' +
  'while read -r a n p s f i; do case $i/$s/$f in "$1/10/"*|*/[4567cdef]?|*/?[89abcdef]) ;; "$1/"*) return 0 ;; esac; done </proc/net/if_inet6; return 1; fi; };';

/** curl and wget want them in lower case; Go takes those in capitals first, and knows no ALL_PROXY. */
const proxies =
  'http_proxy=${HTTP_PROXY:-${http_proxy-}} https_proxy=${HTTPS_PROXY:-${https_proxy-}} no_proxy=${NO_PROXY:-${no_proxy-}}; ' +
  'export http_proxy https_proxy no_proxy; unset HTTPS_PROXY NO_PROXY ALL_PROXY all_proxy;';

/** Any HTTP answer counts: 401 is what a registry says to a stranger. */
const answersFunction =
  'answers() { if command -v curl >/dev/null 2>&1; then curl -q -s -k -o /dev/null -m 5 ${2:+--interface "$2"} "$1"; ' +
  'elif command -v wget >/dev/null 2>&1; then case $(wget -S -T 5 -O /dev/null "$1" 2>&1) in *HTTP/*) ;; *) return 1 ;; esac; fi; };';
