/**
 * Failures by jail, in the order in which they counted: address, time, address, time. What else is remembered of a jail stands in the same
 * way beside it: as `sshd logins` who has logged in, as `sshd siege` the sieges that last ('' for the jail's own, or a user's name; a
 * negative time says that it is over), as `sshd used` whose failures a siege's ban has used up.
 */
export type Counts = Readonly<Record<string, readonly (string | number)[]>>;

/** What has been counted since the last entry; or all that is open, in place of every entry before. */
export interface CountEntry {
  /** JSON of `Counts`. */
  readonly text: string;
  readonly isWhole: boolean;
}

/** After so many failures all that is open is written down, and what was written before is forgotten. */
const MOST = 50_000;

/**
 * The counts as a log: to write a failure down costs some 30 bytes at the end of a file, and who reads all of them again has counted as
 * far. It never holds much more than `MOST` failures, or four times those that are open.
 */
export class CountLog {
  readonly #open: () => Counts;
  #fresh: Record<string, (string | number)[]> = {};
  #isEmpty = true;
  #isWholeDue = true;
  #logged = 0;
  #limit = MOST;

  /** @param open answers what no ban has used up. */
  constructor(open: () => Counts) {
    this.#open = open;
  }

  add(jail: string, address: string, time: number): void {
    const failures = this.#fresh[jail] ?? [];
    this.#fresh[jail] = failures;
    failures.push(address, time);
    this.#isEmpty = false;
    this.#logged++;
  }

  /** Some entry was lost: the next one has all. */
  lost(): void {
    this.#isWholeDue = true;
  }

  /** The next entry; undefined if nothing has been counted. */
  take(): CountEntry | undefined {
    const isWhole = this.#isWholeDue || this.#logged > this.#limit;
    if (this.#isEmpty && !isWhole) return undefined;
    const counts = isWhole ? this.#whole() : this.#fresh;
    this.#fresh = {};
    this.#isEmpty = true;
    return { text: JSON.stringify(counts), isWhole };
  }

  #whole(): Counts {
    const counts = this.#open();
    const size = Object.values(counts).reduce((sum, failures) => sum + failures.length / 2, 0);
    this.#isWholeDue = false;
    this.#logged = 0;
    this.#limit = Math.max(MOST, 4 * size);
    return counts;
  }
}

/** Reads an entry. What makes no sense is passed over: it is one failure that does not count. */
export function* failuresOf(text: string): Generator<readonly [jail: string, address: string, time: number]> {
  for (const [jail, failures] of Object.entries(parsed(text))) {
    if (!Array.isArray(failures)) continue;
    for (let at = 0; at + 1 < failures.length; at += 2) {
      const [address, time] = [failures[at], failures[at + 1]];
      if (typeof address === 'string' && Number.isFinite(time)) yield [jail, address, time];
    }
  }
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
