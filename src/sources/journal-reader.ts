import { printable } from '../model/printable.js';
import type { Chunk } from './chunk.js';
import type { SourceEvent, SourceEventKind } from './event.js';
import { Gathering } from './gathering.js';
import { lineOf, parseEntry, timeOf } from './journal-entry.js';
import { RecordSplitter } from './records.js';
import { Tally } from './tally.js';

/** 1 MiB: journald takes messages of 64 MiB, in which nobody looks for a failed login. */
const RECORD = 1024 * 1024;

/** Different sentences of journalctl that are told; they are few, and not an attacker's. */
const SENTENCES = 32;

export interface JournalReaderOptions {
  readonly source: string;
  readonly maxLine: number;
  readonly onEvent: (event: SourceEvent) => void;
  /** Of the last entry that was read before. */
  readonly cursor: string | undefined;
}

/** Makes chunks out of what journalctl prints, over its several lives, and remembers the last entry. */
export class JournalReader {
  readonly #options: JournalReaderOptions;
  readonly #gathering: Gathering;
  readonly #skipped: Tally;
  readonly #restarts: Tally;
  readonly #said = new Set<string>();
  #splitter: RecordSplitter;
  #complaints: RecordSplitter;
  #cursor: string | undefined;
  #ended = '';

  constructor(options: JournalReaderOptions) {
    this.#options = options;
    this.#cursor = options.cursor;
    const { source, maxLine } = options;
    this.#gathering = new Gathering(source, maxLine, (length) =>
      this.#tell('oversized', `has a line of ${length} bytes, which was cut`),
    );
    this.#skipped = new Tally((count) => this.#tell('skipped', `has had ${count} entries that cannot be read`));
    this.#restarts = new Tally((count) =>
      this.#tell('restarted', `stopped ${count} times: journalctl ${this.#ended}, and is started again`),
    );
    this.#splitter = newSplitter(RECORD);
    this.#complaints = newSplitter(1000);
  }

  /** Of the last entry that was read, whatever became of it; absent before the first. */
  get cursor(): string | undefined {
    return this.#cursor;
  }

  /** The entries that `bytes` of journalctl's output complete, without that of the cursor it was started with. */
  read(bytes: Buffer): Chunk | undefined {
    for (const record of this.#splitter.push(bytes)) this.#take(record);
    return this.#cursor === undefined ? undefined : this.#gathering.take({ kind: 'journal', cursor: this.#cursor });
  }

  /** Forgets the entry that journalctl did not complete: the next one prints it again. */
  restart(): void {
    this.#splitter = newSplitter(RECORD);
    this.#complaints = newSplitter(1000);
  }

  /** Tells each of journalctl's sentences once. */
  complain(bytes: Buffer): void {
    for (const line of this.#complaints.push(bytes)) {
      const sentence = printable(line.toString('utf8'));
      // No cursor at all, and never will be one.
      if (/seek to cursor: Invalid argument/.test(sentence)) this.#cursor = undefined;
      if (this.#said.has(sentence) || this.#said.size >= SENTENCES) continue;
      this.#said.add(sentence);
      this.#tell('complaint', `has journalctl say: ${sentence}`);
    }
  }

  tellRestart(ended: string): void {
    this.#ended = ended;
    this.#restarts.add();
  }

  #take(record: Buffer): void {
    const entry = parseEntry(record);
    if (!entry) {
      this.#skipped.add();
      return;
    }
    if (entry.__CURSOR === this.#cursor) return;
    this.#cursor = entry.__CURSOR as string;
    this.#gathering.add(lineOf(entry), timeOf(entry) as number);
  }

  #tell(kind: SourceEventKind, sentence: string): void {
    const { source, onEvent } = this.#options;
    onEvent({ kind, path: source, message: `${source} ${sentence}` });
  }
}

const newSplitter = (limit: number): RecordSplitter => new RecordSplitter(limit, () => undefined);
