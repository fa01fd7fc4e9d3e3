import type { Event } from '../model/events.js';

/** One event that waits, with its time. */
export interface Waiting {
  readonly event: Event;
  readonly time: number;
}

/** Events that wait for a call: at most so many, and beyond that they are counted and not kept. */
export class Queue {
  readonly #most: number;
  #waiting: Waiting[] = [];
  #missed = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Answers whether there was room. */
  add(event: Event, time: number): boolean {
    if (this.#waiting.length >= this.#most) {
      this.#missed++;
      return false;
    }
    this.#waiting.push({ event: slim(event), time });
    return true;
  }

  /** The oldest, at most so many. */
  take(most: number): readonly Waiting[] {
    return this.#waiting.splice(0, most);
  }

  /** Somebody took these, and could not deliver them. */
  lost(count: number): void {
    this.#missed += count;
  }

  /** How many were not delivered since this was last asked. */
  missed(): number {
    const missed = this.#missed;
    this.#missed = 0;
    return missed;
  }
}

/** The lines that led to a ban are up to 5,000 characters each, and nobody is told of them. */
function slim(event: Event): Event {
  if ((event.kind !== 'ban' && event.kind !== 'end') || !event.ban.lines) return event;
  const { lines: _, ...ban } = event.ban;
  return { ...event, ban };
}
