import type { Backend } from '../backends/backend.js';
import { setOf } from '../backends/nftables/sets.js';
import type { Explanation } from '../control/api.js';
import type { Guard } from '../guard/guard.js';
import type { Extended, Ledger } from '../ledger/ledger.js';
import type { Prefix } from '../model/prefix.js';
import { isObserved, scopeText } from '../model/scope.js';
import { type Ban, type Change, type Element, isFold } from '../model/street.js';

export interface WhyOptions {
  readonly backend: Backend;
  readonly ledger: Ledger;
  /** Why a prefix must never be banned, or undefined. */
  readonly refusal: (prefix: Prefix) => string | undefined;
  readonly protection: { readonly guard: Pick<Guard, 'look'> };
  /** Where the backend nftables hooks its chain. */
  readonly hook: { readonly name: string; readonly priority: number };
}

/** All there is to know of one prefix, from the ledger, the kernel and the never-rules. */
export async function explain(prefix: Prefix, options: WhyOptions): Promise<Explanation> {
  const { backend, ledger } = options;
  const around = Array.from({ length: prefix.length + 1 }, (_, length) => prefix.widened(length));
  const bans = around.flatMap((one) => ledger.bansOf(one));
  const past = around.flatMap((one) => ledger.pastOf(one));
  const elements = (await backend.lookup(around)).filter((element) => element !== undefined);
  const { table, interfaces } = backend.state();
  const { name, priority } = options.hook;
  return {
    address: prefix.text,
    banned: elements.some(({ scope }) => !isObserved(scope)),
    bans: bans.map((ban) => explainedBan(ban, ledger.extensions.of(ban.prefix).get(ban.jail))),
    folded: foldedInto(ledger.changesOf([prefix])[0]),
    elements: elements.map((element) => explainedElement(element, table !== undefined)),
    past: past.map(({ first, last, ...rest }) => ({ ...rest, first: iso(first), last: iso(last) })),
    never: options.refusal(prefix) ?? null,
    guard: (await options.protection.guard.look('current')).refusal(prefix) ?? null,
    unban: {
      lifts: bans.filter((ban) => ban.prefix.text === prefix.text).map(nameOf),
      stays: bans.filter((ban) => ban.prefix.text !== prefix.text).map(nameOf),
    },
    backend: backend.kind,
    table: table ? { name: table.name, hook: name, priority } : null,
    interfaces: interfaces ?? null,
  };
}

const foldedInto = (change: Change | undefined): string | null =>
  change && isFold(change) ? change.foldedInto.text : null;

const iso = (time: number): string => new Date(time).toISOString();

const nameOf = ({ prefix, jail }: Ban) => ({ address: prefix.text, jail });

const explainedBan = (
  { prefix, jail, reason, since, until, scope, lines = [] }: Ban,
  extended: Extended | undefined,
): Explanation['bans'][number] => ({
  address: prefix.text,
  jail,
  reason,
  since: iso(since),
  until: until === null ? null : iso(until),
  scope: scopeText(scope),
  extended: extended ? { times: extended.times, active: iso(extended.active) } : null,
  lines,
});

const explainedElement = (element: Element, hasSets: boolean): Explanation['elements'][number] => ({
  address: element.prefix.text,
  until: element.until === null ? null : iso(element.until),
  scope: scopeText(element.scope),
  packets: element.packets ?? null,
  bytes: element.bytes ?? null,
  set: hasSets ? setOf(element.prefix, element.scope !== undefined).name : null,
});
