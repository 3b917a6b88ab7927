import type { ErrorClass } from '../errorClass';

export const netResetOrEof: ErrorClass = {
  id: 'net.reset-or-eof',
  title: 'Connection broken',
  signals: [
    {
      pattern: /connection reset by peer|tls: bad record MAC|broken pipe|forcibly closed by the remote host|connection was aborted/,
      weight: 70,
      unless: /\.sock\b|dial unix/,
    },
    // Nginx, as a registry's gateway, on its side.
    { pattern: /\bupstream prematurely closed connection\b/, then: /"(?:GET|HEAD) \/v2\//, weight: 66, scope: 'anywhere' },
    { pattern: /short read: expected \d+ bytes|failed to read expected number of bytes/, weight: 72 },
    {
      pattern: /stream error: stream ID|\bGOAWAY\b|http2: (?:client|server|Transport|stream)|INTERNAL_ERROR; received from peer/,
      weight: 70,
    },
    {
      pattern: /\bunexpected EOF\b/,
      weight: 64,
      unless: /extract layer|mount callback|apply ?layer|register layer|untar re-exec error|processing tar file\(|\.sock\b/i,
    },
    { pattern: /(?:"|: |^|desc = |\] )EOF(?=$|[\s"',)\]])/m, weight: 63, unless: /\.sock\b|failed to fetch (?:anonymous|oauth) token/ },
    {
      pattern: /use of closed network connection|server closed idle connection|transport connection broken|connection closed before/,
      weight: 60,
      unless: /malformed HTTP/,
    },
    {
      pattern: /\breset\b|\bEOF\b|\bbroken pipe\b|\bconnection (?:\w+ ){0,2}(?:closed|aborted|lost|dropped|interrupted)\b|\bECONNRESET\b/i,
      weight: 38,
      scope: 'failedPull',
    },
  ],
  examples: [
    {
      text: 'failed to pull and unpack image "registry.example/app:1": failed to copy: httpReadSeeker: failed open: failed to do request: Get "https://registry.example/v2/app/blobs/sha256:1a2b": read tcp 10.0.0.2:40112->10.0.0.9:443: read: connection reset by peer',
      containerd: '2.0',
    },
    { text: 'ctr: short read: expected 200249 bytes but got 50: unexpected EOF', containerd: '2.1' },
  ],
  causes: [
    { what: 'A middlebox, proxy or load balancer cuts long transfers', tell: 'large layers fail after the same time or amount' },
    {
      what: 'The path MTU is smaller than the interface says',
      tell: 'small requests work and large answers stall; a ping of 1500 bytes does not come back and a smaller one does',
    },
    { what: 'The registry or its storage restarts or is overloaded', tell: 'other nodes fail at the same moment' },
    {
      what: 'A plain-HTTP request to a TLS port, which some servers answer by closing',
      tell: 'the URL begins with http:// and the port is a TLS port',
    },
  ],
  retriable: true,
  doc: {
    meaning: 'A connection that had been made was cut: reset by the peer, or ended before all bytes came.',
    impact:
      'containerd resumes a cut download up to three times without progress, then the pull fails. Lines with `context canceled` that follow are the other downloads being stopped.',
    diagnosis: [
      {
        what: 'Find the first error by time; later ones are consequences.',
        command: 'journalctl -u containerd --since -10min -o short-precise | grep -m1 -E "reset by peer|EOF|GOAWAY"',
      },
      {
        what: 'Download the same blob with curl.',
        command:
          'curl -o /dev/null -w "%{size_download} %{http_code}\\n" -L -H "Authorization: Bearer $TOKEN" https://HOST/v2/REPOSITORY/blobs/DIGEST',
      },
      {
        what: 'Find the path MTU: with 28 bytes of headers this is a packet of 1500 (IPv6: 1452 and 48). Try smaller ones until it comes back; a registry that answers no ping at all says nothing, then tracepath. An `mtu` of the route outranks that of the interface.',
        command: 'ping -4 -M do -s 1472 -c 3 HOST; tracepath -n HOST; ip route get ADDRESS',
      },
    ],
    mitigation: [
      'Retry; layers that were complete are kept.',
      'Raise the read time-outs of proxies in between.',
      'Let ICMP "fragmentation needed" (IPv6: "packet too big") through, or set the MTU that works: `ip link set dev INTERFACE mtu 1400`, for good in netplan, NetworkManager or the option interface-mtu of DHCP.',
      'Where neither can be changed: `sysctl -w net.ipv4.tcp_mtu_probing=1` on the node.',
    ],
    restart: 'No.',
    rules: [],
    related: [
      { id: 'net.blob-host-blocked', apart: 'the cut connection is to a storage or CDN host' },
      { id: 'registry.5xx', apart: 'an error status; when EOF came first and the status after, it is this class' },
      { id: 'cancel.progress-timeout', apart: 'a lone `context canceled` without reset or EOF' },
      { id: 'unpack.bad-archive', apart: '`unexpected EOF` while a layer is extracted: the archive ends early, not the connection' },
    ],
    sources: [
      'containerd core/remotes/docker/httpreadseeker.go',
      'containerd core/content/helpers.go: Copy',
      'RFC 1191, RFC 8201: path MTU discovery',
      'https://docs.kernel.org/networking/ip-sysctl.html: tcp_mtu_probing',
    ],
  },
  messages: {
    cause: 'The connection was cut before the answer was complete.',
    causeAtHost: 'The connection to {host} was cut before the answer was complete.',
    nextStep: 'Look for the first error by time in the journal, then download the same blob with curl from the node.',
  },
};
