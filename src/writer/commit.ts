import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../model/batch.js';
import { messageOf } from '../model/errors.js';
import { Refusal } from '../model/refusal.js';
import type { Receipt } from '../model/street.js';

/** What the writer needs of a backend. */
export interface Sink {
  /** Changes that one batch may have. */
  readonly capacity: number;
  /** Carries out all changes, or none. @throws Refusal */
  apply(batch: Batch): Promise<void>;
  /** Takes all elements away. @throws Refusal */
  clear(): Promise<void>;
}

/** Waits before a batch is tried again, in milliseconds: shortages pass in microseconds, and three seconds are an outage. */
const PAUSES = [0, 1, 5, 25, 125, 500, 1000];

/** Brings a batch into the kernel, without the elements that it refuses. Answers for each change, in order. */
export async function carryOut(batch: Batch, sink: Sink): Promise<Receipt[]> {
  const error = await persist(() => sink.apply(batch));
  if (!error) return batch.changes.map((change) => ({ change }));
  if (batch.size === 1 || error.fault !== 'element') return batch.changes.map((change) => ({ change, error }));
  // The guilty element is in one of the halves: twenty transactions find one in a million.
  const [left, right] = batch.halves();
  return [...(await carryOut(left, sink)), ...(await carryOut(right, sink))];
}

/** Takes everything out of the kernel; answers why it could not. */
export const clearOut = (sink: Sink): Promise<Refusal | undefined> => persist(() => sink.clear());

/** Tries until the kernel does it, or refuses for good: undefined, or the refusal. */
async function persist(work: () => Promise<void>): Promise<Refusal | undefined> {
  for (let attempt = 0; ; attempt++) {
    const refusal = await tryOnce(work);
    const pause = PAUSES[attempt];
    if (refusal?.fault !== 'passing' || pause === undefined) return refusal;
    await sleep(pause);
  }
}

async function tryOnce(work: () => Promise<void>): Promise<Refusal | undefined> {
  try {
    await work();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown;
    // A defect, of ours most likely. The changes are answered for all the same, and the service goes on.
    return new Refusal('backend', `the batch was not written: ${messageOf(thrown)}`, { cause: thrown });
  }
}
