import { setImmediate } from 'node:timers/promises';
import { isSame } from '../config/same.js';
import type { JailConfig } from '../config/types.js';
import type { Attempt } from '../filters/filter.js';
import type { Never } from '../jails/never.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import { textObserves } from '../model/scope.js';
import type { SiegeChange } from '../model/siege.js';
import type { BanVerdict } from '../model/street.js';
import type { Chunk } from '../sources/chunk.js';
import { type Counts, failuresOf } from './counts.js';
import { Exempt } from './exempt.js';
import { Guard } from './guard.js';
import { Lane } from './lane.js';
import { sentenceOf } from './offences.js';
import { type Lookup, Resolver } from './resolver.js';
import { type Remembered, Watch } from './watch.js';

export interface EngineOptions {
  readonly never: Never;
  readonly now: Clock;
  /** Told what an operator should know. */
  readonly report: (sentence: string) => void;
  /** Told verdicts that come when a host name has been looked up. */
  readonly onLate: (verdict: BanVerdict) => void;
  /** Told each failure that counts, and what else a later life has to know; both to be handed to `restore`. See `Counts`. */
  readonly onCount?: (jail: string, address: string, time: number) => void;
  /** Told that a siege begins, or ends. */
  readonly onSiege?: (jail: string, change: SiegeChange) => void;
  /** The system's where absent. */
  readonly lookup?: Lookup;
}

/** Addresses whose failures are remembered: by all jails together, and by each at least. */
const CAPACITY = 1_500_000;
const LEAST_CAPACITY = 150_000;

/** Jails that have been made ready, and are not at work yet. */
export interface Ready {
  readonly watches: readonly Watch[];
  /** Those whose filters cannot be used. */
  readonly left: readonly JailConfig[];
}

/** All jails at work: chunks of lines in, verdicts out. One thread's business; it reads nothing itself. */
export class Engine {
  readonly #options: EngineOptions;
  readonly #guard = new Guard();
  readonly #attempt: Attempt = { compiled: undefined };
  readonly #resolver: Resolver;
  readonly #lanes = new Map<string, Lane>();
  #ready: Ready;
  /** What the clock said at the slice's begin: to ask it for each line costs more than to find the line's date. */
  #instant: number;
  #read = 0;

