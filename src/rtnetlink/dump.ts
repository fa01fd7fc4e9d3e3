import type { Connection } from '../netlink/connection.js';
import { Encoder } from '../netlink/encoder.js';
import type { Message } from '../netlink/messages.js';
import { NLM_F_DUMP, NLM_F_DUMP_INTR, NLM_F_REQUEST } from '../netlink/protocol.js';

/** A namespace where interfaces come and go without pause has no moment of which a dump could tell. */
const TRIES = 5;

/**
 * Asks for all of a kind, and again where the kernel says that it changed meanwhile; what the last of five tries brought holds.
 *
 * @param header a message's fixed header, all zeros but what is asked for.
 * @param read what a message says; undefined where it says nothing that is wanted.
 * @throws NetlinkError
 */
export async function dumpAll<T>(
  connection: Connection,
  {
    operation,
    type,
    header,
  }: { readonly operation: string; readonly type: number; readonly header: readonly number[] },
  read: (message: Message) => T | undefined,
): Promise<T[]> {
  for (let tries = 1; ; tries++) {
    const found: T[] = [];
    let interrupted = false;
    const encoder = new Encoder(64);
    encoder.message(type, NLM_F_REQUEST | NLM_F_DUMP, connection.nextSequence()).raw(...header);
    for await (const message of connection.dump(operation, encoder.endMessage().bytes)) {
      interrupted ||= (message.flags & NLM_F_DUMP_INTR) !== 0;
      const one = read(message);
      if (one !== undefined) found.push(one);
    }
    if (!interrupted || tries === TRIES) return found;
  }
}
