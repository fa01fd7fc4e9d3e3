/** A jail that is ready to be named: a filter, where its lines usually are, and a threshold. Plain data. */
export interface Preset {
  readonly name: string;
  /** What it bans for, as half a sentence. */
  readonly summary: string;
  /** A stock filter's name, with options if need be. */
  readonly filter: string;
  /** Absolute paths with globs, of Debian and Ubuntu first, then of Red Hat's family; empty where no file is read. */
  readonly logpath: readonly string[];
  /** Matches of the journal: read where none of the files is there, and by `journal = true`. Absent where its lines are never there. */
  readonly journalmatch?: readonly string[];
  /** Login records are read in place of a log. */
  readonly btmp?: true;
  readonly maxretry: number;
  /** As dropset.toml has them: `10m`. */
  readonly findtime: string;
  readonly bantime: string;
  /**
   * Behind a proxy, where every packet is the proxy's, the client is told by:
   * - `field`: X-Forwarded-For as the last field of the line, with `trusted_proxies`.
   * - `program`: the program itself, which has to be told to (mod_remoteip, real_ip, `follow_x_forwarded_for`).
   * - `none`: nobody asks such a service through a proxy of the web.
   */
  readonly proxied: 'field' | 'program' | 'none';
}

/** What the system's own log has, of facility auth. */
export const AUTH_LOGS: readonly string[] = ['/var/log/auth.log', '/var/log/secure'];

/** Facility auth in the journal: whatever its program is called. */
export const AUTH_JOURNAL: readonly string[] = ['SYSLOG_FACILITY=4'];
