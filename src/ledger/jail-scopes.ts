import type { Database, Statement } from 'better-sqlite3';
import type { Scope } from '../model/scope.js';
import { storedScope } from './rows.js';

/** Rows behind one, by number. */
interface Step {
  readonly jail: string;
  readonly scope: string | null;
  readonly behind: number;
  readonly end: number;
}

/** Which scope the bans of a jail have, and how they get another one. */
export class JailScopes {
  readonly #all: Statement<[], { jail: string; scope: string | null }>;
  readonly #put: Statement<[string, string | null]>;
  readonly #end: Statement<[{ behind: number; size: number }], { id: number | null }>;
  readonly #turn: Statement<[Step], { address: string }>;

  constructor(database: Database) {
    this.#all = database.prepare('SELECT jail, scope FROM jail_scope');
    this.#put = database.prepare('INSERT OR REPLACE INTO jail_scope (jail, scope) VALUES (?, ?)');
    this.#end = database.prepare(
      'SELECT MAX(id) AS id FROM (SELECT id FROM ban WHERE id > @behind ORDER BY id LIMIT @size)',
    );
    this.#turn = database.prepare(
      `UPDATE ban SET scope = @scope WHERE id > @behind AND id <= @end AND jail = @jail AND scope IS NOT @scope
       RETURNING address`,
    );
  }

  /** By jail, of those that were ever given one. @throws as `storedScope` */
  all(): ReadonlyMap<string, Scope | undefined> {
    return new Map(this.#all.all().map(({ jail, scope }) => [jail, storedScope(scope)]));
  }

  /** Gives it to the jail's bans in so many rows behind one; answers the addresses that had another, and the last of the rows. */
  turn(jail: string, scope: Scope | undefined, behind: number, size: number) {
    const end = this.#end.get({ behind, size })?.id ?? undefined;
    if (end === undefined) return { addresses: [], last: undefined };
    const turned = this.#turn.all({ jail, scope: scope?.text ?? null, behind, end });
    return { addresses: turned.map(({ address }) => address), last: end };
  }

  /** All of the jail's bans have it. */
  settle(jail: string, scope: Scope | undefined): void {
    this.#put.run(jail, scope?.text ?? null);
  }
}
