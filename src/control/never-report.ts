/** Who is never banned, and what the lockout guard protects at the moment. */
export interface NeverReport {
  readonly entries: readonly {
    /** An address, a prefix, the name of a host, or the path of a list that cannot be used. */
    readonly entry: string;
    /** `configuration`, or the path of a list and the line in it. */
    readonly from: string;
    /** What it stands for: itself, or what the name resolves to. */
    readonly addresses: readonly string[];
    /** Since when it has been these. */
    readonly since: string;
    /** Why what it stands for is old, or unknown; null where it is not. */
    readonly fault: string | null;
  }[];
  /** Login names whose failures do not count for any jail. */
  readonly users: readonly string[];
  readonly guard: {
    /** Of this machine: who has a session there would be cut off. */
    readonly ports: readonly number[];
    /** Prefixes with shorter lengths are refused. */
    readonly widest: { readonly ipv4: number; readonly ipv6: number };
    readonly own: readonly string[];
    readonly gateways: readonly string[];
    readonly resolvers: readonly string[];
    /** `user` is who is logged in from there, as systemd-logind or utmp tell; null where nobody is. */
    readonly sessions: readonly { readonly address: string; readonly port: number; readonly user: string | null }[];
  };
}
