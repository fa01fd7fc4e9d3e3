import { DropsetError } from '../model/errors.js';
import { parseSeconds } from '../model/seconds.js';
import { type Configuration, placeOf } from './configuration.js';
import { parseBoolean, parseInteger } from './numbers.js';

export type Warn = (sentence: string) => void;

const INTEGERS = ['maxretry', 'maxmatches', 'maxlines'];

const BOOLEANS = ['enabled', 'bantime.increment', 'bantime.overalljails', 'ignoreself'];

/**
 * The options that a jail has, beside those of its filter, and what they are where neither the jail nor DEFAULT says
 * so.
 */
const TEXTS: Readonly<Record<string, string | undefined>> = {
  backend: 'auto',
  filter: '',
  findtime: undefined,
  bantime: undefined,
  'bantime.factor': undefined,
  'bantime.formula': undefined,
  'bantime.multipliers': undefined,
  'bantime.maxtime': undefined,
  'bantime.rndtime': undefined,
  ignorecommand: undefined,
  ignoreip: undefined,
  ignorecache: undefined,
  logtimezone: undefined,
  logencoding: undefined,
  logpath: undefined,
  skip_if_nologs: undefined,
  action: '',
  usedns: undefined,
  prefregex: undefined,
  ignoreregex: undefined,
  failregex: undefined,
  datepattern: undefined,
  journalmatch: undefined,
};

const ALL: readonly string[] = [...BOOLEANS, ...INTEGERS, ...Object.keys(TEXTS)];

/** What is read before the filter, for the filter to see. */
const FIRST = ['enabled', 'backend', 'filter'];

/**
 * The options of one jail, interpolated. Numbers and truth values are text in Python's spelling, as tags of filters
 * and actions see them.
 */
export class JailOptions {
  readonly values = new Map<string, string>();
  readonly #configuration: Configuration;
  readonly #jail: string;
  readonly #warn: Warn;

  /** @throws DropsetError `config`, where an interpolation fails. */
  constructor(configuration: Configuration, jail: string, warn: Warn, names: readonly string[] = ALL) {
    this.#configuration = configuration;
    this.#jail = jail;
    this.#warn = warn;
    for (const name of names) this.#take(name);
  }

  static first(configuration: Configuration, jail: string, warn: Warn): JailOptions {
    return new JailOptions(configuration, jail, warn, FIRST);
  }

  text(name: string): string | undefined {
    return this.values.get(name);
  }

  integer(name: string): number | undefined {
    return parseInteger(this.values.get(name) ?? '');
  }

  /** @throws DropsetError `config`, for what is no time. */
  seconds(name: string): number | undefined {
    return this.parsed(name, (text) => (text === '' ? undefined : parseSeconds(text)));
  }

  /** The option as `parse` reads it, with its place before the error; the empty text where it is not set. */
  parsed<Parsed>(name: string, parse: (text: string) => Parsed): Parsed {
    try {
      return parse(this.values.get(name) ?? '');
    } catch (thrown) {
      if (!(thrown instanceof DropsetError)) throw thrown;
      throw new DropsetError('config', `${this.place(name)}: ${thrown.message}`, { cause: thrown });
    }
  }

  /** Where an option stands, as errors name it: `/etc/fail2ban/jail.local:3: bantime`. */
  place(name: string): string {
    const found = this.#configuration.find(this.#jail, name);
    return found ? `${placeOf(found)}: ${name}` : name;
  }

  /** Where the jail stands: its first option. */
  get origin(): string {
    const [first] = this.#configuration.values(this.#jail).values();
    return first ? placeOf(first) : `jail ${this.#jail}`;
  }

  #take(name: string): void {
    const text = this.#configuration.get(this.#jail, name) ?? TEXTS[name];
    if (text === undefined) return;
    if (BOOLEANS.includes(name)) this.values.set(name, parseBoolean(text) ? 'True' : 'False');
    else if (INTEGERS.includes(name)) this.#takeInteger(name, text);
    else this.values.set(name, text);
  }

  /** As fail2ban, goes on with the default where there is no number. */
  #takeInteger(name: string, text: string): void {
    const value = parseInteger(text);
    if (value === undefined) this.#warn(`${this.place(name)} = ${text} is no whole number; the default is taken`);
    else this.values.set(name, `${value}`);
  }
}
