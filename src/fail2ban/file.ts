import { readFileSync } from 'node:fs';
import { DropsetError, messageOf } from '../model/errors.js';
import { type Ini, parseIni } from './ini.js';

/** Bytes of one file at most: fail2ban's longest has 30,000. */
const LARGEST = 4 << 20;

/** Reads files once each: many filters include the same ones. */
export class Files {
  readonly #read = new Map<string, Ini | undefined>();
  readonly #leftOut: ((fault: string) => void) | undefined;

  /**
   * @param leftOut takes the sentence about a file that cannot be read, which is then left out; without it such a
   * file is an error.
   */
  constructor(leftOut?: (fault: string) => void) {
    this.#leftOut = leftOut;
  }

  /**
   * @returns undefined where there is no such file (an include that is missing is left out, as fail2ban leaves it out).
   * @throws DropsetError `config`: unreadable, no UTF-8, or no file of this dialect.
   */
  read(path: string): Ini | undefined {
    if (this.#read.has(path)) return this.#read.get(path);
    const text = this.#text(path);
    const ini = text === undefined ? undefined : parseIni(text, path);
    this.#read.set(path, ini);
    return ini;
  }

  #text(path: string): string | undefined {
    try {
      const bytes = bytesOf(path);
      return bytes && decoded(bytes, path);
    } catch (thrown) {
      if (!this.#leftOut || !(thrown instanceof DropsetError)) throw thrown;
      this.#leftOut(thrown.message);
      return undefined;
    }
  }
}

function bytesOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path);
  } catch (thrown) {
    const code = (thrown as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new DropsetError('config', `${path} cannot be read: ${messageOf(thrown)}`, { cause: thrown });
  }
}

function decoded(bytes: Uint8Array, path: string): string {
  if (bytes.length > LARGEST) throw new DropsetError('config', `${path} has more than ${LARGEST} bytes`);
  try {
    // A byte order mark stays, as it does in Python, and the parser refuses it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (thrown) {
    throw new DropsetError('config', `${path} is not UTF-8; convert it, for example with iconv`, { cause: thrown });
  }
}
