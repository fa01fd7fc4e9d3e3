import { Refusal } from '../../model/refusal.js';
import type { Scope } from '../../model/scope.js';
import type { Change } from '../../model/street.js';
import { at, byType, text, walk } from '../../netlink/attributes.js';
import type { Connection } from '../../netlink/connection.js';
import { NetlinkError } from '../../netlink/failure.js';
import { NLM_F_DUMP } from '../../netlink/protocol.js';
import * as p from './protocol.js';
import { MOST_SCOPES, SCOPES, scopeNamed } from './scope-chains.js';
import { question } from './transaction.js';

/** errno.h */
const ENOENT = 2;

/** Which number each scope has in the kernel. */
export class ScopeTable {
  /** Undefined as long as the table has no maps for them. */
  #numbers: Map<number, Scope> | undefined;
  #byText = new Map<string, number>();

  get numbers(): ReadonlyMap<number, Scope> | undefined {
    return this.#numbers;
  }

  /** What the kernel has from here on. */
  know(numbers: ReadonlyMap<number, Scope> | undefined): void {
    this.#numbers = numbers && new Map(numbers);
    this.#byText = new Map([...(numbers ?? [])].map(([number, { text }]) => [text, number]));
  }

  scopeOf(number: number): Scope | undefined {
    return this.#numbers?.get(number);
  }

  /** @throws TypeError for one that has none. */
  numberOf({ text }: Scope): number {
    const number = this.#byText.get(text);
    if (number === undefined) throw new TypeError(`scope ${text} has no number`);
    return number;
  }

  /** The scopes of changes that have no number yet, each with the one that it gets. */
  missing(changes: readonly Change[]): ReadonlyMap<number, Scope> {
    const missing = new Map<number, Scope>();
    const wanted = new Map<string, Scope>();
    for (const change of changes) {
      if (change.verb === 'add' && change.scope) wanted.set(change.scope.text, change.scope);
    }
    let free = 0;
    for (const [text, scope] of wanted) {
      if (this.#byText.has(text)) continue;
      do free++;
      while (this.#numbers?.has(free));
      missing.set(free, scope);
    }
    return missing;
  }

  /** Whether there is no room for so many more. */
  isFull(more: number): boolean {
    return (this.#numbers?.size ?? 0) + more > MOST_SCOPES;
  }
}

/** A refusal that lies in the elements: without those with other scopes the rest goes down. */
export const tooMany = (): Refusal =>
  new Refusal(
    'element',
    `there is no room for one more of the different scopes that bans have, of which ${MOST_SCOPES} are possible at most: let jails ban the same ports, or ban all traffic`,
  );

/** The scopes of the table by number, as its map has them; undefined if there is no map. @throws NetlinkError */
export async function readScopes(connection: Connection, table: string): Promise<Map<number, Scope> | undefined> {
  const found = new Map<number, Scope>();
  try {
    for (const [number, chain] of await readBranches(connection, table, SCOPES)) {
      const scope = scopeNamed(chain);
      if (scope && number > 0) found.set(number, scope);
    }
    return found;
  } catch (thrown) {
    if (thrown instanceof NetlinkError && thrown.errno === ENOENT) return undefined;
    throw thrown;
  }
}

/** Which chain each number leads to, in a map. @throws NetlinkError ENOENT if there is none. */
export async function readBranches(
  connection: Connection,
  table: string,
  map: string,
): Promise<readonly (readonly [number: number, chain: string])[]> {
  const ask = question(p.GETSETELEM, NLM_F_DUMP, connection.nextSequence(), (encoder) => {
    encoder.string(p.ELEMS.TABLE, table).string(p.ELEMS.SET, map);
  });
  const found: (readonly [number, string])[] = [];
  for await (const { payload } of connection.dump(`dump of map ${map}`, ask)) {
    for (const branch of branchesIn(byType(payload, p.NFGENMSG))) found.push(branch);
  }
  return found;
}

/** Those in one message about elements: of the kernel's, or of ours to it. */
export function* branchesIn(message: ReadonlyMap<number, Buffer>): Generator<readonly [number: number, chain: string]> {
  for (const { payload } of walk(message.get(p.ELEMS.ELEMENTS) ?? Buffer.alloc(0))) {
    const element = byType(payload);
    const key = at(element.get(p.ELEM.KEY), p.DATA.VALUE);
    const chain = at(element.get(p.ELEM.DATA), p.DATA.VERDICT, p.VERDICT.CHAIN);
    if (key && chain) yield [key.readUInt32LE(0), text(chain)];
  }
}
