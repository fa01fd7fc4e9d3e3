import { describeSource } from '../config/describe.js';
import { Never } from '../jails/never.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import type { Chunk } from '../sources/chunk.js';
import { Engine } from './engine.js';
import { type Feed, feedsOf } from './feeds.js';
import type { Assignment, JailReport, News, Order, PositionNews } from './messages.js';
import { Outbox } from './outbox.js';

export interface StationOptions {
  readonly assignment: Assignment;
  readonly now: Clock;
  readonly post: (news: News) => void;
}

/** Milliseconds between two words about how far sources have been read. */
const POSITIONS_EVERY = 1_000;

/** What the detection thread does: reads every source, judges what it reads, and posts verdicts. */
export class Station {
  readonly #options: StationOptions;
  readonly #stopping = new AbortController();
  readonly #engine: Engine;
  readonly #outbox: Outbox;
  readonly #positions = new Map<string, PositionNews>();

  constructor(options: StationOptions) {
    const { assignment, post, now } = options;
    this.#options = options;
    this.#outbox = new Outbox(assignment.jails, post);
    this.#engine = new Engine(assignment.jails, {
      never: new Never(assignment.never.map((text) => Prefix.parse(text))),
      now,
      report: (sentence) => post({ kind: 'sentence', sentence }),
      onLate: (verdict) => void this.#outbox.send([verdict]),
    });
  }

  /** Reads until it is told to stop. */
  async run(): Promise<void> {
    const { signal } = this.#stopping;
    const telling = setInterval(() => this.#tellPositions(), POSITIONS_EVERY);
    const feeds = await feedsOf(
      this.#engine.watches.map(({ config }) => config),
      {
        signal,
        positions: this.#options.assignment.positions,
        now: this.#options.now,
        onEvent: (sentence) => this.#say(sentence),
      },
    );
    this.#options.post({ kind: 'ready' });
    await Promise.all(feeds.map((feed) => this.#consume(feed)));
    clearInterval(telling);
    this.#tellPositions();
  }

  order(order: Order): void {
    if (order.kind === 'enforced') this.#outbox.arrived(order.batch);
    else if (order.kind === 'stop') this.#stopping.abort();
    else this.#options.post({ kind: 'report', request: order.request, report: { jails: this.#report() } });
  }

  /** A source that fails is told of; the others go on. */
  async #consume(feed: Feed): Promise<void> {
    try {
      for await (const chunk of feed.chunks) await this.#judge(feed, chunk);
    } catch (error) {
      this.#say(`${feed.name} is not read any more: ${messageOf(error)}`);
    }
  }

  async #judge(feed: Feed, chunk: Chunk): Promise<void> {
    const jails = feed.jailsOf(chunk);
    for (const verdicts of this.#engine.judge(chunk, jails)) if (verdicts.length > 0) await this.#outbox.send(verdicts);
    if (chunk.position) this.#positions.set(feed.keyOf(chunk), { source: feed.keyOf(chunk), position: chunk.position });
  }

  #tellPositions(): void {
    if (this.#positions.size === 0) return;
    this.#options.post({ kind: 'positions', positions: [...this.#positions.values()] });
    this.#positions.clear();
  }

  #report(): JailReport[] {
    return this.#engine.watches.map(({ config, counts }) => ({
      name: config.name,
      filter: config.filter.name,
      sources: config.sources.map(describeSource),
      ...counts,
    }));
  }

  #say(sentence: string): void {
    this.#options.post({ kind: 'sentence', sentence });
  }
}
