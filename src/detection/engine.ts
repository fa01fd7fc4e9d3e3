import type { JailConfig } from '../config/types.js';
import type { Attempt } from '../filters/filter.js';
import type { Never } from '../jails/never.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { BanVerdict } from '../model/street.js';
import type { Chunk } from '../sources/chunk.js';
import { type Counts, failuresOf } from './counts.js';
import { Exempt } from './exempt.js';
import { Guard } from './guard.js';
import { Lane } from './lane.js';
import { sentenceOf } from './offences.js';
import { type Lookup, Resolver } from './resolver.js';
import { Watch } from './watch.js';

export interface EngineOptions {
  readonly never: Never;
  /** Login names whose failures do not count, for every jail. */
  readonly users?: readonly string[];
  readonly now: Clock;
  /** Told what an operator should know. */
  readonly report: (sentence: string) => void;
  /** Told verdicts that come when a host name has been looked up. */
  readonly onLate: (verdict: BanVerdict) => void;
  /** Told each failure that counts. */
  readonly onCount?: (jail: string, address: string, time: number) => void;
  /** The system's where absent. */
  readonly lookup?: Lookup;
}

/** All jails at work: chunks of lines in, verdicts out. One thread's business; it reads nothing itself. */
export class Engine {
  readonly watches: readonly Watch[];
  /** Resolves when the host names that are never banned have been looked up. */
  readonly settled: Promise<unknown>;
  readonly #guard = new Guard();
  readonly #attempt: Attempt = { compiled: undefined };
  readonly #lanes = new Map<string, Lane>();
  readonly #now: Clock;
  /** What the clock said at the slice's begin: to ask it for each line costs more than to find the line's date. */
  #instant: number;
  #read = 0;

  /** A jail whose filter cannot be used is reported and left out; the others go on. */
  constructor(jails: readonly JailConfig[], options: EngineOptions) {
    this.#now = options.now;
    this.#instant = options.now();
    const now = (): number => this.#instant;
    const resolver = new Resolver(options.now, options.lookup);
    const resolve = resolver.resolve.bind(resolver);
    const settled: Promise<unknown>[] = [];
    this.watches = jails.flatMap((config) => {
      try {
        const exempt = new Exempt(config, { ...options, resolve });
        settled.push(exempt.settled);
        const onOverrun = (overrun: Parameters<typeof sentenceOf>[0]): void => options.report(sentenceOf(overrun));
        return new Watch(config, { ...options, now, exempt, resolve, attempt: this.#attempt, onOverrun });
      } catch (error) {
        options.report(`jail ${config.name} is left out: ${messageOf(error)}`);
        return [];
      }
    });
    this.settled = Promise.all(settled);
  }

  /** Bytes of the chunk that is being judged whose lines have been, between two slices. */
  get read(): number {
    return this.#read;
  }

  /** Failures that no ban has used up. */
  get open(): Counts {
    return Object.fromEntries(this.watches.map(({ config, open }) => [config.name, open]));
  }

  /** Takes over what an earlier life counted, entry by entry. Jails that are not there any more are passed over. */
  restore(entries: readonly string[]): void {
    const watches = new Map(this.watches.map((watch) => [watch.config.name, watch]));
    for (const entry of entries) {
      for (const [jail, address, time] of failuresOf(entry)) watches.get(jail)?.restore(address, time);
    }
  }

  /**
   * Judges a chunk, in slices of some milliseconds.
   *
   * @param jails names of those that read this source.
   */
  *judge(chunk: Chunk, jails: readonly string[]): Generator<readonly BanVerdict[]> {
    const lane = this.#laneOf(jails);
    this.#instant = this.#now();
    for (const verdicts of lane.judge(chunk)) {
      this.#read = lane.read;
      yield verdicts;
      this.#instant = this.#now();
    }
  }

  /** Jails that read the same sources share a scanner. */
  #laneOf(jails: readonly string[]): Lane {
    const key = jails.join('\n');
    const known = this.#lanes.get(key);
    if (known) return known;
    const watches = this.watches.filter(({ config }) => jails.includes(config.name));
    const lane = new Lane(watches, this.#guard, this.#attempt);
    this.#lanes.set(key, lane);
    return lane;
  }
}
