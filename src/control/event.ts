import type { Level } from '../model/events.js';

/** An event as a line of the log (`format = "json"`) and of `GET /v1/events` has it. Times are ISO 8601 in UTC. */
export type EventRecord =
  | RecordOf<'ban', BanTerms>
  /** `jail` is null where the bans of every jail were lifted. */
  | RecordOf<'unban', { readonly address: string; readonly jail: string | null }>
  | RecordOf<'end', BanTerms>
  /** `until` is its new end. */
  | RecordOf<'extended', BanTerms & { readonly packets: number }>
  /** Many at a time, for who does not hear of each. */
  | RecordOf<'changes', { readonly bans: number; readonly unbans: number; readonly ends: number }>
  | RecordOf<'lifted', { readonly elements: number }>
  | RecordOf<'refused', { readonly address: string; readonly error: string; readonly more: number }>
  | RecordOf<'problem', object>
  | RecordOf<'repair', { readonly of: 'kernel' | 'ledger'; readonly count: number }>
  | RecordOf<'note', object>
  | RecordOf<'start', { readonly backend: string; readonly jails: number; readonly restored: number }>
  | RecordOf<'stopping', { readonly cause: string }>
  | RecordOf<'stop', { readonly stand: boolean }>
  | RecordOf<'reload', { readonly taken: boolean }>
  /** `user` is null where the whole jail is under siege, `until` while it lasts. */
  | RecordOf<'siege', SiegeTerms>
  /** A packet, one of a few: `[log] dropped = "service"`. */
  | RecordOf<'dropped', DroppedTerms>
  /** So many events were not kept for a reader that was too slow. */
  | RecordOf<'missed', { readonly count: number }>
  /** The stream goes on, and nothing happened. */
  | RecordOf<'heartbeat', object>;

interface BanTerms {
  readonly address: string;
  readonly jail: string;
  readonly reason: string;
  readonly since: string;
  readonly until: string | null;
  /** As `dropset list` has it: `all`, `tcp/22`, `observe`. */
  readonly scope: string;
}

interface SiegeTerms {
  readonly jail: string;
  readonly state: 'begin' | 'end';
  readonly user: string | null;
  readonly since: string;
  readonly until: string | null;
  /** Of its own, of who had failed less than maxretry times. */
  readonly bans: number;
}

interface DroppedTerms {
  readonly source: string;
  readonly destination: string;
  /** `tcp`, or its number. */
  readonly protocol: string;
  /** Null where it has none. */
  readonly port: number | null;
  readonly jails: readonly string[];
  /** Null where no ban of it is known any more. */
  readonly reason: string | null;
}

type RecordOf<Name extends string, Fields> = {
  readonly time: string;
  readonly level: Level;
  readonly event: Name;
  /** A sentence for people; what could forge a line or move a cursor is shown as `\u{1b}`. */
  readonly message: string;
} & Fields;

export const EVENT_NAMES = [
  ...(['ban', 'unban', 'end', 'extended', 'changes', 'lifted', 'refused', 'problem', 'repair'] as const),
  ...(['note', 'start', 'stopping', 'stop', 'reload', 'siege', 'dropped', 'missed', 'heartbeat'] as const),
] satisfies readonly EventRecord['event'][];

export type EventName = (typeof EVENT_NAMES)[number];
