import type { Test } from 'tap';
import { blamedBy } from './stock-filter.js';

/** Lines of one filter, and whom they blame. */
export interface Samples {
  /** The sender of every line, as he would be banned. */
  readonly sender: string;
  /** Failures of the sender. */
  readonly failures: readonly string[];
  /** Failures of others, with them. */
  readonly others?: readonly (readonly [address: string, line: string])[];
  /** Lines that are nobody's failure. */
  readonly harmless: readonly string[];
  /** Lines of the sender that would like to be somebody else's: they may blame him, or nobody. */
  readonly crafted: readonly string[];
  /** What can be repeated within a line: nothing of it may cost time. */
  readonly long?: readonly (readonly [head: string, piece: string, tail: string])[];
}

/** Milliseconds of processor time for a line of 64 KiB: squared it would be seconds. */
const LONGEST = 200;

/** Asks a filter of dropset's own about its samples. */
export function trySamples(t: Test, name: string, samples: Samples): void {
  const { sender, failures, others = [], harmless, crafted, long = [] } = samples;
  const blamed = blamedBy(name);
  for (const line of failures) t.equal(blamed(line), sender, line);
  for (const [address, line] of others) t.equal(blamed(line), address, line);
  for (const line of harmless) t.equal(blamed(line), undefined, line);
  for (const line of crafted) t.ok([sender, undefined].includes(blamed(line)), `${line} blames ${blamed(line)}`);
  for (const [head, piece, tail] of long) {
    const line = head + piece.repeat(65_000 / piece.length) + tail;
    const start = process.cpuUsage();
    blamed(line);
    const { user } = process.cpuUsage(start);
    t.ok(user < LONGEST * 1000, `${head}${piece}: ${user / 1000} ms`);
  }
}
