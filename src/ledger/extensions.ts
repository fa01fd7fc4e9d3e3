import type { Database } from 'better-sqlite3';
import type { Clock } from '../model/clock.js';
import type { Prefix } from '../model/prefix.js';
import { type Ban, isFold } from '../model/street.js';
import { Folding, type Recorded } from './folding.js';
import { banOf, type Row } from './rows.js';
import type { Parts, Session } from './session.js';

/** Bans that are looked through for those of some jails. */
const LOOKED = 10_000;

/** A ban that is about to end. */
export interface Ending {
  readonly ban: Ban;
  readonly until: number;
  /** Milliseconds that it was for, before it was extended. */
  readonly span: number;
}

/** A ban is to end later. */
export interface Extension {
  readonly prefix: Prefix;
  readonly jail: string;
  /** As it was seen: of another ban, that has come meanwhile, nothing changes. */
  readonly until: number;
  readonly next: number;
  readonly span: number;
}

/** How often a ban was extended, and when it was last seen to be active. */
export interface Extended {
  readonly times: number;
  readonly active: number;
}

/** Bans that last longer because who is banned goes on. Their beginning, and how often somebody was banned, stay as they are. */
export class Extensions {
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #refusal: (prefix: Prefix) => string | undefined;

  constructor(session: Session, clock: Clock, refusal: (prefix: Prefix) => string | undefined) {
    this.#session = session;
    this.#clock = clock;
    this.#refusal = refusal;
  }

  /** Live bans of these jails that end by then, the soonest first, at most `most`; of the 10,000 bans of all jails that end first. */
  ending(jails: readonly string[], by: number, most: number): readonly Ending[] {
    return this.#session.read(({ bans }) => {
      const select = this.#session.database.prepare<[object], Row & { span: number | null }>(
        `SELECT soon.*, span FROM (SELECT * FROM ban WHERE until > @now AND until <= @by ORDER BY until LIMIT ${LOOKED}) AS soon
         LEFT JOIN ban_extension USING (id)
         WHERE soon.id > @behind AND jail IN (SELECT value FROM json_each(@jails)) ORDER BY until LIMIT @most`,
      );
      const wanted = { now: this.#clock(), by, behind: bans.range.behind, jails: JSON.stringify(jails), most };
      return select.all(wanted).map(({ span, ...row }) => {
        const until = row.until as number;
        return { ban: banOf(row), until, span: span ?? until - row.since };
      });
    });
  }

  /** Answers what is to be written, and the bans as they are now: none of what has changed meanwhile, or must never be banned. */
  extend(all: readonly Extension[]): { readonly recorded: Recorded; readonly extended: readonly Ban[] } {
    return this.#session.write((parts) => {
      const now = this.#clock();
      const folding = new Folding(parts.view, now);
      const extended = all.flatMap((one) => this.#extend(one, parts, folding, now));
      const changes = extended.map(({ prefix }) => parts.view.change(prefix, now));
      const isPlain = !folding.isDue && !changes.some(isFold);
      return { extended, recorded: isPlain ? { changes } : { changes, steps: folding.steps(changes) } };
    });
  }

  /** Of the live bans of a prefix that were extended, by jail. */
  of({ text }: Prefix): ReadonlyMap<string, Extended> {
    return this.#session.read(({ bans }) => {
      const select = this.#session.database.prepare<[number], Extended>(
        'SELECT times, active FROM ban_extension WHERE id = ?',
      );
      const found = bans.rowsOf(text).map(({ id, jail }) => [jail, select.get(id)] as const);
      return new Map(found.filter((one): one is [string, Extended] => one[1] !== undefined));
    });
  }

  #extend(
    { prefix, jail, until, next, span }: Extension,
    { bans }: Parts,
    folding: Folding,
    now: number,
  ): readonly Ban[] {
    const row = bans.rowsOf(prefix.text).find((one) => one.jail === jail && one.until === until);
    if (!row || this.#refusal(prefix) !== undefined) return [];
    folding.touch(prefix);
    write(this.#session.database, { id: row.id, next, now, span });
    return [banOf({ ...row, until: next })];
  }
}

function write(database: Database, values: { id: number; next: number; now: number; span: number }): void {
  database.prepare('UPDATE ban SET until = @next WHERE id = @id').run(values);
  database
    .prepare(
      `INSERT INTO ban_extension (id, times, active, span) VALUES (@id, 1, @now, @span)
       ON CONFLICT (id) DO UPDATE SET times = times + 1, active = @now`,
    )
    .run(values);
}
