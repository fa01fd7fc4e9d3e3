import { setTimeout as sleep } from 'node:timers/promises';
import type { Batch } from '../model/batch.js';
import { messageOf } from '../model/errors.js';
import { Refusal } from '../model/refusal.js';
import { type Change, isFold, type Receipt } from '../model/street.js';

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

/**
 * Brings a batch into the kernel, without the elements that it refuses. Answers for each change, in order.
 *
 * What is folded into a prefix that was refused stays as it is, and that is no error: it stands for itself.
 *
 * @param refused prefixes that were; those that are now are added.
 */
export async function carryOut(batch: Batch, sink: Sink, refused: Set<string> = new Set()): Promise<Receipt[]> {
  const due = refused.size > 0 ? batch.only((change) => !isStranded(change, refused)) : batch;
  if (due.size === 0) return batch.changes.map((change) => ({ change }));
  const receipts = await carryOutDue(due, sink, refused);
  return due.size === batch.size ? receipts : inOrderOf(batch, receipts);
}

async function carryOutDue(batch: Batch, sink: Sink, refused: Set<string>): Promise<Receipt[]> {
  const error = await persist(() => sink.apply(batch));
  if (!error) return batch.changes.map((change) => ({ change }));
  if (batch.size === 1 || error.fault !== 'element') {
    for (const { prefix } of batch.changes) refused.add(prefix.text);
    return batch.changes.map((change) => ({ change, error }));
  }
  // What is folded goes last, when it is known what of the others stands.
  const others = batch.only((change) => !isFold(change));
  const [left, right] = others.size > 0 && others.size < batch.size ? [others, batch.only(isFold)] : batch.halves();
  // The guilty element is in one of the halves: twenty transactions find one in a million.
  const receipts = [...(await carryOut(left, sink, refused)), ...(await carryOut(right, sink, refused))];
  return left === others ? inOrderOf(batch, receipts) : receipts;
}

const isStranded = (change: Change, refused: ReadonlySet<string>): boolean =>
  isFold(change) && refused.has(change.foldedInto.text);

/** What has no receipt was not due. */
function inOrderOf(batch: Batch, receipts: readonly Receipt[]): Receipt[] {
  const answers = new Map(receipts.map((receipt) => [receipt.change, receipt]));
  return batch.changes.map((change) => answers.get(change) ?? { change });
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
