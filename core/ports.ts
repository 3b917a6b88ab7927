/** The outside world as core sees it. cli/ and server/ implement these; tests implement them over literals. */
import type { Message } from './text/message';
import type { TextRange } from './text/ranges';

/** Stops work early. `onCancelled` returns the function that takes the listener back. */
export interface Cancellation {
  readonly cancelled: boolean;
  onCancelled(listener: () => void): () => void;
}

/** Milliseconds since an arbitrary start, and the wall clock as milliseconds since 1970. */
export interface Clock {
  monotonicMs(): number;
  nowMs(): number;
}

/**
 * A snapshot of a machine's files: what a path holds was read before core asks. Paths are absolute POSIX paths of that machine.
 * `rooted` is true when the snapshot is of the machine the files are meant for (`--root`, a node): then a path that is `missing` is
 * missing there. When false (a workspace), a missing path proves nothing.
 */
export interface ConfigTree {
  readonly rooted: boolean;
  /** When the files were read, as milliseconds since 1970: certificates are judged by it. Absent: their dates are not judged. */
  readonly takenMs?: number;
  stat(path: string): PathKind;
  /** The text of a file; undefined when it cannot be read. */
  read(path: string): string | undefined;
  /** Whether the bytes of a file are no UTF-8: its text has U+FFFD in their place then. Absent: they all are. */
  notUtf8?(path: string): boolean;
  /** Names in a folder, sorted; undefined when it is no readable folder. */
  list(path: string): readonly string[] | undefined;
  /** What the PEM blocks of a file hold; undefined when the file cannot be read. */
  pem(path: string): PemFile | undefined;
}

/** `unreadable`: it is there, but permission or an I/O error hides what it holds. */
export type PathKind = 'file' | 'directory' | 'missing' | 'unreadable';

export interface PemFile {
  readonly certificates: readonly Certificate[];
  readonly privateKeys: readonly PrivateKey[];
  /** PEM blocks whose content could not be parsed, by their label. */
  readonly broken: readonly string[];
}

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly isCa: boolean;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** SHA-256 of the public key (SPKI), hex: equal to that of the private key that belongs to it. */
  readonly publicKeyId: string;
}

export interface PrivateKey {
  /** Null where the key itself was taken out before anybody could look into it. */
  readonly publicKeyId: string | null;
}

/** A machine. `S` is what the implementation dials with (a Node.js Duplex in cli/); core never looks inside. */
export interface Node<S = unknown> {
  /** As the user wrote it: `local`, an ssh destination, `exec:…`. */
  readonly name: string;
  /** Runs a POSIX sh script on the node; never rejects for what the script does. Rejects with NodeUnreachable. */
  run(script: string, options: RunOptions): Promise<RunResult>;
  /** Opens a TCP connection from the node's network. */
  dial(host: string, port: number, options: DialOptions): Promise<DialResult<S>>;
  /** When it answered, as milliseconds since 1970: a recording is judged by the clock of then. Absent: now. */
  readonly takenMs?: number;
  /** It finds the addresses of a name itself when it dials: others leave that to the machine at the far end, and never learn them. */
  readonly looksUp?: boolean;
  /** Goes around `send`, which dials: a recording answers itself, since what was said over TLS cannot be said again. */
  requests?(send: SendRequest): SendRequest;
  close(): Promise<void>;
}

export interface RunOptions {
  readonly timeoutMs: number;
  readonly cancellation?: Cancellation;
  readonly stdin?: string;
  /** Called with each chunk of stdout, so that a stage can report while it runs. */
  readonly onStdout?: (chunk: string) => void;
  /** It runs for as long as somebody watches: beside other scripts, and only `onStdout` gets what it prints. */
  readonly endless?: boolean;
}

export type RunResult =
  | { readonly status: 'exited'; readonly code: number; readonly stdout: string; readonly stderr: string }
  | { readonly status: 'timeout' | 'cancelled'; readonly stdout: string; readonly stderr: string };

export interface DialOptions {
  readonly timeoutMs: number;
  readonly cancellation?: Cancellation;
  /** Why an address is not to be connected to. Only where the node `looksUp` names itself. */
  readonly refusal?: (address: string) => NetFailure | undefined;
}

export type DialResult<S> =
  | {
      readonly ok: true;
      readonly stream: S;
      readonly address: string | undefined;
      readonly timings: { readonly dnsMs?: number; readonly connectMs?: number };
    }
  | { readonly ok: false; readonly failure: NetFailure; readonly timings: { readonly dnsMs?: number; readonly connectMs?: number } };

