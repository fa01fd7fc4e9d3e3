import type { Clock } from '../model/clock.js';
import { Prefix } from '../model/prefix.js';
import type { Bell } from './bell.js';
import type { Chunk } from './chunk.js';
import type { SourceEvent, SourceEventKind } from './event.js';
import { Gathering } from './gathering.js';
import { lineOf, parseMessage } from './syslog-message.js';
import { timeOf } from './syslog-time.js';
import { Tally } from './tally.js';

/** 1 MiB of lines wait at most, while the consumer works. */
const ROOM = 1024 * 1024;

export interface IntakeOptions {
  /** As an operator would name the endpoint. */
  readonly name: string;
  readonly maxLine: number;
  /** Who may send; everybody where absent. */
  readonly allow: readonly Prefix[] | undefined;
  readonly clock: Clock;
  readonly onEvent: (event: SourceEvent) => void;
  /** Rung for each message. */
  readonly bell: Bell;
}

/** What all listeners have in common: messages in, chunks out, and a bound on what waits between. */
export class Intake {
  readonly #options: IntakeOptions;
  readonly #gathering: Gathering;
  readonly #refused: Tally;
  readonly #lost: Tally;
  readonly #oversized: Tally;
  /** Called once there is room again. */
  onRoom: () => void = () => undefined;

  constructor(options: IntakeOptions) {
    this.#options = options;
    this.#refused = new Tally((count) => this.tell('refused', `has turned away ${count} that may not send here`));
    this.#lost = new Tally((count) =>
      this.tell('lost', `has lost ${count} messages, which came faster than they are read`),
    );
    this.#oversized = new Tally((count) => this.tell('oversized', `has had ${count} messages that were cut`));
    this.#gathering = new Gathering(options.name, options.maxLine, () => this.#oversized.add());
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  get isFull(): boolean {
    return this.#gathering.size >= ROOM;
  }

  /** Whether a peer may send; counts those that may not. @param address an IP address. */
  admits(address: string): boolean {
    const { allow } = this.#options;
    if (!allow) return true;
    const zone = address.indexOf('%');
    const peer = Prefix.tryParse(zone < 0 ? address : address.slice(0, zone));
    const isAllowed = peer !== undefined && allow.some((prefix) => prefix.covers(peer));
    if (!isAllowed) this.refuse();
    return isAllowed;
  }

  /** Takes a message. @param sender the name of its host, if it does not name one itself. */
  accept(message: Buffer, sender: string): void {
    if (message.length === 0) return;
    const { clock, bell } = this.#options;
    const parsed = parseMessage(message.toString('latin1'));
    this.#gathering.add(Buffer.from(lineOf(parsed, sender), 'latin1'), timeOf(parsed.timestamp, clock()));
    bell.ring();
  }

  /** Who was turned away, for whatever reason. */
  refuse(): void {
    this.#refused.add();
  }

  /** Messages that nobody will read. */
  lose(count: number): void {
    this.#lost.add(count);
  }

  /** A message that was cut before it came here. */
  cut(): void {
    this.#oversized.add();
  }

  /** All that waits. */
  take(): Chunk | undefined {
    const wasFull = this.isFull;
    const chunk = this.#gathering.take();
    if (wasFull) this.onRoom();
    return chunk;
  }

  tell(kind: SourceEventKind, sentence: string): void {
    const { name, onEvent } = this.#options;
    onEvent({ kind, path: name, message: `${name} ${sentence}` });
  }
}
