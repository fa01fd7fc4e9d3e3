import { byType, text, u32, walk } from '../../netlink/attributes.js';
import type { Connection } from '../../netlink/connection.js';
import { Encoder } from '../../netlink/encoder.js';
import { messages } from '../../netlink/messages.js';
import { NLA_F_NESTED, NLM_F_DUMP } from '../../netlink/protocol.js';
import { isDormant } from './install.js';
import { type Attributes, list } from './listing.js';
import * as p from './protocol.js';
import { addRuleset, type Contents, type RulesetOptions } from './ruleset.js';
import { SCOPES, SCOPES_JUDGED } from './scope-chains.js';
import { branchesIn, readBranches } from './scope-table.js';
import { allowSet } from './sets.js';
import { question, Transaction } from './transaction.js';

/**
 * What of the table is not as `addRuleset` makes it, as sentences: the table itself, its chains with their hook, its rules, the
 * sets and what is allowed. Elements of the ban sets are not looked at.
 *
 * @throws NetlinkError
 */
export async function frameFaults(
  connection: Connection,
  options: RulesetOptions,
  contents: Contents,
): Promise<string[]> {
  const { table } = options;
  const [found] = await list(connection, p.GETTABLE, table);
  if (!found) return [`table inet ${table} is gone`];
  if (await isDormant(connection, table)) return [`table inet ${table} is dormant`];
  const wanted = new Wanted(options, contents);
  const faults = [
    ...missingSets(wanted, await list(connection, p.GETSET, table)),
    ...chainFaults(wanted, await list(connection, p.GETCHAIN, table)),
    ...ruleFaults(wanted, await list(connection, p.GETRULE, table)),
  ];
  // The kernel has no elements of a set that is gone.
  if (faults.length === 0) faults.push(...(await allowFaults(connection, wanted)));
  if (faults.length === 0 && contents.scopes) faults.push(...(await scopeFaults(connection, wanted)));
  return faults.map((fault) => `${fault} in table inet ${table}`);
}

/** The messages that make the table, by kind: what the kernel tells must hold what they say. */
class Wanted {
  readonly table: string;
  readonly #messages: readonly { readonly kind: number; readonly attributes: Attributes }[];

  constructor(options: RulesetOptions, contents: Contents) {
    let sequence = 0;
    const transaction = new Transaction(new Encoder(), () => ++sequence);
    addRuleset(transaction, options, contents);
    this.table = options.table;
    this.#messages = [...messages(transaction.finish())].map(({ type, payload }) => ({
      kind: type & 0xff,
      attributes: byType(payload, p.NFGENMSG),
    }));
  }

  of(kind: number): readonly Attributes[] {
    return this.#messages.filter((message) => message.kind === kind).map(({ attributes }) => attributes);
  }
}

const nameIn = (attributes: Attributes, type: number): string => text(attributes.get(type) ?? Buffer.alloc(1));

function missingSets(wanted: Wanted, found: readonly Attributes[]): string[] {
  const there = new Set(found.map((set) => nameIn(set, p.SET.NAME)));
  const names = wanted.of(p.NEWSET).map((set) => nameIn(set, p.SET.NAME));
  return names.filter((name) => !there.has(name)).map((name) => `set ${name} is gone`);
}

function chainFaults(wanted: Wanted, found: readonly Attributes[]): string[] {
  return wanted.of(p.NEWCHAIN).flatMap((chain) => {
    const name = nameIn(chain, p.CHAIN.NAME);
    const there = found.find((other) => nameIn(other, p.CHAIN.NAME) === name);
    if (!there) return [`chain ${name} is gone`];
    return holds(there, chain) ? [] : [`chain ${name} has another hook, priority or policy`];
  });
}

