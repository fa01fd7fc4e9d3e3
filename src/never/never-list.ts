import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../model/clock.js';
import { messageOf } from '../model/errors.js';
import type { NeverRule } from '../model/never-rule.js';
import type { Prefix } from '../model/prefix.js';
import { Lists } from './lists.js';
import { Memory } from './memory.js';
import { type Lookup, Names } from './names.js';

/** Who is never banned, as the configuration has it. */
export interface NeverSettings {
  readonly addresses: readonly Prefix[];
  /** Names of hosts. */
  readonly names: readonly string[];
  /** Absolute paths of lists. */
  readonly files: readonly string[];
  /** Milliseconds after which names are looked up again, and files looked at. */
  readonly refresh: number;
}

export interface NeverListOptions {
  readonly now: Clock;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
  /** Told that the rules are others: the prefixes that no rule had before, and those that none has any more. */
  readonly changed: (difference: { readonly added: readonly Prefix[]; readonly removed: readonly Prefix[] }) => void;
  /** Absolute path of the file that keeps answers and lists over a restart; without it nothing is kept. */
  readonly memory?: string | undefined;
  readonly lookup?: Lookup | undefined;
}

/** One entry, as people may ask for it. */
export interface NeverEntry {
  readonly entry: string;
  /** `configuration`, or the path of a list and the line in it: `/etc/dropset/never:3`. */
  readonly from: string;
  /** What it stands for: itself, or the addresses of a name. */
  readonly prefixes: readonly Prefix[];
  /** Since when it has been these. */
  readonly since: number;
  /** What is wrong with it: the name is not resolved, the file cannot be read. */
  readonly fault?: string;
}

/** Names that are looked up, and rules that the kernel's trie has room for. */
const MOST_NAMES = 1_000;
export const MOST_RULES = 50_000;

/** Milliseconds that a start waits for names that it knows nothing of. */
const FIRST_ANSWER = 5_000;

/** The never-list: what the configuration says, what its names resolve to, and what its files list, as it changes. */
export class NeverList {
  readonly #options: NeverListOptions;
  readonly #names: Names;
  readonly #lists: Lists;
  readonly #memory: Memory;
  readonly #said = new Set<string>();
  #settings: NeverSettings;
  #since: number;
  #entries: readonly NeverEntry[] = [];
  #rules: readonly NeverRule[] = [];
  #timer: NodeJS.Timeout | undefined;
  #refreshing: Promise<void> | undefined;
  #isStopped = false;

  /** Reads the files, and what an earlier life knew. Names are looked up by `start`. */
  constructor(settings: NeverSettings, options: NeverListOptions) {
    this.#settings = settings;
    this.#options = options;
    this.#since = options.now();
    this.#names = new Names(options.now, options.lookup);
    this.#lists = new Lists(options.now, () => this.#reread());
    this.#memory = new Memory(options.memory);
    this.#recall();
    this.#lists.read(settings.files);
    this.#compose();
  }

  get rules(): readonly NeverRule[] {
    return this.#rules;
  }

