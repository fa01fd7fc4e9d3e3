import type { Clock } from '../model/clock.js';
import type { Event } from '../model/events.js';

export interface Listener {
  /** @param time milliseconds since the epoch. Must not throw. */
  hear(event: Event, time: number): void;
  /**
   * Bans, unbans and ends that came together, more than would be told one by one. Who does not have this hears one `changes` a second
   * in their place, and they cost nobody anything.
   */
  hearMany?(events: readonly Event[], time: number): void;
}

/** More at a time are told together. */
export const ONE_BY_ONE = 20;

/** Milliseconds: an import of a million comes in hundreds of parts, and one line a second is enough. */
const TOGETHER = 1000;

/** The one place that events go through: a sentence of the log, a line of the stream and a count are the same event. */
export class Events {
  readonly #clock: Clock;
  readonly #listeners = new Set<Listener>();
  #sum = { bans: 0, unbans: 0, ends: 0 };
  #timer: NodeJS.Timeout | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Answers what ends it. */
  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(event: Event): void {
    const time = this.#clock();
    for (const listener of this.#listeners) listener.hear(event, time);
  }

  problem(message: string): void {
    this.tell({ kind: 'problem', message });
  }

  /** Bans, unbans and ends that came together. */
  tellAll(events: readonly Event[]): void {
    if (events.length > ONE_BY_ONE) this.#tellMany(events);
    else for (const event of events) this.tell(event);
  }

  /** Tells at once what is kept back for the next second. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const event = { kind: 'changes', ...this.#sum } as const;
    this.#sum = { bans: 0, unbans: 0, ends: 0 };
    if (event.bans + event.unbans + event.ends === 0) return;
    const time = this.#clock();
    for (const listener of this.#listeners) if (!listener.hearMany) listener.hear(event, time);
  }

  #tellMany(events: readonly Event[]): void {
    const time = this.#clock();
    for (const listener of this.#listeners) listener.hearMany?.(events, time);
    for (const { kind } of events) {
      if (kind === 'ban') this.#sum.bans++;
      else if (kind === 'unban') this.#sum.unbans++;
      else this.#sum.ends++;
    }
    this.#timer ??= setTimeout(() => this.flush(), TOGETHER).unref();
  }
}
