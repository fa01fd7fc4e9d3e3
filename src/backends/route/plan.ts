import type { Prefix } from '../../model/prefix.js';
import type { Allowed } from '../allowed.js';
import type { Step } from './messages.js';
import type { Standing } from './table.js';

/**
 * What leads from what stands to what shall stand. In this order, whoever passes before and after passes at every moment between: the
 * kernel works the steps off one by one.
 *
 * @param isStray whether a blackhole that nobody asks for shall go; one that is allowed goes anyway.
 */
export function planOf(
  standing: Pick<Standing, 'blackhole' | 'throw'>,
  wanted: { readonly blackholes: Iterable<Prefix>; readonly allowed: Allowed },
  isStray: (prefix: Prefix) => boolean,
): Step[] {
  const { allowed } = wanted;
  const holes = new Map<string, Prefix>();
  for (const prefix of wanted.blackholes) if (!allowed.covers(prefix)) holes.set(prefix.text, prefix);
  const isOver = (prefix: Prefix): boolean => !holes.has(prefix.text) && (allowed.covers(prefix) || isStray(prefix));
  return [
    ...[...standing.blackhole.values()].filter(isOver).map((prefix) => step('remove', 'blackhole', prefix)),
    ...missing(allowed.prefixes, standing.throw).map((prefix) => step('add', 'throw', prefix)),
    ...missing(standing.throw, allowed.prefixes).map((prefix) => step('remove', 'throw', prefix)),
    ...missing(holes, standing.blackhole).map((prefix) => step('add', 'blackhole', prefix)),
  ];
}

/** What takes steps back, the last of them first. */
export const undone = (steps: readonly Step[]): Step[] =>
  steps.toReversed().map(({ verb, kind, prefix }) => step(verb === 'add' ? 'remove' : 'add', kind, prefix));

const step = (verb: Step['verb'], kind: Step['kind'], prefix: Prefix): Step => ({ verb, kind, prefix });

const missing = (of: ReadonlyMap<string, Prefix>, among: ReadonlyMap<string, Prefix>): Prefix[] =>
  [...of.values()].filter(({ text }) => !among.has(text));
