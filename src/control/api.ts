/**
 * What goes over the socket: HTTP with JSON bodies. Times are ISO 8601 in UTC; `until: null` means never.
 *
 *     GET  /v1/status                                     -> Status
 *     GET  /v1/why?address=                               -> Explanation
 *     GET  /v1/bans?jail=&prefix=&since=                  -> [ListedBan, ...], one a line, streamed
 *     GET  /v1/never                                      -> NeverReport
 *     GET  /v1/offenders?since=&limit=&jail=&prefix=&fold= -> OffenderReport
 *     POST /v1/bans    BanRequest                         -> {results: BanResult[]}
 *     POST /v1/confirm                                    -> Confirmation
 *     POST /v1/bans?for=&reason=&scope=&force=&client=&exact=&source=&replace=&shrink=   text/plain, one address a line, streamed
 *                                                         -> StreamEvent a line: refusals as they come, a sum at the end
 *     POST /v1/bans?... the same   application/x-ndjson, one GivenBan a line, streamed
 *                                                         -> StreamEvent a line
 *     POST /v1/unbans  {addresses} or {all: true}         -> {results: UnbanResult[]} or {lifted}
 *     GET  /v1/metrics                                    -> Prometheus' text format; ?format=json: [MetricFamily, ...]
 *     POST /v1/verify                                     -> VerifyProgress a line, streamed
 *     POST /v1/reload?confirmWithin=                      -> ReloadReport
 *     GET  /v1/top                                        -> Top
 *     GET  /v1/events?event=&jail=                        -> EventRecord a line, streamed until the service stops
 *
 * Errors: status 4xx or 5xx and {error: {code, message}}.
 */
import type { ReloadReport } from '../model/reload-report.js';
import type { Explanation } from './explanation.js';
import type { NeverReport } from './never-report.js';
import type { OffenderQuery, OffenderReport } from './offenders.js';
import type { Status } from './status.js';
import type { Top } from './top.js';

export type { ReloadReport } from '../model/reload-report.js';
export type { BanName, ExplainedBan, ExplainedElement, Explanation } from './explanation.js';
export type { NeverReport } from './never-report.js';
export type { OffenderQuery, OffenderReport, ReportedOffender } from './offenders.js';
export type { Status } from './status.js';

/** Addresses that one JSON request may have. More go by the stream. */
export const MOST_ADDRESSES = 10_000;
export const LONGEST_REASON = 500;

export interface BanRequest {
  readonly addresses: readonly string[];
  /** A duration, as `parseDuration` reads it; absent means never. */
  readonly for?: string;
  readonly reason?: string;
  /** Which packets: a scope as `tcp/22,443`, `udp/*`, `observe`, `observe tcp/22`; absent, or `all`: all are dropped. */
  readonly scope?: string;
  /** Ban also what the lockout guard refuses; what is never banned is refused all the same. */
  readonly force?: boolean;
  /** Where who asks is logged in from: a ban of that address is refused unless it is forced. */
  readonly client?: string;
  /** A duration: the bans end then unless they are confirmed. Not for streams. */
  readonly confirmWithin?: string;
}

/** What all bans of one request have in common. */
export type BanTerms = Omit<BanRequest, 'addresses'>;

/** What all bans have in common that are entered together. */
export interface EnterTerms extends BanTerms {
  /** The name of the list that they stand in: they belong to its jail, `list.NAME`, whatever they say. */
  readonly source?: string;
}

/** What is said of all bans of a stream. */
export interface StreamTerms extends EnterTerms {
  /** All of them end exactly when `for` says; else those behind the first 5,000 may end up to a twentieth later, an hour at most. */
  readonly exact?: 'true';
  /** At the end of the stream the bans of `source` are lifted that it did not name. */
  readonly replace?: 'true';
  /** `replace` lifts them also where they are more than half, or all. */
  readonly shrink?: 'true';
}

/** A ban as an earlier list has it. What it does not say is as in a ban by hand. */
export interface GivenBan {
  readonly address: string;
  readonly jail?: string;
  readonly reason?: string;
  readonly since?: string;
  readonly until?: string | null;
  readonly scope?: string;
}

/** Which bans of a list are wanted: those that all of these hold for. */
export interface ListFilter {
  readonly jail?: string;
  /** Bans that cover this prefix, and those that it covers. */
  readonly prefix?: string;
  /** Bans that began then or later: ISO 8601. */
  readonly since?: string;
  /** `no`: what was dropped is not asked of the kernel, which takes a while for a million, and is null. */
  readonly counters?: 'yes' | 'no';
}

/** Which events are wanted: names of events and of jails, with commas between them. */
export interface EventFilter {
  readonly event?: string;
  readonly jail?: string;
}

export interface BanResult {
  readonly address: string;
  /** Absent where it was refused. */
  readonly until?: string | null;
  /** It had come to its end before it came here: nothing was done. */
  readonly ended?: true;
  readonly error?: ApiError;
}

/** What was confirmed. */
export interface Confirmation {
  /** One for each ban that waited. */
  readonly results: readonly BanResult[];
  /** Whether a configuration waited: it stays. */
  readonly configuration: boolean;
}

