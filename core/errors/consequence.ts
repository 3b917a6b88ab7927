/**
 * A cancelled context beside another failure is what that failure led to: containerd cancels its other fetches (errgroup) and nerdctl its
 * progress display (`active check failed`) when one of them fails.
 */
export const consequence =
  /active check failed|trying next host|i\/o timeout|connection re(?:set|fused)|unexpected EOF|no such host|x509: |TLS handshake timeout/;
