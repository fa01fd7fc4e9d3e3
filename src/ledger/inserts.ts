import type { Ban } from '../model/street.js';
import { AT_ONCE, COLUMNS, type Statements, type Value } from './statements.js';

/** New bans, gathered until there are enough for one statement. */
export class Inserts {
  readonly #sql: Pick<Statements, 'insert' | 'insertMany'>;
  #values: Value[] = [];

  constructor(sql: Pick<Statements, 'insert' | 'insertMany'>) {
    this.#sql = sql;
  }

  /** @param id its row: behind all that there are. */
  add(id: number, { prefix, jail, reason, since, until, scope }: Ban): void {
    this.#values.push(id, prefix.text, jail, reason, since, until, scope?.text ?? null);
    if (this.#values.length < AT_ONCE * COLUMNS) return;
    this.#sql.insertMany.run(this.#values);
    this.#values = [];
  }

  /** Writes what has been gathered. */
  flush(): void {
    for (let at = 0; at < this.#values.length; at += COLUMNS) {
      this.#sql.insert.run(this.#values.slice(at, at + COLUMNS));
    }
    this.clear();
  }

  /** Forgets what has been gathered. */
  clear(): void {
    if (this.#values.length > 0) this.#values = [];
  }
}
