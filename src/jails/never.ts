import type { NeverRule } from '../model/never-rule.js';
import { Prefix } from '../model/prefix.js';
import { PrefixIndex } from '../model/prefix-index.js';

const rule = (address: string, why: string): NeverRule => ({
  prefix: Prefix.parse(address),
  clause: `is built in (${why})`,
});

/** Addresses that no firewall rule may ever name, with the reason that a refusal gives. */
const BUILT_IN: readonly NeverRule[] = [
  rule('127.0.0.0/8', 'the loopback network: the machine would cut off its own services'),
  rule('::1', 'the loopback address: the machine would cut off its own services'),
  rule('0.0.0.0', 'the unspecified address, which DHCP clients send from'),
  rule('::', 'the unspecified address, which IPv6 neighbour discovery sends from'),
];

/** Anything wider is a slip of the pen: no registry gives one holder more than a /8, or a /16 of IPv6. */
const WIDEST = { 4: 8, 6: 16 } as const;

/** Who is never banned, whoever asks: a jail, a person or a program. */
export class Never {
  #rules: readonly NeverRule[] = BUILT_IN;
  #index = indexOf(BUILT_IN);

  constructor(rules: readonly (Prefix | NeverRule)[]) {
    this.replace(rules);
  }

  /** The built-in ones, then those given. */
  get rules(): readonly NeverRule[] {
    return this.#rules;
  }

  get prefixes(): readonly Prefix[] {
    return this.#rules.map(({ prefix }) => prefix);
  }

  /** Other rules in place of those given before. */
  replace(rules: readonly (Prefix | NeverRule)[]): void {
    this.#rules = [
      ...BUILT_IN,
      ...rules.map((given) =>
        given instanceof Prefix ? { prefix: given, clause: 'stands in the configuration' } : given,
      ),
    ];
    this.#index = indexOf(this.#rules);
  }

  /**
   * Why a ban of `prefix` is refused, as a sentence that names the rule; undefined if nothing is against it. A
   * prefix is refused also if only a part of it is never banned. It costs less than a microsecond among 10,000 rules.
   */
  refusal(prefix: Prefix): string | undefined {
    return tooWide(prefix) ?? this.#covered(prefix);
  }

  #covered(prefix: Prefix): string | undefined {
    const found = this.#index.overlapping(prefix);
    if (!found) return undefined;
    const [never, clause] = found;
    const relation = never.covers(prefix) ? 'is covered by' : 'contains';
    return `${prefix} ${relation} the never-rule ${never}, which ${clause}`;
  }
}

/** All that never-rules cover, where these are given. */
export const withBuiltIn = (prefixes: readonly Prefix[]): readonly Prefix[] => [
  ...BUILT_IN.map(({ prefix }) => prefix),
  ...prefixes,
];

const indexOf = (rules: readonly NeverRule[]): PrefixIndex<string> =>
  new PrefixIndex(rules.map(({ prefix, clause }) => [prefix, clause] as const));

function tooWide(prefix: Prefix): string | undefined {
  if (prefix.length === 0) return `${prefix} is the whole IPv${prefix.family} internet, everybody here included`;
  const widest = WIDEST[prefix.family];
  if (prefix.length >= widest) return undefined;
  return `${prefix} is too wide: a ban covers at most a /${widest} of IPv${prefix.family}`;
}
