import type { Match } from '../regex/match.js';
import type { Compiled, CompiledFilter } from './compiled.js';
import { type Complements, complementsOf, complete, type Groups } from './groups.js';

/** What the expressions of a filter captured, completed; and what prefregex and a failregex captured together. */
export class Captures {
  readonly #complements: ReadonlyMap<Compiled, Complements>;
  /** Groups of prefregex that a failure has too. */
  readonly #outerNames: readonly string[];

  constructor({ prefregex, failregex }: CompiledFilter) {
    this.#complements = complementsOfAll(prefregex ? [prefregex, ...failregex] : failregex);
    this.#outerNames = prefregex ? outerNamesOf(prefregex) : [];
  }

  /** The match's own groups, which nobody else has: they are changed, and handed over. */
  of(compiled: Compiled, match: Match): Groups {
    const complements = this.#complements.get(compiled);
    if (complements) complete(match.groups, complements);
    return match.groups;
  }

  /** What a failregex captured, and what only prefregex did (`outer`). */
  joined(compiled: Compiled, match: Match, outer: Groups | undefined): Groups {
    const groups = this.of(compiled, match);
    if (!outer) return groups;
    for (const name of this.#outerNames) {
      if (groups[name] === undefined && outer[name] !== undefined) groups[name] = outer[name];
    }
    return groups;
  }
}

function complementsOfAll(expressions: readonly Compiled[]): ReadonlyMap<Compiled, Complements> {
  const all = new Map<Compiled, Complements>();
  for (const compiled of expressions) {
    const complements = complementsOf(compiled.pattern.groupNames);
    if (complements) all.set(compiled, complements);
  }
  return all;
}

function outerNamesOf({ pattern }: Compiled): readonly string[] {
  const { groupNames } = pattern;
  const { alternates, tuples } = complementsOf(groupNames) ?? { alternates: [], tuples: [] };
  const completed = [...alternates, ...tuples].map(({ to }) => to);
  return [...new Set([...groupNames, ...completed])].filter((name) => name !== 'content');
}
