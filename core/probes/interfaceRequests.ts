import type { Probe, ProbeOutput } from './probe';
import { quote } from './quote';

export interface InterfaceRequest {
  readonly interface: string;
  readonly url: string;
  /** The way to it in the words of curl's configuration, which may hold a password. */
  readonly way: string;
  /** The proxy that containerd takes for it, as it may be shown. */
  readonly proxy?: string;
}

export interface InterfaceAnswer extends InterfaceRequest {
  /** `no-tool`: the node has no curl, and wget cannot choose an interface. */
  readonly outcome:
    'answered' | 'interface' | 'name' | 'connect' | 'timeout' | 'tls' | 'proxy' | 'proxy-name' | 'failed' | 'no-tool' | 'unknown';
  readonly status: number;
  /** Of the proxy that refused; 0 without. */
  readonly proxyStatus: number;
  /** Address that was connected to, and seconds until connected and until the answer. */
  readonly address: string;
  readonly connectS: number;
  readonly totalS: number;
  /** curl's exit code. */
  readonly code: number;
}

const maxTimeS = 8;

/**
 * What stands before the probe, in the same shell: the way of each request, exported. An argument list shows what it
 * holds to every user of the node, and the text of a probe stands in one.
 */
export function interfacePrelude(requests: readonly InterfaceRequest[]): string {
  return requests.map(({ way }, index) => `export crb_way_${index}=${quote(way)}`).join('\n');
}

/**
 * One GET per URL and interface, bound to that interface, by the way that containerd takes. Trust in its certificate is another check: -k.
 */
export const interfaceRequestsProbe: Probe<readonly InterfaceRequest[], readonly InterfaceAnswer[]> = {
  id: 'interface-requests',
  timeoutMs: maxTimeS * 1000 + 1000,
  script: (requests) => `if command -v curl >/dev/null 2>&1; then
  ask() {
    r=$(printf %s "$4" | curl -q -K - -s -k -o /dev/null --connect-timeout 5 -m ${maxTimeS} --interface "$2" -w '%{http_code} %{http_connect} %{remote_ip} %{time_connect} %{time_total}' "$3" 2>/dev/null)
    printf 'answer %s %s %s\\n' "$1" $? "$r"
  }
${requests.map(({ interface: name, url }, index) => `  ask ${index} ${quote(name)} ${quote(url)} "$crb_way_${index}" &`).join('\n')}
  wait
else echo no-curl; fi`,
  parse: ({ stdout }: ProbeOutput, requests) =>
    requests.map((request, index): InterfaceAnswer => {
      const none = { ...request, status: 0, proxyStatus: 0, address: '', connectS: 0, totalS: 0, code: 0 };
      if (/^no-curl$/m.test(stdout)) return { ...none, outcome: 'no-tool' };
      const match = new RegExp(`^answer ${index} (\\d{1,3}) (\\d{3}) (\\d{3}) (\\S{0,60}) (\\d+[.,]\\d+) (\\d+[.,]\\d+)$`, 'm').exec(
        stdout,
      );
      const alone = new RegExp(`^answer ${index} (\\d{1,3})`, 'm').exec(stdout);
      const code = Number((match ?? alone)?.[1] ?? -1);
      if (!match) return { ...none, code, outcome: code > 0 ? outcomeOf(code) : 'unknown' };
      const seconds = (text = '') => Number(text.replace(',', '.'));
      const status = Number(match[2]);
      // Of plain HTTP a proxy that wants a password answers in place of the registry.
      const refusal = request.proxy === undefined ? 0 : status === 407 ? status : Number(match[3]);
      const answered = status > 0 ? 'answered' : outcomeOf(code);
      return {
        ...request,
        status,
        proxyStatus: refusal,
        address: match[4] ?? '',
        connectS: seconds(match[5]),
        totalS: seconds(match[6]),
        code,
        outcome: refusal > 299 ? 'proxy' : answered,
      };
    }),
};

/** curl(1), EXIT CODES. Once there is a status the registry has answered, whatever came after. */
function outcomeOf(code: number): InterfaceAnswer['outcome'] {
  switch (code) {
    case 5:
      return 'proxy-name';
    case 6:
      return 'name';
    case 7:
      return 'connect';
    case 28:
      return 'timeout';
    case 35:
      return 'tls';
    case 45:
      return 'interface';
    default:
      return 'failed';
  }
}
