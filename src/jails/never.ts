import { Prefix } from '../model/prefix.js';

/** Addresses that no firewall rule may ever name, with the reason that a refusal gives. */
const BUILT_IN: readonly (readonly [Prefix, string])[] = [
  [Prefix.parse('127.0.0.0/8'), 'the loopback network: the machine would cut off its own services'],
  [Prefix.parse('::1'), 'the loopback address: the machine would cut off its own services'],
  [Prefix.parse('0.0.0.0'), 'the unspecified address, which DHCP clients send from'],
  [Prefix.parse('::'), 'the unspecified address, which IPv6 neighbour discovery sends from'],
];

/** Anything wider is a slip of the pen: no registry gives one holder more than a /8, or a /16 of IPv6. */
const WIDEST = { 4: 8, 6: 16 } as const;

/** Who is never banned, whoever asks: a jail, a person or a program. */
export class Never {
  #prefixes: readonly Prefix[] = [];

  constructor(prefixes: readonly Prefix[]) {
    this.replace(prefixes);
  }

  /** The built-in ones, then those given. */
  get prefixes(): readonly Prefix[] {
    return this.#prefixes;
  }

  /** Spares these from here on, in place of those given before. */
  replace(prefixes: readonly Prefix[]): void {
    this.#prefixes = withBuiltIn(prefixes);
  }

  /**
   * Why a ban of `prefix` is refused, as a sentence that names the rule; undefined if nothing is against it. A
   * prefix is refused also if only a part of it is never banned.
   */
  refusal(prefix: Prefix): string | undefined {
    return tooWide(prefix) ?? this.#covered(prefix);
  }

  #covered(prefix: Prefix): string | undefined {
    const index = this.#prefixes.findIndex((never) => never.overlaps(prefix));
    if (index < 0) return undefined;
    const never = this.#prefixes[index] as Prefix;
    const relation = never.covers(prefix) ? 'is covered by' : 'contains';
    const rule = BUILT_IN[index] ? `is built in (${BUILT_IN[index][1]})` : 'stands in the configuration';
    return `${prefix} ${relation} the never-rule ${never}, which ${rule}`;
  }
}

/** All that never-rules cover, where these are given. */
export const withBuiltIn = (prefixes: readonly Prefix[]): readonly Prefix[] => [
  ...BUILT_IN.map(([prefix]) => prefix),
  ...prefixes,
];

function tooWide(prefix: Prefix): string | undefined {
  if (prefix.length === 0) return `${prefix} is the whole IPv${prefix.family} internet, everybody here included`;
  const widest = WIDEST[prefix.family];
  if (prefix.length >= widest) return undefined;
  return `${prefix} is too wide: a ban covers at most a /${widest} of IPv${prefix.family}`;
}
