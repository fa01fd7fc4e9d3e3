import { networkInterfaces } from 'node:os';
import type { JailConfig } from '../config/types.js';
import type { Never } from '../jails/never.js';
import type { Clock } from '../model/clock.js';
import { Prefix } from '../model/prefix.js';

/** Milliseconds after which host names and the machine's own addresses are looked up again. */
const REFRESH = 60_000;

export interface ExemptOptions {
  readonly never: Never;
  readonly now: Clock;
  readonly resolve: (name: string, found: (prefixes: readonly Prefix[]) => void) => void;
}

/** Whom one jail never bans: everybody's never-rules, its `ignoreip`, and with `ignoreself` this machine. */
export class Exempt {
  readonly #config: JailConfig;
  readonly #options: ExemptOptions;
  readonly #fixed: readonly Prefix[];
  readonly #names: readonly string[];
  readonly #resolved = new Map<string, readonly Prefix[]>();
  #own: readonly Prefix[] = [];
  #looked = Number.NEGATIVE_INFINITY;
  /** Resolves when every host name has been looked up once. */
  readonly settled: Promise<unknown>;

  constructor(config: JailConfig, options: ExemptOptions) {
    this.#config = config;
    this.#options = options;
    const parsed = config.ignoreip.map((text) => ({ text, prefix: Prefix.tryParse(text) }));
    this.#fixed = parsed.flatMap(({ prefix }) => prefix ?? []);
    this.#names = parsed.flatMap(({ text, prefix }) => (prefix ? [] : text));
    this.settled = this.#look();
  }

  /** Looks host names and the machine's own addresses up anew, and resolves when that is done. */
  refresh(): Promise<unknown> {
    return this.#look();
  }

  refusal(prefix: Prefix): string | undefined {
    const refusal = this.#options.never.refusal(prefix);
    if (refusal) return refusal;
    if (this.#options.now() >= this.#looked + REFRESH) void this.#look();
    if (this.#own.some((own) => own.overlaps(prefix))) return `${prefix} is this machine's own address (ignoreself)`;
    const rule = this.#listed().find((listed) => listed.overlaps(prefix));
    return rule && `${prefix} is spared by the jail's ignoreip ${rule}`;
  }

  #listed(): readonly Prefix[] {
    return this.#resolved.size === 0 ? this.#fixed : [...this.#fixed, ...[...this.#resolved.values()].flat()];
  }

  #look(): Promise<unknown> {
    this.#looked = this.#options.now();
    if (this.#config.ignoreself) this.#own = ownAddresses();
    return Promise.all(this.#names.map((name) => this.#resolve(name)));
  }

  #resolve(name: string): Promise<void> {
    return new Promise((resolve) => {
      this.#options.resolve(name, (prefixes) => {
        // What a name was last known as stands while nobody answers.
        if (prefixes.length > 0) this.#resolved.set(name, prefixes);
        resolve();
      });
    });
  }
}

function ownAddresses(): Prefix[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.flatMap(({ address }) => Prefix.tryParse(address.replace(/%.*/, '')) ?? []);
}
