import type { Configuration, Variables } from './configuration.js';
import { expandTags } from './tags.js';

const DEFINITION = 'Definition';
const INIT = 'Init';

/**
 * The options of a filter or an action: of its `[Definition]` and `[Init]`, of its parameters, and of the jail that
 * uses it.
 *
 * As fail2ban's reader of the same purpose (client/configreader.py), it has a memory, because a jail reads its filter
 * twice: once to know the filter's options as `known/*`, and once more to put its own before them. What a tag meant at
 * first it means the second time.
 */
export class DefinitionReader {
  readonly configuration: Configuration;
  /** The path that errors name. */
  readonly #origin: string;
  /** What was handed over, then `[Init]` too. */
  readonly #parameters: Map<string, string>;
  /** The options that have a meaning for fail2ban itself. */
  readonly #names: readonly string[];
  readonly #tags = new Map<string, string | undefined>();
  #options = new Map<string, string>();
  #variables: Variables = new Map();

  constructor(origin: string, configuration: Configuration, parameters: Variables, names: readonly string[]) {
    this.#origin = origin;
    this.configuration = configuration;
    this.#parameters = new Map(parameters);
    this.#names = names;
  }

  /** Whether a parameter or the definition itself (not its defaults) says so: then nothing is assumed. */
  hasOwn(option: string): boolean {
    return Boolean(this.#parameters.get(option)) || this.configuration.values(DEFINITION).has(option);
  }

  setParameter(option: string, value: string): void {
    this.#parameters.set(option, value);
  }

  /**
   * Reads the options.
   *
   * @param jail options of the jail; those of the same name as an option of the filter's are not read here.
   * @param all every option of the definition, not only those with a meaning of their own.
   * @throws DropsetError `config`, where an interpolation fails.
   */
  read(jail: Variables = new Map(), all = false): void {
    this.#variables = new Map([...jail, ...this.#parameters]);
    this.#options = new Map();
    for (const name of this.#names) if (!this.#variables.has(name)) this.#take(name, this.#variables);
    this.#readInit();
    if (!all) return;
    for (const name of this.configuration.options(DEFINITION)) if (!this.#options.has(name)) this.#take(name);
  }

  /**
   * All options together, tags put in. Those with a variant for an address family are left as they are.
   *
   * @throws DropsetError `config`, where a tag refers to itself.
   */
  combined(ignore: Iterable<string> = []): Map<string, string> {
    const options = new Map([...this.#options, ...this.#parameters]);
    const conditional = [...options.keys()].map((name) => /^([\p{L}\p{N}_]+)\?./u.exec(name)?.[1] ?? '');
    return expandTags(options, this.#origin, (tag) => this.tag(tag), new Set([...ignore, ...conditional]));
  }

  /** What stands for a tag that is no option: defaults, other sections, the jail's options. */
  tag(tag: string): string | undefined {
    if (!this.#tags.has(tag)) this.#tags.set(tag, this.configuration.getTag(DEFINITION, tag, lowered(this.#variables)));
    return this.#tags.get(tag);
  }

  /** One line of the definition as it would come out, given what `combined` has answered. */
  expanded(line: string, combined: Variables): string {
    const text = this.configuration.interpolate(line, DEFINITION, lowered(this.#variables), 'a line');
    return expandTags(new Map([['', text]]), this.#origin, (tag) => combined.get(tag) ?? this.tag(tag)).get(
      '',
    ) as string;
  }

  #take(name: string, variables?: Variables): void {
    const value = this.configuration.get(DEFINITION, name, variables && lowered(variables));
    if (value !== undefined) this.#options.set(name, value);
  }

  #readInit(): void {
    for (const name of this.configuration.options(INIT)) {
      const value = this.configuration.get(INIT, name) as string;
      if (!name.startsWith('known/')) this.#parameters.set(`known/${name}`, value);
      if (!this.#parameters.has(name)) this.#parameters.set(name, value);
    }
  }
}

/** Interpolation knows no capitals; of names that differ by them alone the last one wins. */
const lowered = (variables: Variables): Variables =>
  new Map([...variables].map(([name, value]) => [name.toLowerCase(), value]));
