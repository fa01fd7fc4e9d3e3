import { formatDuration } from './duration.js';
import type { Change } from './street.js';

/** Lines that a printed batch has at most: a log entry should stay readable with 10,000 changes. */
const PRINTED = 20;

/**
 * Changes that go down in one kernel transaction: all of them take effect, or none. Immutable, at most one change
 * an element, and prints itself:
 *
 *     add 192.0.2.7 for 1h
 *     add 192.0.2.8 tcp/22 for 1h
 *     remove 2001:db8::1
 */
export class Batch {
  readonly changes: readonly Change[];
  /** The time that the kernel's timeouts are counted from. */
  readonly now: number;

  constructor(changes: readonly Change[], now: number) {
    this.changes = changes;
    this.now = now;
  }

  get size(): number {
    return this.changes.length;
  }

  /** The two halves, for the search after the change that the kernel refuses. */
  halves(): [Batch, Batch] {
    const middle = this.size >> 1;
    return [new Batch(this.changes.slice(0, middle), this.now), new Batch(this.changes.slice(middle), this.now)];
  }

  /** Those of its changes. */
  only(isWanted: (change: Change) => boolean): Batch {
    return new Batch(this.changes.filter(isWanted), this.now);
  }

  toString(): string {
    const lines = this.changes.slice(0, PRINTED).map((change) => printed(change, this.now));
    if (this.size > PRINTED) lines.push(`... and ${this.size - PRINTED} more`);
    return lines.join('\n');
  }
}

function printed(change: Change, now: number): string {
  if (change.verb === 'remove') {
    return `remove ${change.prefix}${change.foldedInto ? ` folded into ${change.foldedInto}` : ''}`;
  }
  const scope = change.scope ? ` ${change.scope}` : '';
  return `add ${change.prefix}${scope} ${change.until === null ? 'for ever' : `for ${formatDuration(change.until - now)}`}`;
}