  /** What the rules are with other settings, as far as is known before their names are looked up and their files read. */
  rulesWith({ addresses }: NeverSettings): readonly NeverRule[] {
    const others = this.#entries.slice(this.#settings.addresses.length);
    const fixed = addresses.map((prefix) => this.#fixed(prefix, 'configuration', this.#since));
    return [...fixed, ...others].flatMap(rulesOf).slice(0, MOST_RULES);
  }

  get entries(): readonly NeverEntry[] {
    return this.#entries;
  }

  /** Looks names up, and again whenever `refresh` has passed. Resolves when each has an answer, or after five seconds. */
  async start(): Promise<void> {
    const first = this.refresh();
    const isKnown = this.#namesWanted().every((name) => (this.#names.answerOf(name)?.prefixes.length ?? 0) > 0);
    const patience = new AbortController();
    if (!isKnown) {
      const { signal } = patience;
      await Promise.race([first, sleep(FIRST_ANSWER, undefined, { signal, ref: false }).catch(() => undefined)]);
    }
    patience.abort();
  }

  /** Takes other settings up at once; their names are looked up as soon as may be. */
  replace(settings: NeverSettings): void {
    this.#settings = settings;
    this.#since = this.#options.now();
    this.#reread();
    void (this.#refreshing ?? Promise.resolve()).then(() => this.refresh());
  }

  /** Looks at the files, and looks every name up. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
      clearTimeout(this.#timer);
      if (!this.#isStopped) this.#timer = setTimeout(() => void this.refresh(), this.#settings.refresh).unref();
    });
    return this.#refreshing;
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    this.#lists.close();
  }

  async #refresh(): Promise<void> {
    this.#lists.read(this.#settings.files);
    await this.#names.look(this.#namesWanted());
    if (!this.#isStopped) this.#compose();
  }

  /** A file has changed: names that it lists now are looked up behind it. */
  #reread(): void {
    if (this.#isStopped) return;
    this.#lists.read(this.#settings.files);
    const isAnswered = this.#namesWanted().every((name) => this.#names.answerOf(name));
    this.#compose();
    if (!isAnswered) void (this.#refreshing ?? Promise.resolve()).then(() => this.refresh());
  }

  #recall(): void {
    try {
      const { names, lists } = this.#memory.read();
      for (const [name, answer] of names) this.#names.restore(name, answer);
      for (const [path, state] of lists) this.#lists.restore(path, state);
    } catch (thrown) {
      this.#options.problem(`what was last known of the never-list is lost: ${messageOf(thrown)}`);
    }
  }

  #namesWanted(): readonly string[] {
    const listed = this.#settings.files.flatMap((path) => this.#lists.stateOf(path)?.entries ?? []);
    const all = [...this.#settings.names, ...listed.flatMap(({ text, prefix }) => (prefix ? [] : text))];
    const distinct = [...new Set(all)];
    if (distinct.length > MOST_NAMES) {
      this.#say(`the never-list has ${distinct.length} names: those behind the first ${MOST_NAMES} are not looked up`);
    }
    return distinct.slice(0, MOST_NAMES);
  }

  /** Makes entries and rules of what is known, and tells if they are others. */
  #compose(): void {
    const { addresses, names, files } = this.#settings;
    this.#entries = [
      ...addresses.map((prefix) => this.#fixed(prefix, 'configuration', this.#since)),
      ...names.map((name) => this.#named(name, 'configuration')),
      ...files.flatMap((path) => this.#listed(path)),
    ];
    const rules = this.#entries.flatMap(rulesOf);
    if (rules.length > MOST_RULES) {
      this.#say(`the never-list has ${rules.length} addresses and prefixes: only the first ${MOST_RULES} hold`);
    }
    this.#complain();
    this.#remember();
    this.#use(rules.slice(0, MOST_RULES));
  }

  #use(rules: readonly NeverRule[]): void {
    const before = new Map(this.#rules.map(({ prefix }) => [prefix.text, prefix]));
    const after = new Map(rules.map(({ prefix }) => [prefix.text, prefix]));
    this.#rules = rules;
    const added = [...after.values()].filter(({ text }) => !before.has(text));
    const removed = [...before.values()].filter(({ text }) => !after.has(text));
    if (added.length > 0 || removed.length > 0) this.#options.changed({ added, removed });
  }

  #fixed(prefix: Prefix, from: string, since: number): NeverEntry {
    return { entry: prefix.text, from, prefixes: [prefix], since };
  }

  #named(name: string, from: string): NeverEntry {
    const { prefixes, since, fault } = this.#names.answerOf(name) ?? {
      ...{ prefixes: [], since: this.#since, fault: 'it has not been looked up yet' },
    };
    return { entry: name, from, prefixes, since, ...(fault !== undefined && { fault }) };
  }

  #listed(path: string): readonly NeverEntry[] {
    const state = this.#lists.stateOf(path);
    if (!state) return [];
    const { entries, since, fault } = state;
    const broken = fault === undefined ? [] : [{ entry: path, from: 'configuration', prefixes: [], since, fault }];
    return [
      ...broken,
      ...entries.map(({ text, line, prefix }) => {
        const from = `${path}:${line}`;
        return prefix ? this.#fixed(prefix, from, since) : this.#named(text, from);
      }),
    ];
  }

  #complain(): void {
    const faulty = this.#entries.filter(({ fault }) => fault !== undefined);
    const sentences = new Set(
      faulty.filter(({ entry }) => this.#isTried(entry)).map((entry) => faultSentence(entry, this.#stands(entry))),
    );
    // What is well again may be told again when it is not.
    for (const said of this.#said) if (!sentences.has(said)) this.#said.delete(said);
    for (const sentence of sentences) this.#say(sentence);
  }

  #isTried(entry: string): boolean {
    return this.#names.answerOf(entry) !== undefined || this.#lists.stateOf(entry) !== undefined;
  }

  /** How many entries or addresses stand in spite of a fault. */
  #stands({ entry, prefixes }: NeverEntry): number {
    return this.#lists.stateOf(entry)?.entries.length ?? prefixes.length;
  }

  #say(sentence: string): void {
    if (this.#said.has(sentence)) return;
    this.#said.add(sentence);
    this.#options.problem(sentence);
  }

  #remember(): void {
    const names = this.#namesWanted().flatMap((name) => {
      const answer = this.#names.answerOf(name);
      return answer && answer.prefixes.length > 0 ? [[name, answer] as const] : [];
    });
    const lists = this.#settings.files.flatMap((path) => {
      const state = this.#lists.stateOf(path);
      return state && this.#lists.isWhole(path) ? [[path, state] as const] : [];
    });
    const failed = this.#memory.write({ names: new Map(names), lists: new Map(lists) });
    if (failed !== undefined) this.#say(failed);
  }
}

function rulesOf({ entry, from, prefixes }: NeverEntry): NeverRule[] {
  const place = from === 'configuration' ? 'the configuration' : from;
  return prefixes.map((prefix) => ({
    prefix,
    clause: prefix.text === entry ? `stands in ${place}` : `is what ${entry} of ${place} resolves to`,
  }));
}

function faultSentence({ entry, fault }: NeverEntry, stands: number): string {
  const isFile = entry.startsWith('/');
  const left = stands === 0 ? 'nothing is known of it' : `what was last known of it holds (${stands})`;
  return `never-list: ${isFile ? `${entry} cannot be used` : `${entry} is not resolved`} (${fault}); ${left}`;
}
