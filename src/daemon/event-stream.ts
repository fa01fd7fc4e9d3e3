import { setTimeout as sleep } from 'node:timers/promises';
import type { EventFilter } from '../control/api.js';
import { DropsetError } from '../model/errors.js';
import type { Event } from '../model/events.js';
import { printableJson } from '../model/printable.js';
import { wantedEvents } from './event-filter.js';
import type { Events } from './events.js';
import { Follower } from './follower.js';
import { recordOf } from './record.js';

/** Readers at a time. */
const MOST = 16;

/** Milliseconds: without an event before a heartbeat, and that readers have at the end to hear of it. */
const HEARTBEAT = 15_000;
const PATIENCE = 500;

/** Characters that wait for one reader: some 15,000 bans. Readers share them where they wait for the same. */
const ROOM = 4 * 1024 * 1024;

export interface StreamOptions {
  readonly heartbeat?: number;
  readonly room?: number;
}

/** What happens, for whoever follows it over the socket. While nobody does, it is no listener and costs nothing. */
export class EventStream {
  readonly #events: Events;
  readonly #options: StreamOptions;
  readonly #followers = new Set<Follower>();
  #last: { readonly event: Event; readonly line: string } | undefined;

  constructor(events: Events, options: StreamOptions = {}) {
    this.#events = events;
    this.#options = options;
  }

  /**
   * Lines of JSON, some at a time, from the moment of the call until `close`, or until `signal` says that the reader has gone.
   *
   * @throws DropsetError `request` for a filter that makes no sense, `busy` if there are too many readers.
   */
  follow(filter: EventFilter, signal: AbortSignal): AsyncIterable<string> {
    const wanted = wantedEvents(filter);
    if (this.#followers.size >= MOST) {
      throw new DropsetError('busy', `${MOST} readers follow the events already: end one of them`);
    }
    const follower = new Follower({
      ...wanted,
      lineOf: (event, time) => this.#lineOf(event, time),
      heartbeat: this.#options.heartbeat ?? HEARTBEAT,
      room: this.#options.room ?? ROOM,
    });
    this.#followers.add(follower);
    const silence = this.#events.listen(follower);
    signal.addEventListener('abort', () => {
      silence();
      this.#followers.delete(follower);
      follower.close();
    });
    return follower.parts();
  }

  /** Ends every stream. Resolves when the readers have what they wait for, or have had the time. */
  async close(): Promise<void> {
    for (const follower of this.#followers) follower.close();
    const end = performance.now() + PATIENCE;
    while (this.#followers.size > 0 && performance.now() < end) await sleep(5);
  }

  #lineOf(event: Event, time: number): string {
    if (this.#last?.event !== event) this.#last = { event, line: `${printableJson(recordOf(event, time))}\n` };
    return this.#last.line;
  }
}
