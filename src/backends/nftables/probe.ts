import { Connection } from '../../netlink/connection.js';
import { NetlinkError } from '../../netlink/failure.js';
import { NETLINK_NETFILTER } from '../../netlink/protocol.js';
import * as p from './protocol.js';
import { question } from './transaction.js';

/** errno.h */
const EPERM = 1;

/**
 * Asks for the ruleset's generation: whoever may not ask, or whom nobody answers, needs another sentence than a refusal.
 *
 * @throws NetlinkError, of operation `probe`.
 */
export async function probe(connection: Connection): Promise<void> {
  await connection.request(
    'probe',
    question(p.GETGEN, 0, connection.nextSequence(), () => undefined),
  );
}

/** Whether this kernel has nf_tables; unknown to who lacks CAP_NET_ADMIN. The question loads the module, if it is one. */
export async function presence(): Promise<'present' | 'absent' | 'unknown'> {
  let connection: Connection | undefined;
  try {
    connection = Connection.open(NETLINK_NETFILTER, { sendBuffer: 4096, receiveBuffer: 4096 });
    await probe(connection);
    return 'present';
  } catch (thrown) {
    if (!(thrown instanceof NetlinkError)) throw thrown;
    return thrown.errno === EPERM ? 'unknown' : 'absent';
  } finally {
    connection?.close();
  }
}