export interface UnbanResult {
  readonly address: string;
  /** Bans that were lifted: 0 where there was none. */
  readonly lifted: number;
  readonly error?: ApiError;
}

export interface ApiError {
  readonly code: string;
  readonly message: string;
}

export type StreamEvent =
  | { readonly refused: { readonly line: number; readonly address: string; readonly error: ApiError } }
  | {
      readonly banned: number;
      readonly refusals: number;
      /** Bans that had come to their end; absent where none had. */
      readonly ended?: number;
      /** With `replace`, at the end: bans that were lifted, and why others were not; absent where all were. */
      readonly lifted?: number;
      readonly kept?: string;
      readonly done: boolean;
    };

export interface ListedBan {
  readonly address: string;
  readonly jail: string;
  readonly reason: string;
  readonly since: string;
  readonly until: string | null;
  /** Which packets it is about: `all`, `tcp/22,443`; `observe`, `observe tcp/22`: they are counted, and pass. */
  readonly scope: string;
  /** Null where elements are not counted, or the kernel does not hold this one. */
  readonly packets: number | null;
  readonly bytes: number | null;
  /** The prefix whose element stands for this one, and counts its packets; null where it stands for itself, and without counters. */
  readonly folded: string | null;
}

/** How far a comparison of the kernel with the ledger is. */
export interface VerifyProgress {
  /** Elements of the ledger that were looked up, and bans that there were at the begin. */
  readonly checked: number;
  readonly of: number;
  /** Elements of which the kernel did not hold what the ledger says, and those of them that it took again. */
  readonly differed: number;
  readonly repaired: number;
  /** What was wrong with the table, its hook or its rules. */
  readonly faults: readonly string[];
  /** The first that differed, as sentences. */
  readonly examples: readonly string[];
  readonly done: boolean;
}

/** All series of one metric: see docs/metrics.md. */
export interface MetricFamily {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly values: readonly {
    /** Of a histogram's parts: `..._bucket`, `..._sum`, `..._count`. */
    readonly name?: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
}

/** Figures for who watches the service. */
export interface MetricsText {
  /** In Prometheus' text format, version 0.0.4. */
  text(): Promise<string>;
  /** The same as plain values. */
  json(): Promise<readonly MetricFamily[]>;
}

/** A list that takes the place of an earlier one. */
export interface Replacement {
  /** The list names this address or prefix: its ban stays. */
  keep(address: string): void;
  /** The list is over: lifts what it did not name. @param shrink also where that is more than half of what there is. */
  finish(shrink: boolean): Promise<{ readonly lifted: number; readonly kept?: string }>;
  /** To be called at last, whatever happened. */
  release(): void;
}

/** What the server asks of the service behind it. */
export interface Operations {
  status(): Promise<Status>;
  readonly metrics: MetricsText;
  /** @throws DropsetError `address` */
  why(address: string): Promise<Explanation>;
  /** Pages, in the order in which addresses were first banned. @throws DropsetError for a filter that makes no sense. */
  list(filter?: ListFilter): AsyncIterable<readonly ListedBan[]>;
  never(): Promise<NeverReport>;
  /** Who was banned most. Seconds where a million were. @throws DropsetError `request`, `address`, `busy` */
  offenders(query: OffenderQuery): Promise<OffenderReport>;
  /** One result for each address, in order. @throws DropsetError for a request that makes no sense. */
  ban(request: BanRequest): Promise<readonly BanResult[]>;
  /**
   * Bans as given; one result for each, in order.
   *
   * @param wanted goes before what the bans themselves say. @throws DropsetError for a duration that is none.
   * @param late milliseconds that they end later than it says.
   */
  enter(bans: readonly GivenBan[], wanted: EnterTerms, late?: number): Promise<readonly BanResult[]>;
  /** A list is about to take the place of what the same source said before. @throws DropsetError `busy`, `request` */
  replace(source: string): Replacement;
  /** Makes bans and a configuration stay that wait for it. @throws DropsetError `request` where none does. */
  confirm(): Promise<Confirmation>;
  unban(addresses: readonly string[]): Promise<readonly UnbanResult[]>;
  /** Answers how many elements were lifted. */
  unbanAll(): Promise<number>;
  /** Compares the kernel with the ledger, and repairs what differs. @throws DropsetError `busy` */
  verify(): AsyncIterable<VerifyProgress>;
  /**
   * Reads the configuration anew.
   *
   * @param within a duration after which it is undone unless it is confirmed.
   * @throws DropsetError with every fault, one a line: then everything is as it was.
   */
  reload(within?: string): Promise<ReloadReport>;
  /** A look at what is being dropped. */
  top(): Promise<Top>;
  /**
   * EventRecords as lines of JSON, some at a time, from the moment of the call; until `signal` says that nobody reads any more, which it
   * has to.
   *
   * @throws DropsetError `busy`, `request`
   */
  events(filter: EventFilter, signal: AbortSignal): AsyncIterable<string>;
}