  /** A jail whose filter cannot be used is reported and left out; the others go on. */
  constructor(jails: readonly JailConfig[], options: EngineOptions) {
    this.#options = options;
    this.#instant = options.now();
    this.#resolver = new Resolver(options.now, options.lookup);
    const left: JailConfig[] = [];
    const watches = jails.flatMap((config) => {
      try {
        return [this.#watch(config, jails.length)];
      } catch (error) {
        options.report(leftOut(config, error));
        left.push(config);
        return [];
      }
    });
    this.#ready = { watches, left };
  }

  get watches(): readonly Watch[] {
    return this.#ready.watches;
  }

  /** Resolves when the host names that are never banned have been looked up. */
  get settled(): Promise<unknown> {
    return Promise.all(this.watches.map(({ settled }) => settled));
  }

  /**
   * Makes jails ready beside those that are at work, and changes nothing: what is the same as before will go on untouched. Between two
   * jails others have their turn.
   *
   * @param faults is told of jails whose filters cannot be used, unless they were left out before and are as they were.
   */
  async prepare(jails: readonly JailConfig[], faults: (sentence: string) => void): Promise<Ready> {
    const left: JailConfig[] = [];
    const watches: Watch[] = [];
    this.#resolver.forget();
    for (const config of jails) {
      const before = this.watches.find((watch) => watch.config.name === config.name);
      try {
        watches.push(before && isSame(before.config, config) ? before : this.#watch(config, jails.length, before));
      } catch (error) {
        if (!this.#ready.left.some((known) => isSame(known, config))) faults(leftOut(config, error));
        left.push(config);
      }
      await setImmediate();
    }
    return { watches, left };
  }

  /** Has these jails at work, in place of those before. To be called between two chunks. */
  replace(ready: Ready): void {
    const before = new Map(this.watches.map((watch) => [watch.config.name, watch]));
    for (const watch of ready.watches) {
      const known = before.get(watch.config.name);
      before.delete(watch.config.name);
      if (known === watch) watch.refresh();
      else if (known) watch.inherit(known);
    }
    for (const watch of before.values()) watch.retire();
    this.#ready = ready;
    this.#lanes.clear();
  }

  /** Bytes of the chunk that is being judged whose lines have been, between two slices. */
  get read(): number {
    return this.#read;
  }

  /** Failures that no ban has used up, and what else is remembered of jails. */
  get open(): Counts {
    const all = this.watches.flatMap((watch): [string, (string | number)[]][] => {
      const { name, siege } = watch.config;
      const kept = siege ? (['logins', 'siege'] as const) : [];
      return [
        [name, watch.open],
        ...kept.map((what): [string, (string | number)[]] => [keyOf(name, what), watch.kept(what)]),
      ];
    });
    return Object.fromEntries(all);
  }

  /** Ends sieges that are over. */
  settle(): void {
    this.#instant = this.#options.now();
    for (const watch of this.watches) watch.settle();
  }

  /** Takes over what an earlier life counted, entry by entry. Jails that are not there any more are passed over. */
  restore(entries: readonly string[]): void {
    const watches = new Map(this.watches.map((watch) => [watch.config.name, watch]));
    for (const entry of entries) {
      for (const [key, address, time] of failuresOf(entry)) {
        const [jail, what] = key.split(' ') as [string, Remembered | undefined];
        watches.get(jail)?.restore(what, address, time);
      }
    }
  }

  /**
   * Judges a chunk, in slices of some milliseconds.
   *
   * @param jails names of those that read this source.
   */
  *judge(chunk: Chunk, jails: readonly string[]): Generator<readonly BanVerdict[]> {
    const lane = this.#laneOf(jails);
    this.#instant = this.#options.now();
    for (const verdicts of lane.judge(chunk)) {
      this.#read = lane.read;
      yield verdicts;
      this.#instant = this.#options.now();
    }
  }

  /** What follows from bans, where jails count these: each counts those of jails that count failures. */
  relapses(verdicts: readonly BanVerdict[]): readonly BanVerdict[] {
    const counting = this.watches.filter(({ config }) => config.recidive);
    if (counting.length === 0) return [];
    const observing = new Set(
      this.watches.filter(({ config }) => textObserves(config.scope)).map(({ config }) => config.name),
    );
    return verdicts.flatMap((verdict) =>
      counting.flatMap((watch) => watch.relapse(verdict, observing.has(verdict.ban.jail)) ?? []),
    );
  }

  /** Jails that read the same sources share a scanner. */
  #laneOf(jails: readonly string[]): Lane {
    const key = jails.join('\n');
    const known = this.#lanes.get(key);
    if (known) return known;
    const watches = this.watches.filter(({ config }) => jails.includes(config.name));
    const readers = watches.flatMap((watch) => (watch.logins ? [watch, watch.logins] : [watch]));
    const lane = new Lane(readers, this.#guard, this.#attempt);
    this.#lanes.set(key, lane);
    return lane;
  }

  #watch(config: JailConfig, jails: number, before?: Watch): Watch {
    const { report } = this.#options;
    const resolve = this.#resolver.resolve.bind(this.#resolver);
    const exempt = new Exempt(config, { ...this.#options, resolve });
    const onOverrun = (overrun: Parameters<typeof sentenceOf>[0]): void => report(sentenceOf(overrun));
    const onKeep = (jail: string, what: Remembered, key: string, time: number): void =>
      this.#options.onCount?.(keyOf(jail, what), key, time);
    const own = { now: (): number => this.#instant, attempt: this.#attempt, onKeep };
    const capacity = Math.max(LEAST_CAPACITY, Math.floor(CAPACITY / jails));
    return new Watch(config, { ...this.#options, ...own, capacity, exempt, resolve, onOverrun }, before);
  }
}

/** Under what it stands among the counts: no jail's name has a space. */
const keyOf = (jail: string, what: Remembered): string => `${jail} ${what}`;

const leftOut = ({ name }: JailConfig, error: unknown): string => `jail ${name} is left out: ${messageOf(error)}`;
