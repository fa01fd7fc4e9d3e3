import { setImmediate as turn } from 'node:timers/promises';
import type { Ledger } from '../ledger/ledger.js';
import { messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import { PrefixIndex } from '../model/prefix-index.js';
import type { UnbanVerdict } from '../model/street.js';
import type { Enforcement } from './enforcement.js';
import type { Log } from './log.js';

export interface LiftingOptions {
  readonly ledger: Pick<Ledger, 'bans' | 'bansOf'>;
  readonly enforcement: Pick<Enforcement, 'enforce'>;
  readonly log: Log;
  readonly problem: (sentence: string) => void;
}

/** So many addresses are looked up one by one, with what covers them; for more, or for prefixes, all bans are gone through. */
const FEW = 50;

/** Lifts bans that must not stand any more. */
export class Lifting {
  readonly #options: LiftingOptions;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: LiftingOptions) {
    this.#options = options;
  }

  /** Lifts every ban that covers one of these prefixes, or is covered by one; answers how many prefixes. Never rejects. */
  lift(prefixes: readonly Prefix[]): Promise<number> {
    const lifted = this.#last.then(() => this.#lift(prefixes));
    this.#last = lifted;
    return lifted;
  }

  /** Resolves when nothing is being lifted. */
  async idle(): Promise<void> {
    await this.#last;
  }

  async #lift(prefixes: readonly Prefix[]): Promise<number> {
    const { log, problem } = this.#options;
    let lifted = 0;
    try {
      for (const page of this.#pages(prefixes)) {
        if (page.length > 0) lifted += await this.#write(page);
        else await turn();
      }
    } catch (thrown) {
      problem(`not every ban that the never-list covers was lifted: ${messageOf(thrown)}`);
    }
    if (lifted > 0) log('info', `${lifted} ${lifted === 1 ? 'ban' : 'bans'} lifted: the never-list covers them`);
    return lifted;
  }

  async #write(page: readonly Prefix[]): Promise<number> {
    const distinct = [...new Map(page.map((prefix) => [prefix.text, prefix])).values()];
    await this.#options.enforcement.enforce(distinct.map((prefix): UnbanVerdict => ({ kind: 'unban', prefix })));
    return distinct.length;
  }

  *#pages(prefixes: readonly Prefix[]): Generator<readonly Prefix[]> {
    const { ledger } = this.#options;
    if (prefixes.length <= FEW && prefixes.every(({ isAddress }) => isAddress)) {
      for (const prefix of prefixes) {
        const around = Array.from({ length: prefix.length + 1 }, (_, length) => prefix.widened(length));
        yield around.flatMap((one) => ledger.bansOf(one)).map((ban) => ban.prefix);
      }
      return;
    }
    const index = new PrefixIndex(prefixes.map((prefix) => [prefix, undefined] as const));
    for (const page of ledger.bans()) {
      yield page.map(({ prefix }) => prefix).filter((prefix) => index.overlapping(prefix));
    }
  }
}
