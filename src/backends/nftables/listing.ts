import { byType, text } from '../../netlink/attributes.js';
import type { Connection } from '../../netlink/connection.js';
import { NLM_F_DUMP, NLM_F_DUMP_INTR } from '../../netlink/protocol.js';
import * as p from './protocol.js';
import { question } from './transaction.js';

/** In every kind of message this is the table's name (linux/netfilter/nf_tables.h). */
const TABLE_NAME = 1;

/** Times that a listing is begun anew because somebody changed what was listed. */
const TRIES = 5;

/** The attributes of everything of one kind in a table: chains, rules, sets, objects, or the table itself. @throws NetlinkError */
export async function list(connection: Connection, message: number, table: string): Promise<Attributes[]> {
  for (let tries = 1; ; tries++) {
    const { found, isWhole } = await listOnce(connection, message, table);
    if (isWhole || tries === TRIES) return found;
  }
}

export type Attributes = ReadonlyMap<number, Buffer>;

async function listOnce(connection: Connection, message: number, table: string) {
  const ask = question(message, NLM_F_DUMP, connection.nextSequence(), (encoder) => {
    if (message !== p.GETTABLE) encoder.string(TABLE_NAME, table);
  });
  const found: Attributes[] = [];
  let isWhole = true;
  for await (const { payload, flags } of connection.dump('list', ask)) {
    if (flags & NLM_F_DUMP_INTR) isWhole = false;
    const attributes = byType(payload, p.NFGENMSG);
    const owner = attributes.get(TABLE_NAME);
    if (owner && text(owner) === table && payload[0] === p.NFPROTO_INET) found.push(attributes);
  }
  return { found, isWhole };
}
