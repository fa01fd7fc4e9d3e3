import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Clock } from '../model/clock.js';
import { DropsetError, messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import type { Ban } from '../model/street.js';

/** A ban that ends at `deadline` unless it is confirmed. */
export interface Pending {
  /** As it is to be once it is confirmed. */
  readonly ban: Ban;
  readonly deadline: number;
}

/** Bans that wait at a time, some 200 bytes each; and bytes of the file that keeps them. */
const MOST = 10_000;
const LONGEST = 16 * 1024 * 1024;

/**
 * Bans that end by themselves unless somebody confirms them. That they end is the kernel's and the ledger's business: what is kept here is only
 * what they are to become, in a file, so that a service that was killed meanwhile can still be told.
 */
export class Confirmations {
  readonly #clock: Clock;
  readonly #path: string | undefined;
  readonly #problem: (sentence: string) => void;
  #pending: readonly Pending[] | undefined;

  /** @param path of the file; without one nothing outlives the process. */
  constructor(clock: Clock, path: string | undefined, problem: (sentence: string) => void) {
    this.#clock = clock;
    this.#path = path;
    this.#problem = problem;
  }

  /** Those whose time is not over. */
  get pending(): readonly Pending[] {
    this.#pending ??= this.#read();
    const now = this.#clock();
    return this.#pending.filter(({ deadline }) => deadline > now);
  }

  /** @throws DropsetError `request` if so many more would be too many. */
  makeRoom(count: number): void {
    if (this.pending.length + count <= MOST) return;
    throw new DropsetError('request', `at most ${MOST} bans wait to be confirmed at a time: confirm those before`);
  }

  /** One more of a prefix takes the place of the one before. */
  add(added: readonly Pending[]): void {
    if (added.length === 0) return;
    const names = new Set(added.map(({ ban }) => ban.prefix.text));
    this.#keep([...this.pending.filter(({ ban }) => !names.has(ban.prefix.text)), ...added]);
  }

  /** All that wait; they wait no longer. */
  take(): readonly Pending[] {
    const pending = this.pending;
    if (pending.length > 0) this.#keep([]);
    return pending;
  }

  #keep(pending: readonly Pending[]): void {
    this.#pending = pending;
    if (this.#path === undefined) return;
    try {
      const kept = pending.map(({ ban, deadline }) => ({ ...ban, prefix: ban.prefix.text, deadline }));
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      writeFileSync(`${this.#path}.new`, JSON.stringify(kept), { mode: 0o600 });
      renameSync(`${this.#path}.new`, this.#path);
    } catch (thrown) {
      this.#problem(`a restart would not know which bans wait to be confirmed: ${messageOf(thrown)}`);
    }
  }

  #read(): readonly Pending[] {
    if (this.#path === undefined) return [];
    try {
      const stat = statSync(this.#path, { throwIfNoEntry: false });
      if (!stat || stat.size > LONGEST) return [];
      const kept = JSON.parse(readFileSync(this.#path, 'utf8')) as readonly Kept[];
      return kept.map(({ deadline, prefix, ...ban }) => ({ deadline, ban: { ...ban, prefix: Prefix.parse(prefix) } }));
    } catch (thrown) {
      this.#problem(`which bans wait to be confirmed is lost: ${messageOf(thrown)}; they end by themselves`);
      return [];
    }
  }
}

type Kept = Omit<Ban, 'prefix'> & { readonly prefix: string; readonly deadline: number };
