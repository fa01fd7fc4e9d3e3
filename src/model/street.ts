/**
 * The records of dropset, in the order in which they travel: read this file first.
 *
 *     sources ─Line▶ filters ─Failure▶ jails ─Verdict▶ ledger ─Change▶ writer ─Batch▶ backends
 *                                                                      ◀─Receipt─
 *
 * All of them are immutable values. Times are milliseconds since the Unix epoch; `until: null` means never.
 */
import type { DropsetError } from './errors.js';
import { isOfList } from './list-source.js';
import type { Prefix } from './prefix.js';
import type { Scope } from './scope.js';

/** One line of a log, without its line break. Untrusted: attackers write it. */
export interface Line {
  /** Decoded as UTF-8, invalid bytes replaced by U+FFFD; at most the source's limit. */
  readonly text: string;
  /** Where it came from, as an operator would name it: a path. */
  readonly source: string;
  /** Byte offset of the line's start in that source. */
  readonly position: number;
}

/** What a filter found in a line: somebody failed at something. */
export interface Failure {
  readonly prefix: Prefix;
  /** By the log's own clock. */
  readonly time: number;
  /** As whom they tried to log in, where the line says. Untrusted. */
  readonly user?: string | undefined;
  readonly line: Line;
}

/** A decision, of a jail or of a person: from here on jails, commands and programs take the same way. */
export type Verdict = BanVerdict | UnbanVerdict;

export interface BanVerdict {
  readonly kind: 'ban';
  readonly ban: Ban;
  /** When the line was read that was the last straw, by `monotonic`; absent where no line was, and where a name had to be resolved first. */
  readonly read?: number;
}

/** The jail that bans by hand belong to; no other may be called so. */
export const MANUAL = 'manual';

/** The jail of bans by hand that end by themselves unless they are confirmed. */
export const UNCONFIRMED = 'unconfirmed';

/** Whether no jail of a configuration may be called so. */
export const isReserved = (jail: string): boolean => jail === MANUAL || jail === UNCONFIRMED || isOfList(jail);

/** Lifts the bans of one prefix: those of one jail, or of all jails where `jail` is absent. */
export interface UnbanVerdict {
  readonly kind: 'unban';
  readonly prefix: Prefix;
  readonly jail?: string;
}

/** What is banned, by whom, why, from when until when. The ledger keeps it. One prefix has at most one ban of a jail. */
export interface Ban {
  readonly prefix: Prefix;
  /** The jail's name, or `MANUAL`. */
  readonly jail: string;
  readonly reason: string;
  readonly since: number;
  readonly until: number | null;
  /** Which packets it is about; absent: all are dropped. */
  readonly scope?: Scope | undefined;
  /** The lines that led to it, oldest first, at most 10 of 500 characters; absent for bans by hand. Attackers wrote them. */
  readonly lines?: readonly string[];
}

/** What the kernel holds. Several bans may stand behind one element. */
export interface Element {
  readonly prefix: Prefix;
  readonly until: number | null;
  /** Which packets are dropped, or observed; absent: all are dropped. */
  readonly scope?: Scope | undefined;
  /** Packets and bytes dropped through this element, or observed; absent where elements, or those of its scope, are not counted. */
  readonly packets?: number;
  readonly bytes?: number;
}

/** Makes one element stand until a time (new, longer or shorter: the last word holds), or takes it away. */
export type Change = AddChange | RemoveChange;

export interface AddChange {
  readonly verb: 'add';
  readonly prefix: Prefix;
  readonly until: number | null;
  /** The union of those of the bans behind it; absent: all packets are dropped. */
  readonly scope?: Scope | undefined;
}

export interface RemoveChange {
  readonly verb: 'remove';
  readonly prefix: Prefix;
  /**
   * It is banned, and folded: the element of this wider prefix stands for it, at least as long. It goes only if that one stands, and where it has not
   * gone nothing is wrong.
   */
  readonly foldedInto?: Prefix;
}

/** A removal of what is folded. */
export type Fold = RemoveChange & { readonly foldedInto: Prefix };

export const isFold = (change: Change): change is Fold => change.verb === 'remove' && change.foldedInto !== undefined;

/** The kernel's word on one change: it holds what was asked (`error` absent), or it refused. */
export interface Receipt {
  readonly change: Change;
  readonly error?: DropsetError;
}

/** What was dropped since the table was made, and what is held, in total. */
export interface Counters {
  /** Exact up to 5,000; beyond, those that ended within the last minute may be counted, and before 6.17 it is absent. */
  readonly elements?: number;
  readonly packets: number;
  readonly bytes: number;
  /** Let through, of addresses that are observed. */
  readonly observed?: Traffic;
  /** Dropped or observed, by the text of the scope, since it was first used; those of no scope are not in it. */
  readonly scopes?: ReadonlyMap<string, Traffic>;
}

export interface Traffic {
  readonly packets: number;
  readonly bytes: number;
}
