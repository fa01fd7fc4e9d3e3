import { networkInterfaces } from 'node:os';
import type { JailConfig } from '../config/types.js';
import type { Never } from '../jails/never.js';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import { Prefix } from '../model/prefix.js';
import { PrefixIndex } from '../model/prefix-index.js';
import { readList } from '../never/list-file.js';

/** Milliseconds after which host names and the machine's own addresses are looked up again. */
const REFRESH = 60_000;

export interface ExemptOptions {
  readonly never: Never;
  readonly now: Clock;
  readonly resolve: (name: string, found: (prefixes: readonly Prefix[]) => void) => void;
  /** Told what an operator should know. */
  readonly report?: (sentence: string) => void;
}

const FILE = 'file:';

/** Whom one jail never bans: everybody's never-rules, its `ignoreip`, and with `ignoreself` this machine. */
export class Exempt {
  readonly #config: JailConfig;
  readonly #options: ExemptOptions;
  readonly #entries: readonly string[];
  readonly #files: readonly string[];
  /** The entries of each file when it could last be read whole. */
  readonly #lists = new Map<string, readonly string[]>();
  readonly #resolved = new Map<string, readonly Prefix[]>();
  readonly #faults = new Set<string>();
  #names: readonly string[] = [];
  #index = new PrefixIndex<string>([]);
  #looked = Number.NEGATIVE_INFINITY;
  /** Resolves when every host name has been looked up once. */
  readonly settled: Promise<unknown>;

  constructor(config: JailConfig, options: ExemptOptions) {
    this.#config = config;
    this.#options = options;
    this.#entries = config.ignoreip.filter((text) => !text.startsWith(FILE));
    this.#files = config.ignoreip.filter((text) => text.startsWith(FILE)).map((text) => text.slice(FILE.length));
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
    const found = this.#index.overlapping(prefix);
    return found && `${prefix} is ${found[1]}`;
  }

  #look(): Promise<unknown> {
    this.#looked = this.#options.now();
    const listed = this.#files.flatMap((path) => this.#read(path));
    const entries = [...this.#entries, ...listed].map((text) => ({ text, prefix: Prefix.tryParse(text) }));
    this.#names = entries.flatMap(({ text, prefix }) => (prefix ? [] : text));
    const own = this.#config.ignoreself ? ownAddresses() : [];
    const fixed = [
      ...own.map((prefix) => [prefix, "this machine's own address (ignoreself)"] as const),
      ...entries.flatMap(({ prefix }) => (prefix ? [spared(prefix)] : [])),
    ];
    const use = (): void => {
      const resolved = this.#names.flatMap((name) => this.#resolved.get(name) ?? []);
      this.#index = new PrefixIndex([...fixed, ...resolved.map(spared)]);
    };
    use();
    return Promise.all(this.#names.map((name) => this.#resolve(name, use)));
  }

  /** While a list cannot be read, or has a fault, what it last had stands. */
  #read(path: string): readonly string[] {
    const before = this.#lists.get(path);
    try {
      const { entries, fault } = readList(path);
      if (fault === undefined || !before)
        this.#lists.set(
          path,
          entries.map(({ text }) => text),
        );
      if (fault === undefined) this.#faults.delete(path);
      else this.#complain(path, `${path} has a fault in ${fault}`);
    } catch (thrown) {
      this.#complain(path, messageOf(thrown));
    }
    return this.#lists.get(path) ?? [];
  }

  /** Once, until it is well again. */
  #complain(path: string, sentence: string): void {
    if (this.#faults.has(path)) return;
    this.#faults.add(path);
    this.#options.report?.(`jail ${this.#config.name}: ignoreip: ${sentence}; what was last read of it holds`);
  }

  #resolve(name: string, use: () => void): Promise<void> {
    return new Promise((resolve) => {
      this.#options.resolve(name, (prefixes) => {
        // What a name was last known as stands while nobody answers.
        if (prefixes.length > 0) {
          this.#resolved.set(name, prefixes);
          use();
        }
        resolve();
      });
    });
  }
}

const spared = (prefix: Prefix) => [prefix, `spared by the jail's ignoreip ${prefix}`] as const;

function ownAddresses(): Prefix[] {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return all.flatMap(({ address }) => Prefix.tryParse(address.replace(/%.*/, '')) ?? []);
}
