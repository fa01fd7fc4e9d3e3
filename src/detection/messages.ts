import type { JailConfig } from '../config/types.js';
import type { JailReport } from '../model/jail-report.js';
import type { SiegeChange } from '../model/siege.js';
import type { Position } from '../sources/chunk.js';
import type { CountEntry } from './counts.js';

/** What the detection thread works for. Plain values: they are copied from thread to thread. */
export interface Wanted {
  readonly jails: readonly JailConfig[];
  /** Never-rules of everybody, as text. */
  readonly never: readonly string[];
}

/** What it is started with. */
export interface Assignment extends Wanted {
  /** Bytes of a line that are read. */
  readonly maxLine: number;
  /** How far sources had been read when somebody last looked. */
  readonly positions: readonly PositionNews[];
  /** What had been counted by then, the oldest first: see `CountEntry`. */
  readonly counts: readonly string[];
}

/** What has been done so far. With it goes every verdict that came of it: they are written down together, or not at all. */
export interface Progress {
  /** Of sources that have been read further. */
  readonly positions: readonly PositionNews[];
  readonly counts?: CountEntry;
}

/** How far one source has been read. */
export interface PositionNews {
  /** What the source is called in the ledger. */
  readonly source: string;
  readonly position: Position;
}

/** To the thread. */
export type Order =
  /** The batch of that number has reached the kernel, or been refused by it. */
  | { readonly kind: 'enforced'; readonly batch: number }
  /** Some progress was not written down: tell all of it once more. */
  | { readonly kind: 'lost' }
  /** Never-rules of everybody in place of those before, as text. */
  | { readonly kind: 'never'; readonly never: readonly string[] }
  /** Asks for a `Report`. */
  | { readonly kind: 'report'; readonly request: number }
  /** Make ready for other jails and never-rules: expressions are compiled, names looked up, and nothing changes. Answered by `prepared`. */
  | (Wanted & { readonly kind: 'prepare'; readonly request: number })
  /** Go on with what was made ready last. Answered by `replaced`. */
  | { readonly kind: 'replace'; readonly request: number }
  /** Stop reading. The thread ends when its sources are closed. */
  | { readonly kind: 'stop' };

/** From the thread. */
export type News =
  /** Every log file is open and watched: what is written from now on is read. */
  | { readonly kind: 'ready' }
  | (Progress & { readonly kind: 'verdicts'; readonly batch: number; readonly bans: readonly BanNews[] })
  | { readonly kind: 'sentence'; readonly sentence: string }
  /** A siege of a jail begins, or ends. */
  | (SiegeChange & { readonly kind: 'siege'; readonly jail: string })
  | { readonly kind: 'report'; readonly request: number; readonly report: Report }
  | (Progress & { readonly kind: 'progress' })
  /** The answer to `prepare`: with faults nothing has been made ready. */
  | { readonly kind: 'prepared'; readonly request: number; readonly faults: readonly string[] }
  | { readonly kind: 'replaced'; readonly request: number };

/** A `Ban`, its prefix as text. */
export interface BanNews {
  /** As `BanVerdict` has it. */
  readonly read?: number;
  readonly address: string;
  readonly jail: string;
  readonly reason: string;
  readonly since: number;
  readonly until: number | null;
  readonly lines?: readonly string[];
}

/** How each jail is doing. */
export interface Report {
  readonly jails: readonly JailReport[];
}
