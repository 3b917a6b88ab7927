export interface HostsDocument {
  readonly schema: 1;
  readonly reference: string;
  readonly directory: string | null;
  readonly file: string | null;
  readonly outcome: 'used' | 'dropped' | 'fatal' | 'none';
  readonly error: string | null;
  readonly hosts: readonly {
    readonly scheme: string;
    readonly host: string;
    readonly path: string;
    readonly capabilities: readonly string[];
    readonly skipVerify: boolean | null;
    readonly headers: Readonly<Record<string, readonly string[]>>;
    readonly caFiles: number;
    readonly clientCertificates: number;
    readonly tryHttpsFirst: boolean;
  }[];
}
