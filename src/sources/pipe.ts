import { closeSync, constants, fstatSync, openSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Piece } from './lines.js';
import { identityOf, type OpenFileOptions } from './open-file.js';
import { StreamLines } from './stream-lines.js';

/**
 * A named pipe (fifo(7)) that is being read. When its last writer goes, the line it left unfinished is handed over, and the
 * next writer is waited for. Nothing blocks; while nobody reads, the pipe's own buffer fills up, and writers wait.
 */
export class NamedPipe {
  readonly path: string;
  readonly identity: string;
  readonly #options: OpenFileOptions;
  /** Never read: as long as there is a reader, no writer gets a SIGPIPE between two of our sessions. */
  readonly #descriptor: number;
  #socket: Socket | undefined;
  readonly #lines: StreamLines;
  #isEnded = false;

  /** @throws the errno of open. */
  constructor(path: string, options: OpenFileOptions) {
    this.path = path;
    this.#options = options;
    this.#descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.identity = identityOf(fstatSync(this.#descriptor, { bigint: true }));
    this.#lines = new StreamLines(options);
    this.#begin();
  }

  /** The next lines, as `OpenFile.read` has them. */
  read(): Piece | undefined {
    const piece = this.#lines.next();
    if (piece) return piece;
    const bytes = this.#socket?.read() as Buffer | null | undefined;
    if (bytes) {
      this.#lines.push(bytes);
      return this.read();
    }
    return this.#isEnded ? this.#begin() : undefined;
  }

  close(): void {
    this.#socket?.destroy();
    closeSync(this.#descriptor);
  }

  /** Waits for the next writer; answers what the one before left. */
  #begin(): Piece | undefined {
    const last = this.#lines.last();
    // A descriptor of its own for each session: one that was open before a writer came would tell of its end again and again.
    const flags = constants.O_RDONLY | constants.O_NONBLOCK;
    const socket = new Socket({
      fd: openSync(`/proc/self/fd/${this.#descriptor}`, flags),
      readable: true,
      writable: false,
    });
    this.#socket?.destroy();
    this.#socket = socket;
    this.#isEnded = false;
    const over = (): void => {
      this.#isEnded ||= this.#socket === socket;
      this.#options.onChange();
    };
    socket.on('readable', () => this.#options.onChange());
    socket.on('end', over).on('error', over);
    return last;
  }
}