function ruleFaults(wanted: Wanted, found: readonly Attributes[]): string[] {
  const [ours, theirs] = [byChain(wanted.of(p.NEWRULE)), byChain(found)];
  return wanted.of(p.NEWCHAIN).flatMap((chain) => {
    const name = nameIn(chain, p.CHAIN.NAME);
    const [rules, there] = [ours.get(name) ?? [], theirs.get(name) ?? []];
    const isSame = rules.every((rule, index) => there[index] && isSameRule(there[index], rule));
    return isSame && rules.length === there.length ? [] : [`chain ${name} has other rules`];
  });
}

function byChain(rules: readonly Attributes[]): Map<string, Attributes[]> {
  const chains = new Map<string, Attributes[]>();
  for (const rule of rules) {
    const name = nameIn(rule, p.RULE.CHAIN);
    const known = chains.get(name);
    if (known) known.push(rule);
    else chains.set(name, [rule]);
  }
  return chains;
}

/** Expression by expression. */
function isSameRule(found: Attributes, wanted: Attributes): boolean {
  const [theirs, ours] = [found, wanted].map((rule) => [...walk(rule.get(p.RULE.EXPRESSIONS) ?? Buffer.alloc(0))]);
  if (!theirs || !ours || theirs.length !== ours.length) return false;
  return ours.every(({ payload }, index) => holds(byType(theirs[index]?.payload as Buffer), byType(payload), payload));
}

/** Whether all of `wanted` is in `found`, where the kernel may have added what nobody said. */
function holds(found: Attributes, wanted: Attributes, bytes?: Buffer): boolean {
  const nested = bytes ? nestedIn(bytes) : new Set([p.CHAIN.HOOK]);
  return [...wanted].every(([type, payload]) => {
    const there = found.get(type);
    if (!there) return false;
    return nested.has(type) ? holds(byType(there), byType(payload), payload) : there.equals(payload);
  });
}

const nestedIn = (bytes: Buffer): ReadonlySet<number> =>
  new Set(
    [...walk(bytes)].filter(({ offset }) => bytes.readUInt16LE(offset + 2) & NLA_F_NESTED).map(({ type }) => type),
  );

async function allowFaults(connection: Connection, wanted: Wanted): Promise<string[]> {
  const faults: string[] = [];
  for (const name of [allowSet(4), allowSet(6)]) {
    const ask = question(p.GETSETELEM, NLM_F_DUMP, connection.nextSequence(), (encoder) => {
      encoder.string(p.ELEMS.TABLE, wanted.table).string(p.ELEMS.SET, name);
    });
    const theirs: string[] = [];
    for await (const { payload } of connection.dump('list', ask)) theirs.push(...bounds(byType(payload, p.NFGENMSG)));
    const ours = wanted.of(p.NEWSETELEM).filter((elements) => nameIn(elements, p.ELEMS.SET) === name);
    if (theirs.sort().join() !== ours.flatMap(bounds).sort().join()) faults.push(`set ${name} allows somebody else`);
  }
  return faults;
}

async function scopeFaults(connection: Connection, wanted: Wanted): Promise<string[]> {
  const faults: string[] = [];
  for (const map of [SCOPES, SCOPES_JUDGED]) {
    const theirs = await readBranches(connection, wanted.table, map);
    const ours = wanted.of(p.NEWSETELEM).filter((elements) => nameIn(elements, p.ELEMS.SET) === map);
    if (
      theirs.map(String).sort().join() !==
      ours
        .flatMap((elements) => [...branchesIn(elements)].map(String))
        .sort()
        .join()
    ) {
      faults.push(`map ${map} leads elsewhere`);
    }
  }
  return faults;
}

/** The bounds of intervals, as texts that can be compared. */
const bounds = (elements: Attributes): string[] =>
  [...walk(elements.get(p.ELEMS.ELEMENTS) ?? Buffer.alloc(0))].map(({ payload }) => {
    const element = byType(payload);
    const flags = element.get(p.ELEM.FLAGS);
    return `${element.get(p.ELEM.KEY)?.toString('hex')} ${flags ? u32(flags) & p.ELEM_INTERVAL_END : 0}`;
  });
