import type { YearRange } from '../dates/years.js';
import { Guard } from '../detection/guard.js';
import { Filter } from '../filters/filter.js';
import type { Clock } from '../model/clock.js';
import type { FilterDefinition } from '../model/definition.js';
import type { LogLine } from './log.js';
import { catchOf, type Outcome, verdictOf } from './outcome.js';
import { type Sought, Stopwatch } from './stopwatch.js';

export interface TrialOptions {
  /** What counts as now: years that dates leave out, and how old a line is. */
  readonly now: Clock;
  /** Milliseconds of a clock that only goes forward. */
  readonly stopwatch: () => number;
  /** IANA name of the zone that dates without one are in; the process's where absent. */
  readonly zone?: string;
  /** The same as an offset, as fail2ban's `logtimezone` has it. */
  readonly logtimezone?: string;
  /** Try every failregex on each line; else the first that hits wins, as in the service. */
  readonly everyRegex?: boolean;
  /** Whether `<HOST>` may be a host's name. */
  readonly takesNames?: boolean;
}

/**
 * Milliseconds that a slice of lines may take, far more than it does; and one expression on one line, tried again by
 * itself. Together they are what a line can cost.
 */
const SLICE_BUDGET = 60;
const RETRY_BUDGET = 40;
export const LINE_BUDGET = SLICE_BUDGET + RETRY_BUDGET;

/** A line that is left in its middle so often has had its time, even if no expression is to blame by itself. */
const MOST_INTERRUPTIONS = 5;

/** After so many milliseconds a slice ends by itself. */
const SLICE = 20;

/** An expression that ran out of its time so often is tried no more: five seconds are enough to wait for it. */
export const MOST_OVERRUNS = 50;

/** fail2ban-regex means to take dates of any year since the epoch (`MyTime.setAlternateNow(0)`). */
const yearsUntil = (now: number): YearRange => ({ first: 1970, last: new Date(now).getUTCFullYear() + 3 });

/** A filter on trial: judges lines as the service would, never for long, and says all that it saw. */
export class Trial {
  readonly filter: Filter;
  readonly stopwatch: Stopwatch;
  readonly #spans: boolean;
  readonly #guard = new Guard();
  readonly #overruns = new Map<Sought, number>();
  #lines = 0;
  #interruptions = 0;
  /** Whether patterns are compiled for text beyond ASCII too; many logs have none. */
  #isWarm = false;

  /** @throws DropsetError `filter`, or `config` for a time zone that is none. */
  constructor(definition: FilterDefinition, options: TrialOptions) {
    const { now, stopwatch, zone, logtimezone, everyRegex = false, takesNames = true } = options;
    this.stopwatch = new Stopwatch(stopwatch);
    this.#spans = definition.maxlines > 1;
    this.filter = new Filter(definition, {
      now,
      years: yearsUntil(now()),
      everyRegex,
      everyHit: true,
      resolvesNames: takesNames,
      attempt: this.stopwatch,
      ...(zone !== undefined && { zone }),
      ...(logtimezone !== undefined && { logtimezone }),
    });
    this.filter.warmUp('ascii');
  }

  /** Lines that something ran out of its time on. */
  get overruns(): ReadonlyMap<Sought, number> {
    return this.#overruns;
  }

  /** Judges lines that follow each other, slice by slice. */
  *judge(lines: readonly LogLine[]): Generator<readonly Outcome[]> {
    if (!this.#isWarm && lines.some(({ isAscii }) => !isAscii)) {
      this.#isWarm = true;
      this.filter.warmUp('other');
    }
    for (let at = 0; at < lines.length; ) {
      const outcomes = this.#slice(lines, at);
      at += outcomes.length;
      yield outcomes;
    }
  }

  /** At least one line, unless it is to be tried again. */
  #slice(lines: readonly LogLine[], first: number): readonly Outcome[] {
    const outcomes: Outcome[] = [];
    const next = (): LogLine | undefined => lines[first + outcomes.length];
    const isInTime = this.#guard.run(SLICE_BUDGET, () => {
      const deadline = performance.now() + SLICE;
      // The length is all that tells how far it came, so that it can be interrupted anywhere.
      for (let line = next(); line && performance.now() < deadline; line = next())
        outcomes.push(this.#judge(line, this.#lines + outcomes.length + 1));
    });
    const line = next();
    const overrun = isInTime || !line ? undefined : this.#interrupted(line);
    if (overrun) outcomes.push({ ...overrun, line: this.#lines + outcomes.length + 1 });
    if (outcomes.length > 1 || overrun) this.#interruptions = 0;
    this.#lines += outcomes.length;
    return outcomes;
  }

  #judge({ text, isAscii }: LogLine, line: number, skip?: Uint8Array): Outcome {
    const { ignored } = this.filter.counts;
    const hits = this.filter.match(text, isAscii, undefined, skip).map((hit) => catchOf(hit, this.#spans));
    const by = this.filter.counts.ignored > ignored ? this.stopwatch.ignoring?.index : undefined;
    const outcome = { line, text, verdict: verdictOf(hits, by !== undefined), hits };
    return by === undefined ? outcome : { ...outcome, ignoredBy: by };
  }

  /**
   * A slice was stopped in the middle of a line. What was being searched for is tried again by itself, as perhaps the
   * machine stood still; if it fails again it is to blame. Undefined: the line is to be judged once more.
   */
  #interrupted(line: LogLine): Outcome | undefined {
    const culprit = this.stopwatch.compiled;
    this.stopwatch.compiled = undefined;
    if (!culprit) return undefined;
    if (
      this.#guard.runFairly(RETRY_BUDGET, () => this.filter.retry(culprit)) &&
      ++this.#interruptions < MOST_INTERRUPTIONS
    )
      return undefined;
    const count = (this.#overruns.get(culprit) ?? 0) + 1;
    this.#overruns.set(culprit, count);
    if (count >= MOST_OVERRUNS) this.filter.setAside(culprit, Number.POSITIVE_INFINITY);
    return { ...this.#without(culprit, line), overran: culprit };
  }

  /** The filter's other expressions have a look at the line. */
  #without(culprit: Sought, line: LogLine): Outcome {
    let outcome: Outcome = { line: 0, text: line.text, verdict: 'missed', hits: [] };
    if (culprit === 'date' || culprit.role !== 'failregex' || this.#spans) return outcome;
    const skip = Uint8Array.from(this.filter.expressions.failregex, (one) => (one === culprit ? 1 : 0));
    this.#guard.run(RETRY_BUDGET, () => {
      outcome = this.#judge(line, 0, skip);
    });
    this.stopwatch.compiled = undefined;
    return outcome;
  }
}
