import type { Ledger, Recorded } from '../ledger/ledger.js';
import { messageOf } from '../model/errors.js';
import type { Change, Receipt } from '../model/street.js';
import type { Writer } from '../writer/writer.js';
import type { Bare } from './bare.js';
import type { Secondaries } from './secondaries.js';

export interface DeliveryOptions {
  readonly ledger: Pick<Ledger, 'arrived'>;
  readonly writer: Pick<Writer, 'write' | 'writeApart'>;
  /** The backends beside the one that the writer writes to. */
  readonly others?: Pick<Secondaries, 'take' | 'takeBare'> | undefined;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
}

/** Hands to the writer what the ledger has recorded, step by step where there are steps. */
export class Delivery {
  readonly #options: DeliveryOptions;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  /** As `send`; what was taken away is not in doubt any more when the kernel has said so. */
  async write(recorded: Recorded): Promise<readonly Receipt[]> {
    const { receipts, isDone } = await this.#send(recorded);
    if (!isDone) return receipts;
    try {
      this.#options.ledger.arrived(recorded);
    } catch {
      // It is taken away once more at the next start, and whoever writes the ledger next says what is wrong.
    }
    return receipts;
  }

  /** Answers one receipt for each of `changes`, in order. All is handed over before this returns. Never rejects. */
  async send(recorded: Recorded): Promise<readonly Receipt[]> {
    return (await this.#send(recorded)).receipts;
  }

  async #send(recorded: Recorded | Bare): Promise<{ receipts: readonly Receipt[]; isDone: boolean }> {
    const { writer, others } = this.#options;
    const { changes, steps } = recorded;
    if ('untold' in recorded) others?.takeBare(recorded.untold);
    else void others?.take(changes);
    const all = steps
      ? (await Promise.all(steps.map((step) => writer.writeApart(step)))).flat()
      : await writer.write(changes);
    const isDone = all.every(({ error }) => !error);
    if (!steps) return { receipts: all, isDone };
    if (!isDone) this.#complain(all, changes);
    const answers = new Map(all.map((receipt) => [receipt.change.prefix.text, receipt]));
    // What is folded and never was in the kernel needs nothing: that the kernel holds the prefix is the answer.
    return { receipts: changes.map((change) => answers.get(change.prefix.text) ?? { change }), isDone };
  }

  /** Of single elements that were to come back from a wide one: nobody waits for them. */
  #complain(receipts: readonly Receipt[], changes: readonly Change[]): void {
    const known = new Set(changes.map(({ prefix }) => prefix.text));
    const refused = receipts.filter(({ change, error }) => error && !known.has(change.prefix.text));
    const [first] = refused;
    if (!first) return;
    this.#options.problem(
      `${refused.length} bans that were folded into a prefix are not in the kernel; the first, ${first.change.prefix}: ${messageOf(first.error)}; audits try again`,
    );
  }
}

/** Of answers without an error: elements that the kernel holds by them. */
export const countAdded = (receipts: readonly Receipt[]): number =>
  receipts.reduce((sum, { change }) => sum + (change.verb === 'add' ? 1 : 0), 0);
