import { setTimeout as sleep } from 'node:timers/promises';
import type { Config, JailConfig } from '../config/types.js';
import { Exempt } from '../detection/exempt.js';
import { Guard } from '../detection/guard.js';
import { Lane } from '../detection/lane.js';
import { sentenceOf } from '../detection/offences.js';
import { Resolver } from '../detection/resolver.js';
import type { Attempt } from '../filters/filter.js';
import { Never } from '../jails/never.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import { Bans } from './bans.js';
import { DateFinder } from './date-finder.js';
import { Decisions } from './decisions.js';
import { LogClock } from './log-clock.js';
import { merge, type Piece } from './merge.js';
import type { OpenLog } from './open-log.js';
import { countersOf, readersOf } from './readers.js';
import { Sieges } from './sieges.js';
import { type Decide, loginWatch, ReplayWatch, type ReplayWatchOptions } from './watches.js';

export interface ReplayOptions {
  /** Names of the jails that judge, whatever they read; all by what they read where it is empty. */
  readonly jails: readonly string[];
  /** Lines before and behind are passed over; milliseconds since the epoch. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
  /** In place of dropset's own expressions for logins. */
  readonly success?: string | undefined;
  /** What dates without a year are completed by, and what none can be more than a day behind. */
  readonly reference: Clock;
  /** Told what an operator should know. */
  readonly onNote: (sentence: string) => void;
}

/** How far it is. */
export interface Progress {
  readonly lines: number;
  /** From 0 to 1; undefined where nobody knows how long the logs are. */
  readonly part: number | undefined;
}

/** Milliseconds that are waited for host names that are never banned, as in the service. */
const NAMES_WITHIN = 5_000;

/** The most that one log may be ahead of another, in milliseconds; the least that it is worth to change logs for. */
const MOST_SLACK = 60_000;
const LEAST_SLACK = 1_000;

/** A share of findtime and bantime that is as good as nothing. */
const SHARE = 20;

/** What the configured jails would have done, had they read these logs while they were written. Nothing else is touched. */
export class Replay {
  readonly watches: readonly ReplayWatch[];
  readonly bans: Bans;
  readonly sieges = new Sieges();
  readonly #logs: readonly OpenLog[];
  readonly #options: ReplayOptions;
  readonly #clock: LogClock;
  readonly #guard = new Guard();
  readonly #attempt: Attempt = { compiled: undefined };
  readonly #readers: ReadonlyMap<OpenLog, readonly JailConfig[]>;
  readonly #lanes = new Map<string, Lane>();
  readonly #logins: ReturnType<typeof loginWatch>[] = [];
  readonly #decisions: Decisions;
  readonly #settled: Promise<unknown>;
  #bytes = 0;
  #first = Number.POSITIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;

