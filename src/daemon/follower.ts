import type { EventRecord } from '../control/event.js';
import type { Event } from '../model/events.js';
import { printableJson } from '../model/printable.js';

export interface FollowerOptions {
  readonly wants: (event: Event) => boolean;
  /** An event as a line of JSON; shared, because several followers write the same one down. */
  readonly lineOf: (event: Event, time: number) => string;
  /** Milliseconds without an event before it is told that the service lives. */
  readonly heartbeat: number;
  /** Characters that wait for the reader at most. */
  readonly room: number;
}

/** Characters that are handed over at a time. */
const PART = 65_536;

/** One reader of the stream. It never waits for who reads: what there is no room for is counted, and the reader is told. */
export class Follower {
  readonly #options: FollowerOptions;
  #lines: string[] = [];
  #size = 0;
  #missed = 0;
  #isOver = false;
  #wake: ((isHeard: boolean) => void) | undefined;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  hear(event: Event, time: number): void {
    if (!this.#options.wants(event)) return;
    if (this.#size >= this.#options.room) {
      this.#missed++;
      return;
    }
    this.#confess(time);
    this.#push(this.#options.lineOf(event, time));
  }

  /** What was heard, as lines of JSON, a part at a time, until `close`. */
  async *parts(): AsyncGenerator<string> {
    for (;;) {
      if (this.#size === 0) this.#confess(Date.now());
      if (this.#size > 0) yield this.#take();
      else if (this.#isOver) return;
      else if (!(await this.#heard())) this.#push(line('heartbeat', 'debug', 'nothing happened', Date.now()));
    }
  }

  /** Ends the parts behind what was heard so far. */
  close(): void {
    this.#isOver = true;
    this.#wake?.(true);
  }

  /** Tells what there was no room for, where it belongs: before what came afterwards. */
  #confess(time: number): void {
    if (this.#missed === 0) return;
    const count = this.#missed;
    this.#missed = 0;
    this.#push(line('missed', 'warning', `${count} events were missed: this reader was too slow`, time, { count }));
  }

  #push(text: string): void {
    this.#lines.push(text);
    this.#size += text.length;
    this.#wake?.(true);
  }

  #take(): string {
    let [count, size] = [0, 0];
    while (count < this.#lines.length && size < PART) size += (this.#lines[count++] as string).length;
    this.#size -= size;
    return this.#lines.splice(0, count).join('');
  }

  /** False if nothing was heard for a while. */
  async #heard(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const isHeard = await new Promise<boolean>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(() => resolve(false), this.#options.heartbeat).unref();
    });
    clearTimeout(timer);
    this.#wake = undefined;
    return isHeard;
  }
}

const line = (
  event: 'missed' | 'heartbeat',
  level: 'warning' | 'debug',
  message: string,
  time: number,
  fields = {},
): string =>
  `${printableJson({ time: new Date(time).toISOString(), level, event, message, ...fields } as EventRecord)}\n`;
