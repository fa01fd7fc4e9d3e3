import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Chunk, JournalPosition } from './chunk.js';
import type { SourceEvent } from './event.js';
import { matchArguments } from './journal-match.js';
import { type JournalProcess, type JournalSelection, journalctlArguments, startJournalctl } from './journal-process.js';
import { JournalReader } from './journal-reader.js';
import { stoppable } from './stoppable.js';

export interface JournalOptions extends Omit<JournalSelection, 'matches'> {
  /** Ends the iteration, without an error. */
  readonly signal: AbortSignal;
  /** Lines as in a filter's `journalmatch`; all entries where absent or empty. */
  readonly journalmatch?: readonly string[];
  /** Where to begin without a position: now, with the oldest entry, or at a time in milliseconds. Now where absent. */
  readonly start?: 'end' | 'beginning' | { readonly since: number };
  /** Goes on behind this entry, or, if it has been deleted meanwhile, behind the place where it was. */
  readonly position?: JournalPosition | undefined;
  /** Longer lines are cut, in bytes; 65,536 where absent. */
  readonly maxLine?: number;
  readonly onEvent?: (event: SourceEvent) => void;
  readonly clock?: Clock;
  /** Milliseconds before the first and at most before any restart of journalctl; 100 and 30,000 where absent. */
  readonly backOff?: { readonly first: number; readonly longest: number };
}

/**
 * Follows systemd's journal through journalctl. Every entry comes once, also when journalctl dies or the journal is rotated
 * meanwhile. No more is read than the consumer has asked for. The process is ended when the signal aborts or the consumer returns.
 *
 * @throws DropsetError `filter` for a wrong journalmatch; while iterating, `unsupported` where there is no journalctl.
 */
export function followJournal(options: JournalOptions): AsyncIterableIterator<Chunk> {
  const following = new Following(options);
  return stoppable(following.chunks(), following.stop);
}

class Following {
  readonly #selection: JournalSelection;
  readonly #reader: JournalReader;
  readonly #since: number;
  readonly #backOff: { readonly first: number; readonly longest: number };
  readonly #stopping = new AbortController();
  readonly #outside: AbortSignal;
  #process: JournalProcess | undefined;
  #wait: number;

  readonly stop = (): void => {
    this.#outside.removeEventListener('abort', this.stop);
    this.#stopping.abort();
    this.#process?.kill();
  };

  constructor(options: JournalOptions) {
    this.#selection = { ...options, matches: matchArguments(options.journalmatch ?? []) };
    this.#outside = options.signal;
    this.#outside.addEventListener('abort', this.stop);
    if (this.#outside.aborted) this.stop();
    this.#reader = new JournalReader({
      source: options.directory === undefined ? 'journal' : `journal ${options.directory}`,
      maxLine: options.maxLine ?? 65_536,
      onEvent: options.onEvent ?? (() => undefined),
      cursor: options.position?.cursor,
    });
    this.#since = sinceOf(options);
    this.#backOff = options.backOff ?? { first: 100, longest: 30_000 };
    this.#wait = this.#backOff.first;
  }

  get #isStopped(): boolean {
    return this.#stopping.signal.aborted;
  }

  async *chunks(): AsyncGenerator<Chunk> {
    try {
      while (!this.#isStopped) {
        const ended = yield* this.#run();
        await this.#rest(ended);
      }
    } finally {
      this.stop();
    }
  }

  /** One life of journalctl. Returns how it ended. */
  async *#run(): AsyncGenerator<Chunk, string> {
    const { cursor } = this.#reader;
    const start = cursor === undefined ? { since: this.#since } : { cursor };
    const child = await this.#start(journalctlArguments(this.#selection, start));
    if (typeof child === 'string') return child;
    this.#process = child;
    if (this.#isStopped) child.kill();
    child.stderr.on('data', (bytes: Buffer) => this.#reader.complain(bytes));
    this.#reader.restart();
    yield* this.#read(child);
    return child.ended;
  }

  async #start(words: readonly string[]): Promise<JournalProcess | string> {
    try {
      return await startJournalctl(words);
    } catch (error) {
      if (error instanceof DropsetError) throw error;
      return `cannot be started: ${messageOf(error)}`;
    }
  }

  async *#read(child: JournalProcess): AsyncGenerator<Chunk> {
    try {
      for await (const bytes of child.stdout) {
        const chunk = this.#reader.read(bytes);
        if (!chunk) continue;
        this.#wait = this.#backOff.first;
        yield chunk;
        if (this.#isStopped) return;
      }
    } catch (error) {
      // Being killed by us closes the pipe under the reader.
      if (!this.#isStopped) throw error;
    }
  }

  async #rest(ended: string): Promise<void> {
    if (this.#isStopped) return;
    this.#reader.tellRestart(ended);
    await sleep(this.#wait, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
    this.#wait = Math.min(this.#wait * 2, this.#backOff.longest);
  }
}

/** A time even for the end: what is written while journalctl starts, or before it is started again, is not lost. */
function sinceOf({ start = 'end', clock = systemClock }: JournalOptions): number {
  if (start === 'end') return clock();
  return start === 'beginning' ? 0 : start.since;
}