  /**
   * A jail whose filter cannot be used is told of and left out, as in the service.
   *
   * @throws DropsetError `source`, where no jail reads a log.
   */
  constructor({ jails, never, service }: Config, logs: readonly OpenLog[], options: ReplayOptions) {
    this.#options = options;
    this.bans = new Bans(undefined, service.history);
    this.#decisions = new Decisions({ bans: this.bans, watches: () => this.watches, onNote: options.onNote });
    const wanted = logs.map((log) => [log, readersOf(log, jails, options.jails)] as const);
    const readers = [...new Set(wanted.flatMap(([, all]) => all)), ...countersOf(jails, options.jails)];
    this.#clock = new LogClock(Math.max(MOST_SLACK, ...readers.map(({ findtime }) => findtime)));
    const resolver = new Resolver(options.reference);
    const exemptions = { never: new Never(never.addresses), now: options.reference };
    const resolve = resolver.resolve.bind(resolver);
    const exempt = readers.map((jail) => new Exempt(jail, { ...exemptions, resolve }));
    this.#settled = Promise.all(exempt.map(({ settled }) => settled));
    this.watches = readers.flatMap((jail, index) => this.#watchOf(jail, exempt[index] as Exempt));
    const usable = new Set(this.watches.map(({ config }) => config));
    this.#readers = new Map(wanted.map(([log, all]) => [log, all.filter((jail) => usable.has(jail))]));
    this.#logs = logs.filter((log) => this.#readersOf(log).length > 0);
  }

  /** Bytes that have been judged, unpacked; lines of them. */
  get bytes(): number {
    return this.#bytes;
  }

  get lines(): number {
    return this.#logins.reduce((sum, { lines }) => sum + lines, 0);
  }

  /** When the first line was written, and the last one; undefined where no line said. */
  get span(): readonly [number, number] | undefined {
    return this.#first > this.#last ? undefined : [this.#first, this.#last];
  }

  /** The jails that read a log. */
  jailsOf(log: OpenLog): readonly string[] {
    return this.#readersOf(log).map(({ name }) => name);
  }

  /** Judges everything, and says how far it is. @throws DropsetError `source` */
  async *run(): AsyncGenerator<Progress> {
    const { since, until, reference } = this.#options;
    await Promise.race([this.#settled, sleep(NAMES_WITHIN, undefined, { ref: false })]);
    const spans = this.watches.flatMap(({ config: { findtime, bantime } }) => [findtime, bantime ?? findtime]);
    const slack = Math.max(LEAST_SLACK, Math.min(MOST_SLACK, ...spans.map((span) => span / SHARE)));
    const datesOf = (log: OpenLog): DateFinder => new DateFinder(this.#readersOf(log)[0] as JailConfig, reference);
    const total = this.#logs.reduce((sum, { size }) => sum + (size ?? Number.NaN), 0);
    for await (const piece of merge(this.#logs, datesOf, { slack, since, until, reference })) {
      this.#judge(piece);
      yield { lines: this.lines, part: total > 0 ? Math.min(this.#bytes / total, 1) : undefined };
    }
    this.#clock.as(this.#last, () => this.#settle());
  }

  /** Ends the sieges that were over before the last line, and counts the bans of those that were not. */
  #settle(): void {
    for (const watch of this.watches) {
      watch.settle();
      const { name } = watch.config;
      for (const { user, bans } of watch.counts.siege?.standing ?? []) this.sieges.count(name, user, bans);
    }
  }

  #judge({ log, chunk, first, last }: Piece): void {
    const known = Number.isFinite(this.#clock.now()) ? this.#clock.now() : this.#options.reference();
    this.#clock.begin(first ?? known, last ?? known);
    for (const _ of this.#laneOf(log).judge(chunk));
    this.#bytes += chunk.bytes.length;
    if (first !== undefined) this.#first = Math.min(this.#first, first);
    if (last !== undefined) this.#last = Math.max(this.#last, last);
  }

  #readersOf(log: OpenLog): readonly JailConfig[] {
    return this.#readers.get(log) as readonly JailConfig[];
  }

  /** Logs that the same jails read share a scanner. */
  #laneOf(log: OpenLog): Lane {
    const readers = this.#readersOf(log);
    const key = readers.map(({ name }) => name).join('\n');
    const made = this.#lanes.get(key);
    if (made) return made;
    const { success } = this.#options;
    const logins = loginWatch(readers[0] as JailConfig, this.#watchOptions(), success);
    this.#logins.push(logins);
    const watches = this.watches.filter(({ config }) => readers.includes(config));
    const known = watches.flatMap((watch) => watch.logins ?? []);
    const lane = new Lane([...watches, ...known, logins], this.#guard, this.#attempt);
    this.#lanes.set(key, lane);
    return lane;
  }

  #watchOptions(): ReplayWatchOptions {
    const { reference, onNote } = this.#options;
    return {
      clock: this.#clock,
      bans: this.bans,
      onSiege: (jail, change) => this.sieges.change(jail, change),
      attempt: this.#attempt,
      dating: { reference, onDate: this.#clock.advance },
      onOverrun: (overrun) => onNote(sentenceOf(overrun)),
    };
  }

  #watchOf(jail: JailConfig, exempt: Exempt): ReplayWatch[] {
    this.#noteOf(jail);
    try {
      const decide: Decide = (verdict, watch, line) => this.#decisions.decide(verdict, watch, line);
      return [new ReplayWatch(jail, exempt, this.#watchOptions(), decide)];
    } catch (error) {
      this.#options.onNote(`jail ${jail.name} is left out: ${messageOf(error)}`);
      return [];
    }
  }

  #noteOf({ name, ignorecommand, usedns }: JailConfig): void {
    const { onNote } = this.#options;
    if (ignorecommand !== undefined) onNote(`jail ${name} asks its ignorecommand before a ban; here nobody is asked`);
    if (usedns === 'yes' || usedns === 'warn') {
      onNote(
        `jail ${name} looks host names up (usedns); here they are counted as unresolved, as they may have changed`,
      );
    }
  }
}
