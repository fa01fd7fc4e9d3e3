import type { JailConfig } from '../config/types.js';
import type { Ledger, Page, Recorded } from '../ledger/ledger.js';
import { messageOf } from '../model/errors.js';
import { Scope, scopeText } from '../model/scope.js';
import type { BanVerdict } from '../model/street.js';
import type { Enforcement } from './enforcement.js';

export interface ScopingOptions {
  readonly ledger: Pick<Ledger, 'scopes' | 'rescope'>;
  readonly enforcement: Pick<Enforcement, 'carryOut'>;
  /** As they are configured now. */
  readonly jails: () => readonly Pick<JailConfig, 'name' | 'scope'>[];
  readonly problem: (sentence: string) => void;
}

/** Rows that are looked at in one transaction. */
const PAGE = 5_000;

/** What bans of jails are about: jails decide without it, and configurations change it under bans that stand. */
export class Scoping {
  readonly #options: ScopingOptions;

  constructor(options: ScopingOptions) {
    this.#options = options;
  }

  /** The same verdicts, each with the scope of its jail. */
  of(verdicts: readonly BanVerdict[]): readonly BanVerdict[] {
    const scopes = new Map(this.#options.jails().map(({ name, scope }) => [name, Scope.parse(scope)]));
    return verdicts.map((verdict) => {
      const scope = scopes.get(verdict.ban.jail);
      return scope ? { ...verdict, ban: { ...verdict.ban, scope } } : verdict;
    });
  }

  /** Before the kernel is filled: the ledger gets what was configured since it was written. */
  begin(): void {
    const { ledger, problem } = this.#options;
    try {
      for (const { jail, scope } of this.#changed()) {
        for (let last: number | undefined = 0; last !== undefined; )
          last = ledger.rescope(jail, scope, last, PAGE).last;
      }
    } catch (thrown) {
      problem(messageOf(thrown));
    }
  }

  /**
   * Turns the standing bans of jails over that have another scope than they had, each from one to the other in one step. Answers how many
   * elements changed. Never rejects.
   */
  async turn(): Promise<number> {
    const { ledger, enforcement, problem } = this.#options;
    let turned = 0;
    try {
      for (const { jail, scope } of this.#changed()) {
        for (let last: number | undefined = 0; last !== undefined; ) {
          const page: Page & Recorded = ledger.rescope(jail, scope, last, PAGE);
          turned += await enforcement.carryOut(page);
          last = page.last;
        }
      }
    } catch (thrown) {
      problem(`bans stand with the scope that they had, until the next start: ${messageOf(thrown)}`);
    }
    return turned;
  }

  #changed(): readonly { readonly jail: string; readonly scope: Scope | undefined }[] {
    const known = this.#options.ledger.scopes();
    return this.#options
      .jails()
      .filter(({ name, scope }) => scopeText(known.get(name)) !== scope)
      .map(({ name, scope }) => ({ jail: name, scope: Scope.parse(scope) }));
  }
}
