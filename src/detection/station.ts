import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { describeCounted, describeSource } from '../config/describe.js';
import { Never } from '../jails/never.js';
import { type Clock, monotonic } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { JailReport } from '../model/jail-report.js';
import { Prefix } from '../model/prefix.js';
import type { BanVerdict } from '../model/street.js';
import type { Chunk } from '../sources/chunk.js';
import { Engine, type Ready } from './engine.js';
import type { Feed } from './feed.js';
import { Feeds } from './feeds.js';
import type { Assignment, News, Order, PositionNews, Wanted } from './messages.js';
import { Outbox } from './outbox.js';

export interface StationOptions {
  readonly assignment: Assignment;
  readonly now: Clock;
  readonly post: (news: News) => void;
}

/** What is at work next. */
interface Next {
  readonly ready: Ready;
  readonly never: readonly Prefix[];
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
  readonly #engine: Engine;
  readonly #outbox: Outbox;
  readonly #never: Never;
  readonly #feeds: Feeds;
  /** Ends when the feeds of the beginning are open. */
  readonly #opened: Promise<void>;
  #haveOpened: () => void = () => undefined;
  readonly #consuming = new Set<Promise<void>>();
  /** What was made ready, and is not at work yet. */
  #next: Next | undefined;
  #telling: NodeJS.Timeout | undefined;
  /** Ends when the chunk that is being judged has been. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: StationOptions) {
    const { assignment, post, now } = options;
    this.#options = options;
    this.#opened = new Promise((resolve) => {
      this.#haveOpened = resolve;
    });
    this.#never = new Never(prefixesOf(assignment));
    this.#feeds = new Feeds({
      signal: this.#stopping.signal,
      positions: assignment.positions,
      maxLine: assignment.maxLine,
      now,
      onEvent: (sentence) => this.#say(sentence),
    });
    this.#outbox = new Outbox(
      assignment.jails,
      post,
      () => this.#engine.open,
      (verdicts) => this.#engine.relapses(verdicts),
    );
    this.#engine = new Engine(assignment.jails, {
      never: this.#never,
      now,
      report: (sentence) => post({ kind: 'sentence', sentence }),
      onLate: (verdict) => {
        this.#outbox.late(verdict);
        this.#tellBetween();
      },
      onCount: (jail, address, time) => this.#outbox.counted(jail, address, time),
      onSiege: (jail, change) => post({ kind: 'siege', jail, ...change }),
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
    const { feeds } = await this.#feeds.replace(this.#engine.watches.map(({ config }) => config));
    this.#keep(feeds.flatMap((feed) => feed.positions()));
    await this.#tellBetween();
    this.#options.post({ kind: 'ready' });
    await Promise.race([within(this.#engine.settled), stopped]);
    this.#consumeAll(feeds);
    this.#haveOpened();
    await stopped;
    // Behind what may be at work to open others.
    await this.#turn;
    await Promise.all(this.#consuming);
    this.#keep(this.#feeds.all.flatMap((feed) => feed.positions()));
    await this.#tellBetween();
  }

  order(order: Order): void {
    if (order.kind === 'enforced') this.#outbox.arrived(order.batch);
    else if (order.kind === 'stop') this.#stopping.abort();
    else if (order.kind === 'lost') this.#lost();
    else if (order.kind === 'never') this.#never.replace(prefixesOf(order));
    else if (order.kind === 'prepare') void this.#prepare(order, order.request);
    else if (order.kind === 'replace') void this.#replace(order.request);
    else this.#options.post({ kind: 'report', request: order.request, report: { jails: this.#report() } });
  }

  /** Makes ready for other jails, and says what is in the way. */
  async #prepare(wanted: Wanted, request: number): Promise<void> {
    const faults: string[] = [];
    this.#next = undefined;
    try {
      await this.#opened;
      const ready = await this.#engine.prepare(wanted.jails, (fault) => faults.push(fault));
      await within(Promise.all(ready.watches.map(({ settled }) => settled)));
      if (faults.length === 0) this.#next = { ready, never: prefixesOf(wanted) };
    } catch (error) {
      faults.push(messageOf(error));
    }
    this.#options.post({ kind: 'prepared', request, faults });
  }

  /** Goes on with what was made ready, between two chunks: every line is judged by the old jails or by the new ones. */
  async #replace(request: number): Promise<void> {
    const next = this.#next;
    this.#next = undefined;
    if (next && !this.#stopping.signal.aborted) {
      this.#turn = this.#turn.then(() => this.#begin(next)).catch((error) => this.#say(messageOf(error)));
      await this.#turn;
      await this.#tellBetween();
    }
    this.#options.post({ kind: 'replaced', request });
  }

  async #begin({ ready, never }: Next): Promise<void> {
    const jails = ready.watches.map(({ config }) => config);
    this.#never.replace(never);
    this.#engine.replace(ready);
    this.#outbox.replace(jails);
    const { feeds, positions } = await this.#feeds.replace(jails, (key) => this.#outbox.positionOf(key));
    this.#keep(positions);
    this.#consumeAll(feeds);
  }

  #consumeAll(feeds: readonly Feed[]): void {
    for (const feed of feeds) {
      const consuming = this.#consume(feed).finally(() => this.#consuming.delete(consuming));
      this.#consuming.add(consuming);
    }
  }

  /** A source that fails is told of; the others go on. */
  async #consume(feed: Feed): Promise<void> {
    try {
      for await (const chunk of feed.chunks) await this.#judge(feed, chunk);
    } catch (error) {
      this.#say(`${feed.name} is not read any more: ${messageOf(error)}`);
    }
    if (!this.#stopping.signal.aborted) this.#feeds.ended(feed);
  }

  async #judge(feed: Feed, chunk: Chunk): Promise<void> {
    const read = monotonic();
    const judging = this.#turn.then(() => this.#inTurn(feed, chunk, read));
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
  async #inTurn(feed: Feed, chunk: Chunk, read: number): Promise<readonly Promise<void>[]> {
    const rooms: Promise<void>[] = [];
    const source = feed.keyOf(chunk);
    let verdicts: BanVerdict[] = [];
    try {
      for (const found of this.#engine.judge(chunk, feed.jailsOf(chunk))) {
        for (const verdict of found) verdicts.push({ ...verdict, read });
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

  #keep(positions: readonly PositionNews[]): void {
    for (const news of positions) this.#outbox.read(news);
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
    // Asked for every few seconds by who looks whether the thread lives: where nobody fails any more, this ends a siege.
    this.#engine.settle();
    const behind = new Map(this.#feeds.all.flatMap((feed) => [...feed.behind()]));
    return this.#engine.watches.map(({ config, counts }) => ({
      name: config.name,
      filter: config.filter.name,
      sources: config.recidive ? config.recidive.map(describeCounted) : config.sources.map(describeSource),
      behind: behind.get(config.name) ?? null,
      ...counts,
    }));
  }

  #say(sentence: string): void {
    this.#options.post({ kind: 'sentence', sentence });
  }
}

const prefixesOf = ({ never }: Pick<Wanted, 'never'>): readonly Prefix[] => never.map((text) => Prefix.parse(text));

/** Ends when names have been looked up, or reading has waited for them long enough. */
const within = (settled: Promise<unknown>): Promise<unknown> =>
  Promise.race([settled, sleep(NAMES_WITHIN, undefined, { ref: false })]);
