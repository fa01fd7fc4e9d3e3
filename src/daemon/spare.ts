import { setImmediate as turn } from 'node:timers/promises';
import type { Ledger } from '../ledger/ledger.js';
import type { Prefix } from '../model/prefix.js';
import { PrefixIndex } from '../model/prefix-index.js';
import type { Ban } from '../model/street.js';
import type { Enforcement } from './enforcement.js';

/** Bans that are looked at before others have their turn. */
const PAGE = 1000;

/** Never-rules that came and went. */
export interface NeverDifference {
  readonly added: readonly Prefix[];
  readonly removed: readonly Prefix[];
}

export interface SpareOptions {
  readonly ledger: Pick<Ledger, 'bans'>;
  readonly enforcement: Pick<Enforcement, 'enforce' | 'rewrite'>;
  /** Told how many bans were lifted, as they are. */
  readonly lifted: (count: number) => void;
}

/**
 * Lifts the bans that new never-rules meet, in the ledger and in the kernel, and has the kernel drop again what the ledger had banned when
 * rules covered it that are gone. To be called when the rules hold: what is decided meanwhile obeys them.
 *
 * @throws DropsetError `ledger`
 */
export async function spare({ added, removed }: NeverDifference, options: SpareOptions): Promise<void> {
  if (added.length + removed.length === 0) return;
  const { ledger, enforcement, lifted } = options;
  const [spared, gone] = [indexOf(added), indexOf(removed)];
  for (const page of ledger.bans(PAGE)) {
    const lifting = page.filter((ban) => meets(spared, ban));
    const again = page.filter((ban) => !meets(spared, ban) && meets(gone, ban));
    await enforcement.enforce(lifting.map(({ prefix, jail }) => ({ kind: 'unban', prefix, jail })));
    if (again.length > 0) await enforcement.rewrite(again.map(({ prefix }) => prefix));
    lifted(lifting.length);
    await turn();
  }
}

/**
 * Lifts the bans of some jails whose rows came behind one (`Ledger.range`); answers how many. The row and not the ban's time: lines of a log may
 * be older than what judges them. @throws DropsetError `ledger`
 */
export async function liftSince(
  jails: readonly string[],
  row: number,
  {
    ledger,
    enforcement,
  }: { readonly ledger: Pick<Ledger, 'bansBehind'>; readonly enforcement: Pick<Enforcement, 'enforce'> },
): Promise<number> {
  if (jails.length === 0) return 0;
  let sum = 0;
  for (const page of ledger.bansBehind(row, PAGE)) {
    const lifting = page.filter((ban) => jails.includes(ban.jail));
    await enforcement.enforce(lifting.map(({ prefix, jail }) => ({ kind: 'unban', prefix, jail })));
    sum += lifting.length;
    await turn();
  }
  return sum;
}

const indexOf = (rules: readonly Prefix[]): PrefixIndex<undefined> =>
  new PrefixIndex(rules.map((rule) => [rule, undefined] as const));

const meets = (rules: PrefixIndex<undefined>, { prefix }: Ban): boolean => rules.overlapping(prefix) !== undefined;
