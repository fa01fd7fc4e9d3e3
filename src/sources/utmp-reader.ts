import type { Chunk } from './chunk.js';
import { Gathering } from './gathering.js';
import { UtmpDecoder } from './utmp-decoder.js';
import { UtmpFile } from './utmp-file.js';
import { detectLayout, LAYOUTS, type UtmpLayoutName } from './utmp-layout.js';
import { type LoginLog, lineOf } from './utmp-line.js';

export interface UtmpReaderOptions {
  /** The path that the file is followed by; the file itself may have been renamed. */
  readonly path: string;
  readonly log: LoginLog;
  readonly layout: UtmpLayoutName | undefined;
  readonly onChange: () => void;
  /** Told how many records were left out: no logins, or broken. */
  readonly onSkipped: (count: number) => void;
}

/** Makes chunks out of one file. */
export class UtmpReader {
  readonly file: UtmpFile;
  readonly #options: UtmpReaderOptions;
  readonly #gathering: Gathering;
  #decoder: UtmpDecoder;

  /** @param place that the file has now. @throws the errno of open or inotify_add_watch. */
  constructor(place: string, options: UtmpReaderOptions) {
    this.#options = options;
    this.file = new UtmpFile(place, options.onChange);
    // 32 bytes of user and terminal, each of them four characters long at most, are far from any limit.
    this.#gathering = new Gathering(options.path, 1024, () => undefined);
    this.#decoder = new UtmpDecoder(options.layout);
  }

  /** Goes to an offset, or back to the last whole record before it. */
  seek(offset: number): void {
    const layout = this.#options.layout ?? detectLayout(this.file.beginning())?.name;
    const size = layout ? LAYOUTS[layout].size : offset + 1;
    this.file.offset = offset - (offset % size);
    this.#decoder = new UtmpDecoder(layout);
  }

  /** What was appended since, in chunks of at most 700 lines. */
  *read(): Generator<Chunk> {
    for (let bytes = this.file.read(); bytes.length > 0; bytes = this.file.read()) {
      const chunk = this.#decode(bytes);
      if (chunk) yield chunk;
    }
  }

  #decode(bytes: Buffer): Chunk | undefined {
    const { path, log, onSkipped } = this.#options;
    const start = this.file.offset - bytes.length - this.#decoder.pending;
    const broken = this.#decoder.broken;
    let skipped = 0;
    for (const record of this.#decoder.push(bytes)) {
      const line = lineOf(record, log);
      if (line === undefined) skipped += 1;
      else this.#gathering.add(Buffer.from(line, 'latin1'), record.time);
    }
    skipped += this.#decoder.broken - broken;
    if (skipped > 0) onSkipped(skipped);
    const chunk = this.#gathering.take(this.file.positionAt(path, this.file.offset - this.#decoder.pending));
    return chunk && { ...chunk, offset: start };
  }
}
