import type { Probe, ProbeOutput } from './probe';
import { quote } from './quote';

export interface InterfaceRequest {
  readonly interface: string;
  readonly url: string;
}

export interface InterfaceAnswer extends InterfaceRequest {
  /** `no-tool`: the node has no curl, and wget cannot choose an interface. */
  readonly outcome: 'answered' | 'interface' | 'name' | 'connect' | 'timeout' | 'tls' | 'failed' | 'no-tool' | 'unknown';
  readonly status: number;
  /** Address that was connected to, and seconds until connected and until the answer. */
  readonly address: string;
  readonly connectS: number;
  readonly totalS: number;
  /** curl's exit code. */
  readonly code: number;
}

const maxTimeS = 8;

/**
 * One GET per URL and interface, bound to that interface, straight to the registry. Trust in its certificate is another check: -k.
 */
export const interfaceRequestsProbe: Probe<readonly InterfaceRequest[], readonly InterfaceAnswer[]> = {
  id: 'interface-requests',
  timeoutMs: maxTimeS * 1000 + 1000,
  script: (requests) => `if command -v curl >/dev/null 2>&1; then
  ask() {
    r=$(curl -q -s -k -o /dev/null --noproxy '*' --connect-timeout 5 -m ${maxTimeS} --interface "$2" -w '%{http_code} %{remote_ip} %{time_connect} %{time_total}' "$3" 2>/dev/null)
    printf 'answer %s %s %s\\n' "$1" $? "$r"
  }
${requests.map(({ interface: name, url }, index) => `  ask ${index} ${quote(name)} ${quote(url)} &`).join('\n')}
  wait
else echo no-curl; fi`,
  parse: ({ stdout }: ProbeOutput, requests) =>
    requests.map((request, index): InterfaceAnswer => {
      const none = { ...request, status: 0, address: '', connectS: 0, totalS: 0, code: 0 };
      if (/^no-curl$/m.test(stdout)) return { ...none, outcome: 'no-tool' };
      const match = new RegExp(`^answer ${index} (\\d{1,3}) (\\d{3}) (\\S{0,60}) (\\d+[.,]\\d+) (\\d+[.,]\\d+)$`, 'm').exec(stdout);
      const alone = new RegExp(`^answer ${index} (\\d{1,3})`, 'm').exec(stdout);
      const code = Number((match ?? alone)?.[1] ?? -1);
      if (!match) return { ...none, code, outcome: code > 0 ? outcomeOf(code, 0) : 'unknown' };
      const seconds = (text = '') => Number(text.replace(',', '.'));
      const status = Number(match[2]);
      return {
        ...request,
        status,
        address: match[3] ?? '',
        connectS: seconds(match[4]),
        totalS: seconds(match[5]),
        code,
        outcome: outcomeOf(code, status),
      };
    }),
};

/** curl(1), EXIT CODES. Once there is a status the registry has answered, whatever came after. */
function outcomeOf(code: number, status: number): InterfaceAnswer['outcome'] {
  if (status > 0) return 'answered';
  switch (code) {
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
