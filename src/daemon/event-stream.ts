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

/** What happens, for whoever follows it over the socket. While nobody does it costs nothing. */
export class EventStream {
  readonly #options: StreamOptions;
  /** Those that hear each of many bans, and those that want none of them. */
  readonly #each = new Set<Follower>();
  readonly #others = new Set<Follower>();
  #last: { readonly event: Event; readonly line: string } | undefined;

  constructor(events: Events, options: StreamOptions = {}) {
    this.#options = options;
    const hear = (event: Event, time: number): void => {
      for (const follower of this.#each) follower.hear(event, time);
    };
    // An event after the other, and not a follower: they share the line.
    const hearMany = (many: readonly Event[], time: number): void => {
      if (this.#each.size > 0) for (const event of many) hear(event, time);
    };
    events.listen({ hear, hearMany });
    events.listen({
      hear: (event, time) => {
        for (const follower of this.#others) follower.hear(event, time);
      },
    });
  }

  /**
   * Lines of JSON, some at a time, from the moment of the call until `close`, or until `signal` says that the reader has gone.
   *
   * @throws DropsetError `request` for a filter that makes no sense, `busy` if there are too many readers.
   */
  follow(filter: EventFilter, signal: AbortSignal): AsyncIterable<string> {
    const { wants, each } = wantedEvents(filter);
    if (this.#each.size + this.#others.size >= MOST) {
      throw new DropsetError('busy', `${MOST} readers follow the events already: end one of them`);
    }
    const follower = new Follower({
      wants,
      lineOf: (event, time) => this.#lineOf(event, time),
      heartbeat: this.#options.heartbeat ?? HEARTBEAT,
      room: this.#options.room ?? ROOM,
    });
    const kin = each ? this.#each : this.#others;
    kin.add(follower);
    signal.addEventListener('abort', () => {
      kin.delete(follower);
      follower.close();
    });
    return follower.parts();
  }

  /** Ends every stream. Resolves when the readers have what they wait for, or have had the time. */
  async close(): Promise<void> {
    for (const follower of [...this.#each, ...this.#others]) follower.close();
    const end = performance.now() + PATIENCE;
    while (this.#each.size + this.#others.size > 0 && performance.now() < end) await sleep(5);
  }

  #lineOf(event: Event, time: number): string {
    if (this.#last?.event !== event) this.#last = { event, line: `${printableJson(recordOf(event, time))}\n` };
    return this.#last.line;
  }
}
