import type { Backend } from '../backends/backend.js';
import type { Top } from '../control/top.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import type { JailReport } from '../model/jail-report.js';
import type { Ban } from '../model/street.js';
import { formatTime } from '../model/time.js';
import { Busiest, type Busy } from './busiest.js';
import type { Newest } from './newest.js';

export interface TopOptions {
  readonly backend: Pick<Backend, 'lookup' | 'counters'>;
  readonly ledger: Pick<Ledger, 'elementsBehind' | 'bansOf' | 'count'>;
  readonly newest: Pick<Newest, 'bans'>;
  readonly jails: () => Promise<readonly JailReport[]>;
  readonly clock: Clock;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
}

/** Milliseconds between two looks at least: whoever asks sooner gets the answer of the last. */
const PAUSE = 500;

/** Rows of an answer. */
const MOST = 50;

/** What is being dropped, now: the service's part of `dropset top`. Does nothing while nobody asks. */
export class TopLooks {
  readonly #options: TopOptions;
  readonly #busiest: Busiest;
  #answer: Promise<Top> | undefined;
  #at = Number.NEGATIVE_INFINITY;
  #before: { readonly at: number; readonly packets: number; readonly bytes: number } | undefined;

  constructor(options: TopOptions) {
    this.#options = options;
    const { backend, ledger, now } = options;
    this.#busiest = new Busiest({
      behind: (row, size) => ledger.elementsBehind(row, size),
      lookup: (prefixes) => backend.lookup(prefixes),
      now,
    });
  }

  /** Some 2,000 look-ups at most, however many bans there are, and however many ask. */
  look(): Promise<Top> {
    const now = this.#options.now();
    if (this.#answer && now < this.#at + PAUSE) return this.#answer;
    this.#at = now;
    // One at a time, whatever becomes of the one before.
    const before = this.#answer?.catch(() => undefined) ?? Promise.resolve();
    this.#answer = before.then(() => this.#look());
    return this.#answer;
  }

  async #look(): Promise<Top> {
    const { backend, ledger, newest, jails, clock, now } = this.#options;
    const bans = newest.bans;
    const { looked, busiest } = await this.#busiest.look(
      bans.map(({ prefix }) => prefix),
      MOST,
    );
    const { elements, packets, bytes } = await backend.counters();
    const before = this.#before;
    const at = now();
    this.#before = { at, packets, bytes };
    const seconds = before ? (at - before.at) / 1000 : null;
    return {
      time: new Date(clock()).toISOString(),
      seconds,
      dropped: { packets, bytes },
      rate:
        before && seconds
          ? { packets: since(before.packets, packets) / seconds, bytes: since(before.bytes, bytes) / seconds }
          : null,
      bans: ledger.count(),
      elements: elements ?? null,
      looked,
      busiest: busiest.map((busy) => ({ ...rowOf(busy), bans: ledger.bansOf(busy.prefix).map(named) })),
      newest: bans
        .slice(0, MOST)
        .map((ban) => ({ address: ban.prefix.text, ...named(ban), since: iso(ban.since), reason: ban.reason })),
      jails: (await jails()).map(({ name, lines, failures, bans: count }) => ({ name, lines, failures, bans: count })),
    };
  }
}

/** The backend's tables may have been made anew. */
const since = (before: number, now: number): number => (now < before ? now : now - before);

const rowOf = ({ prefix, packets, bytes, rate }: Busy) => ({ address: prefix.text, packets, bytes, rate });

const iso = (time: number): string => new Date(time).toISOString();

const named = ({ jail, until }: Ban) => ({ jail, until: formatTime(until) });