/** One HTTP request without redirects: containerd's redirect rules are core's. */
export interface HttpRequest {
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
  readonly tls: TlsSettings | undefined;
  readonly dialTimeoutMs: number;
  /** Which http.Transport of Go's this is: requests of different ones never share a connection. Absent: one for all. */
  readonly transport?: string;
  /** Whether containerd closes such an answer without reading its body, and Go its connection with it. Absent: it never does. */
  readonly closesUnread?: (status: number, headers: HttpResponse['headers']) => boolean;
  /**
   * A registry chose this host, and named it: it gets nothing unless its address is known, and is none where clouds keep the credentials
   * of a machine (core/resolver/metadata.ts).
   */
  readonly led?: boolean;
  /**
   * How much of the body is wanted: nothing, the start up to a limit in bytes, or its digest and size (a layer's diff id too). With a
   * status over 299 the start of the text comes in any case: containerd reports what a registry says there. `plain`: a layer that counts as
   * a tar whatever its first bytes look like.
   */
  readonly want:
    | { readonly body: 'none' }
    | { readonly body: 'text'; readonly maxBytes: number }
    | { readonly body: 'digest'; readonly diffId: boolean; readonly plain?: boolean };
}

export interface TlsSettings {
  readonly skipVerify: boolean;
  /** Files on the node, as hosts.toml or config.toml names them. */
  readonly caFiles: readonly string[];
  readonly clientCertificates: readonly { readonly cert: string; readonly key: string }[];
  /** TLS 1.x config may pin another name; undefined means the URL's host. */
  readonly serverName?: string;
}

export type HttpOutcome = HttpResponse | HttpFailure;

export interface HttpResponse {
  readonly ok: true;
  readonly status: number;
  readonly statusText: string;
  /** Lower-case names in the order received. */
  readonly headers: readonly (readonly [string, string])[];
  readonly body?: string;
  /** Set when the body was read: bytes received, `sha256:…` of them, of the decompressed stream, and how reading ended. */
  readonly size?: number;
  readonly digest?: string;
  readonly diffId?: string;
  /** Why the layer is no archive that can be unpacked, as Go's gzip and archive/tar say it. */
  readonly archiveError?: string;
  readonly bodyFailure?: NetFailure;
  readonly timings: Timings;
}

export interface HttpFailure {
  readonly ok: false;
  readonly failure: NetFailure;
  readonly timings: Timings;
}

/** Milliseconds; a phase that did not happen is absent. */
export interface Timings {
  readonly dns?: number;
  readonly connect?: number;
  readonly tls?: number;
  readonly firstByte?: number;
  readonly total: number;
}

/** Why bytes did not travel, in the words of the operating system; core/go puts it as Go does. */
export type NetFailure =
  /** `lookup host on server: reason`; `server` as `10.0.0.2:53`. */
  | { readonly kind: 'lookup'; readonly host: string; readonly server?: string; readonly reason: string }
  /** `dial tcp address: connect: reason`; reason `i/o timeout` has no `connect: `. */
  | { readonly kind: 'dial'; readonly address: string; readonly reason: string }
  | { readonly kind: 'read' | 'write'; readonly local?: string; readonly address: string; readonly reason: string }
  | {
      readonly kind:
        | 'eof'
        | 'unexpected-eof'
        | 'tls-handshake-timeout'
        | 'response-header-timeout'
        | 'deadline'
        | 'cancelled'
        | 'http-response-to-https';
    }
  | { readonly kind: 'malformed-response'; readonly line: string }
  /** `socks`: what the SOCKS dialer names, `proxy->target`, or nothing where it does not get that far. */
  | { readonly kind: 'proxyconnect'; readonly cause: NetFailure; readonly socks?: string }
  /** The proxy answered, and made no connection: the text of its status, or what is wrong with its answer. `status`: where HTTP has one. */
  | { readonly kind: 'proxy-status'; readonly statusText: string; readonly status?: number }
  | { readonly kind: 'tls'; readonly reason: TlsReason }
  /** A fixed sentence of Go's. */
  | { readonly kind: 'words'; readonly text: string }
  /**
   * Nothing that containerd would meet: the transport could not be had (no ssh forwarding and nothing to dial with on the node), or the
   * answer not be read as containerd reads it. A replay stops there. `message` says the same in every language.
   */
  | { readonly kind: 'unavailable'; readonly reason: string; readonly message?: Message };

export type TlsReason =
  | {
      readonly kind: 'unknown-authority';
      readonly candidate?: string;
      /** Why that candidate was none; by default an RSA signature that does not fit. */
      readonly hint?: string;
    }
  | {
      readonly kind: 'hostname';
      readonly host: string;
      readonly dnsNames: readonly string[];
      readonly ipAddresses: readonly string[];
      /** Set when it fits the host and the certificate has no other names. */
      readonly commonName?: string;
    }
  | { readonly kind: 'expired'; readonly nowMs: number; readonly notAfterMs: number }
  | { readonly kind: 'not-yet-valid'; readonly nowMs: number; readonly notBeforeMs: number }
  | { readonly kind: 'not-a-ca' | 'too-weak' | 'incompatible-usage' }
  /** `first record does not look like a TLS handshake`. */
  | { readonly kind: 'record-header' }
  /** `remote error: tls: <name>`. */
  | { readonly kind: 'alert'; readonly name: string }
  | { readonly kind: 'protocol-version' }
  | { readonly kind: 'other'; readonly text: string };

export type SendRequest = (request: HttpRequest, cancellation: Cancellation | undefined) => Promise<HttpOutcome>;

/** Where something stands: a file of the machine that is looked at, and the span in it. */
export interface Location {
  readonly path: string;
  readonly range: TextRange;
}
