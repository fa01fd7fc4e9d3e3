import { type Event, sentenceOf } from '../model/events.js';
import type { Listener } from './events.js';

/** Problems that are kept at most. */
const MOST = 50;

/** What an operator should know: of all that happens, what `status` goes on showing, newest last. */
export class Problems implements Listener {
  readonly #kept: string[] = [];
  #said = 0;

  get all(): readonly string[] {
    return this.#kept;
  }

  /** How many there have been, the same again included. */
  get said(): number {
    return this.#said;
  }

  hear(event: Event, time: number): void {
    if (event.kind !== 'problem' && !('kept' in event && event.kept)) return;
    this.#said++;
    const sentence = sentenceOf(event);
    // The same again is the same one, newer: it must not drive out the others.
    const before = this.#kept.findIndex((kept) => kept.slice(kept.indexOf(' ') + 1) === sentence);
    if (before >= 0) this.#kept.splice(before, 1);
    this.#kept.push(`${new Date(time).toISOString()} ${sentence}`);
    if (this.#kept.length > MOST) this.#kept.shift();
  }
}
