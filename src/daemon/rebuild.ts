import type { Backend } from '../backends/backend.js';
import type { Ledger } from '../ledger/ledger.js';
import type { Clock } from '../model/clock.js';
import type { BanVerdict, Element } from '../model/street.js';
import type { Writer } from '../writer/writer.js';
import type { Enforcement } from './enforcement.js';
import type { Events } from './events.js';

/** The jail of bans of which the kernel is the only witness. */
export const RESTORED = 'restored';

const PAGE = 500;

/** Elements that are looked at: a dump of a million from nf_tables takes half a minute of a processor. */
const MOST = 200_000;

export interface RebuildOptions {
  readonly backend: Pick<Backend, 'elements' | 'lookup'>;
  readonly ledger: Pick<Ledger, 'record' | 'bansOf'>;
  readonly writer: Pick<Writer, 'idle'>;
  readonly enforcement: Pick<Enforcement, 'lifts'>;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told the end of each ban. */
  readonly until: (until: number | null) => void;
}

/**
 * Writes into the ledger what the kernel holds and the ledger does not know, after it was lost: with the time that is left, as bans of
 * the jail `restored`. The first 200,000 elements; everything else goes on meanwhile.
 *
 * @returns how many bans.
 */
export async function rebuild(options: RebuildOptions): Promise<number> {
  let restored = 0;
  for await (const page of pagesOf(options)) {
    const held = await settled(page, options);
    if (options.signal.aborted) break;
    restored += write(held, options);
  }
  return restored;
}

/** As `rebuild`, and says how many. */
export async function rebuildAndTell(options: RebuildOptions, events: Pick<Events, 'tell'>): Promise<void> {
  const count = await rebuild(options);
  const message = `${count} bans that only the kernel knew are in the ledger again`;
  events.tell({ kind: 'repair', of: 'ledger', count, message, level: 'info', kept: false });
}

async function* pagesOf({ backend, signal }: RebuildOptions): AsyncGenerator<readonly Element[]> {
  let page: Element[] = [];
  let seen = 0;
  for await (const element of backend.elements()) {
    if (signal.aborted || seen++ === MOST) break;
    page.push(element);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  yield page;
}

/** Those that still stand. What was lifted while we looked must not come back as restored. */
async function settled(page: readonly Element[], options: RebuildOptions): Promise<readonly Element[]> {
  for (;;) {
    const before = options.enforcement.lifts;
    await options.writer.idle();
    const found = await options.backend.lookup(page.map(({ prefix }) => prefix));
    if (options.enforcement.lifts === before || options.signal.aborted) {
      return found.filter((element) => element !== undefined);
    }
  }
}

function write(held: readonly Element[], { ledger, clock, until }: RebuildOptions): number {
  const since = clock();
  const unknown = held.filter(({ prefix }) => ledger.bansOf(prefix).length === 0);
  const reason = 'the kernel held it when the ledger was lost';
  ledger.record(
    unknown.map(
      (element): BanVerdict => ({
        kind: 'ban',
        ban: { prefix: element.prefix, jail: RESTORED, reason, since, until: element.until, scope: element.scope },
      }),
    ),
  );
  for (const element of unknown) until(element.until);
  return unknown.length;
}
