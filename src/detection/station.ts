import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { describeSource } from '../config/describe.js';
import { Never } from '../jails/never.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { JailReport } from '../model/jail-report.js';
import { Prefix } from '../model/prefix.js';
import type { BanVerdict } from '../model/street.js';
import type { Chunk } from '../sources/chunk.js';
import { Engine } from './engine.js';
import { type Feed, feedsOf } from './feeds.js';
import type { Assignment, News, Order } from './messages.js';
import { Outbox } from './outbox.js';

export interface StationOptions {
  readonly assignment: Assignment;
  readonly now: Clock;
  readonly post: (news: News) => void;
}

/** Milliseconds within which it is told how far sources have been read and what was counted; and when that was lost. */
const PROGRESS_WITHIN = 1_000;
const AGAIN = 10_000;

/** Milliseconds that reading waits for the addresses of host names that are never banned. */
const NAMES_WITHIN = 5_000;

/** What the detection thread does: reads every source, judges what it reads, and posts verdicts. */
export class Station {
  readonly #options: StationOptions;
  readonly #stopping = new AbortController();
  readonly #never: Never;
  readonly #engine: Engine;
  readonly #outbox: Outbox;
  #telling: NodeJS.Timeout | undefined;
  /** Ends when the chunk that is being judged has been. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: StationOptions) {
    const { assignment, post, now } = options;
    this.#options = options;
    this.#outbox = new Outbox(assignment.jails, post, () => this.#engine.open);
    this.#never = new Never(prefixesOf(assignment.never));
    this.#engine = new Engine(assignment.jails, {
      never: this.#never,
      users: assignment.users,
      now,
      report: (sentence) => post({ kind: 'sentence', sentence }),
      onLate: (verdict) => {
        this.#outbox.late(verdict);
        this.#tellBetween();
      },
      onCount: (jail, address, time) => this.#outbox.counted(jail, address, time),
    });
    this.#engine.restore(assignment.counts);
  }

  /** Reads until it is told to stop, also if no source is left. */
  async run(): Promise<void> {
    const { signal } = this.#stopping;
    const stopped = new Promise<void>((resolve) => {
      if (signal.aborted) resolve();
      else signal.addEventListener('abort', () => resolve(), { once: true });
    });
    const feeds = await this.#feeds();
    this.#keep(feeds);
    await this.#tellBetween();
    this.#options.post({ kind: 'ready' });
    await Promise.race([this.#engine.settled, sleep(NAMES_WITHIN, undefined, { ref: false }), stopped]);
    await Promise.all(feeds.map((feed) => this.#consume(feed)));
    await stopped;
    this.#keep(feeds);
    await this.#tellBetween();
  }

  order(order: Order): void {
    if (order.kind === 'enforced') this.#outbox.arrived(order.batch);
    else if (order.kind === 'stop') this.#stopping.abort();
    else if (order.kind === 'lost') this.#lost();
    else if (order.kind === 'never') this.#never.replace(prefixesOf(order.never));
    else this.#options.post({ kind: 'report', request: order.request, report: { jails: this.#report() } });
  }

  #feeds(): Promise<readonly Feed[]> {
    const { assignment, now } = this.#options;
    return feedsOf(
      this.#engine.watches.map(({ config }) => config),
      {
        signal: this.#stopping.signal,
        positions: assignment.positions,
        maxLine: assignment.maxLine,
        now,
        onEvent: (sentence) => this.#say(sentence),
      },
    );
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
    const judging = this.#turn.then(() => this.#inTurn(feed, chunk));
    this.#turn = judging;
    await Promise.all(await judging);
    this.#tellWithin(PROGRESS_WITHIN);
  }

  /**
   * One chunk at a time, because jails remember what they are doing; between two slices orders are heard. Whatever goes wrong
   * with these lines, the next ones are judged.
   *
   * @returns for each verdict that was sent, when there is room for more.
   */
  async #inTurn(feed: Feed, chunk: Chunk): Promise<readonly Promise<void>[]> {
    const rooms: Promise<void>[] = [];
    const source = feed.keyOf(chunk);
    let verdicts: BanVerdict[] = [];
    try {
      for (const found of this.#engine.judge(chunk, feed.jailsOf(chunk))) {
        verdicts.push(...found);
        const position = chunk.position && feed.positionAt(chunk, this.#engine.read);
        // A verdict goes with the position behind its line. Where only the chunk's end has one, it waits for that.
        if (verdicts.length > 0 && (position || !chunk.position)) {
          if (position) this.#outbox.read({ source, position });
          rooms.push(this.#outbox.send(verdicts));
          verdicts = [];
        }
        await setImmediate();
      }
    } catch (error) {
      this.#say(`lines of ${chunk.source} were passed over: ${messageOf(error)}`);
    }
    if (chunk.position) this.#outbox.read({ source, position: chunk.position });
    if (verdicts.length > 0) rooms.push(this.#outbox.send(verdicts));
    return rooms;
  }

  #keep(feeds: readonly Feed[]): void {
    for (const news of feeds.flatMap((feed) => feed.positions())) this.#outbox.read(news);
  }

  #tellWithin(milliseconds: number): void {
    this.#telling ??= setTimeout(() => void this.#tellBetween(), milliseconds);
  }

  /** Tells the progress between two chunks: inside of one, counts are further than positions. */
  #tellBetween(): Promise<void> {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    // Wrapped, so that no chunk waits until it has been sent: an ignorecommand may be asked meanwhile.
    const telling = this.#turn.then(() => ({ sent: this.#outbox.send([]) }));
    this.#turn = telling;
    return telling.then(({ sent }) => sent);
  }

  /** What could not be written is not tried again at once: a full disk stays full for a while. */
  #lost(): void {
    this.#outbox.lost();
    if (!this.#stopping.signal.aborted) this.#tellWithin(AGAIN);
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

const prefixesOf = (texts: readonly string[]): readonly Prefix[] => texts.map((text) => Prefix.parse(text));
