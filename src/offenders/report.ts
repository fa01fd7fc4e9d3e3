import type { Offences, Offender } from '../model/offender.js';
import type { Prefix } from '../model/prefix.js';
import { Clusters } from './clusters.js';
import { type Entry, entryOf } from './entry.js';
import { type JailSum, JailSums } from './jail-sums.js';
import { Ranking } from './ranking.js';
import { type Bucket, Timeline } from './timeline.js';

/** Jails that are named. */
const JAILS = 20;

export interface ReportOptions {
  /** Milliseconds since the epoch; `since` is at most 100 years before `now`. */
  readonly since: number;
  readonly now: number;
  /** Entries. */
  readonly limit: number;
  /** Whether the bans of a jail count. */
  readonly isWanted: (jail: string) => boolean;
  /** Whether an offender is asked for. */
  readonly isAsked: (prefix: Prefix) => boolean;
  /** Whether a prefix must not be told, nor one that covers a part of it. */
  readonly isExcluded: (prefix: Prefix) => boolean;
}

/** What a report says. */
export interface Findings {
  readonly sums: { offenders: number; banned: number; bans: number; dated: number; excluded: number };
  /** Of a bucket, in milliseconds. */
  readonly width: number;
  readonly buckets: readonly Bucket[];
  readonly jails: readonly JailSum[];
  readonly entries: readonly Entry[];
}

/**
 * Makes a report of all offenders: `count` is told of each first, if prefixes are to be found, and then `add` of each again. What it keeps in
 * memory is bounded, however many there are.
 */
export class Report {
  readonly #options: ReportOptions;
  readonly #clusters: Clusters;
  readonly #ranking: Ranking;
  readonly #timeline: Timeline;
  readonly #jails = new JailSums();
  readonly #sums = { offenders: 0, banned: 0, bans: 0, excluded: 0 };

  constructor(options: ReportOptions) {
    this.#options = options;
    this.#clusters = new Clusters((prefix) => !options.isExcluded(prefix));
    this.#ranking = new Ranking(options.limit);
    this.#timeline = new Timeline(options.since, options.now);
  }

  count(offender: Offender): void {
    const { isExcluded } = this.#options;
    if (this.#wanted(offender).length > 0 && !isExcluded(offender.prefix)) this.#clusters.count(offender.prefix);
  }

  add(offender: Offender): void {
    const offences = this.#wanted(offender);
    if (offences.length === 0) return;
    if (this.#options.isExcluded(offender.prefix)) {
      this.#sums.excluded++;
      return;
    }
    for (const one of offences) {
      this.#timeline.add(one);
      this.#jails.add(one);
    }
    const entry = entryOf({ ...offender, offences });
    this.#sums.offenders++;
    this.#sums.banned += entry.banned;
    this.#sums.bans += entry.bans;
    if (!this.#clusters.take(entry)) this.#ranking.offer(entry);
  }

  /** When all have been told. */
  findings(): Findings {
    for (const entry of this.#clusters.entries()) this.#ranking.offer(entry);
    const { width, buckets, drawn: dated } = this.#timeline;
    const jails = this.#jails.largest(JAILS);
    return { sums: { ...this.#sums, dated }, width, buckets, jails, entries: this.#ranking.entries };
  }

  #wanted({ prefix, offences }: Offender): readonly Offences[] {
    const { isWanted, isAsked } = this.#options;
    const wanted = offences.every(({ jail }) => isWanted(jail))
      ? offences
      : offences.filter(({ jail }) => isWanted(jail));
    return wanted.length > 0 && isAsked(prefix) ? wanted : [];
  }
}
