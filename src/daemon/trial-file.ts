import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Config } from '../config/config.js';
import { messageOf } from '../model/errors.js';

/** Bytes: a configuration has a mebibyte at most, and JSON may write each of its bytes as six. */
const LONGEST = 8 * 1024 * 1024;

/** A configuration that nobody has confirmed, and the one that is to be in force in its place. */
interface Kept {
  /** SHA-256 of the text that was tried, in hexadecimal. */
  readonly tried: string;
  /** The text of the configuration before. */
  readonly before: string;
}

const pathIn = (state: string): string => join(state, 'unconfirmed-configuration.json');

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Remembers over a restart and a reboot which configuration nobody has confirmed. */
export class TrialFile {
  readonly #path: string | undefined;
  readonly #problem: (sentence: string) => void;
  #kept: Kept | undefined;

  /** @param state the service's directory; without one nothing outlives the process. */
  constructor(state: string | undefined, problem: (sentence: string) => void) {
    this.#path = state === undefined ? undefined : pathIn(state);
    this.#problem = problem;
    this.#kept = this.#path === undefined ? undefined : read(this.#path);
  }

  /** A start that finds the text of `tried` takes that of `before`. Answers what has it be as it was. */
  keep(tried: Config, before: Config): () => void {
    const earlier = this.#kept;
    if (tried.file && before.file) this.#write({ tried: digestOf(tried.file.text), before: before.file.text });
    return () => this.#write(earlier);
  }

  clear(): void {
    if (this.#kept) this.#write(undefined);
  }

  #write(kept: Kept | undefined): void {
    this.#kept = kept;
    if (this.#path === undefined) return;
    try {
      if (!kept) {
        rmSync(this.#path, { force: true });
        return;
      }
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#path}.new`, JSON.stringify(kept), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (thrown) {
      this.#problem(`a restart would not know which configuration was confirmed: ${messageOf(thrown)}`);
    }
  }
}

function read(path: string): Kept | undefined {
  try {
    const { size } = statSync(path);
    if (size > LONGEST) return undefined;
    const { tried, before } = JSON.parse(readFileSync(path, 'utf8')) as Kept;
    return typeof tried === 'string' && typeof before === 'string' ? { tried, before } : undefined;
  } catch {
    return undefined;
  }
}

/** What a service starts with. */
export interface Starting {
  readonly config: Config;
  /** It is not the file's, which was tried and which nobody has confirmed. */
  readonly isUndone: boolean;
}

/**
 * What to start with: the file's configuration, or the one before it as long as the file still is what was tried and not confirmed. A
 * machine that the trial has cut off comes back by a reboot.
 *
 * @param parse makes a configuration of the text before; if it throws, the file's is used, with a note.
 */
export function startingWith(loaded: Config, parse: (text: string) => Config): Starting {
  const kept = loaded.file && read(pathIn(loaded.service.state));
  if (!kept || kept.tried !== digestOf(loaded.file.text)) return { config: loaded, isUndone: false };
  try {
    return { config: parse(kept.before), isUndone: true };
  } catch (thrown) {
    const note = `the configuration in force was never confirmed, and the one before cannot be used: ${messageOf(thrown)}`;
    return { config: { ...loaded, notes: [...loaded.notes, note] }, isUndone: false };
  }
}
