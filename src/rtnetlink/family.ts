import { byType } from '../netlink/attributes.js';
import type { Connection } from '../netlink/connection.js';
import { Encoder } from '../netlink/encoder.js';
import { hostU16 } from '../netlink/host.js';
import { NLM_F_REQUEST } from '../netlink/protocol.js';
import * as p from './protocol.js';

/** errno.h */
const ENOENT = 2;

/** A generic netlink message's fixed header. */
export const genericHeader = (command: number): readonly number[] => [command, 1, 0, 0];

/**
 * The message type of a generic netlink family, which each boot of the kernel gives anew; undefined where it has no such family.
 *
 * @throws NetlinkError
 */
export async function familyId(connection: Connection, name: string): Promise<number | undefined> {
  const encoder = new Encoder(128);
  encoder.message(p.GENL_ID_CTRL, NLM_F_REQUEST, connection.nextSequence()).raw(...genericHeader(p.CTRL_CMD_GETFAMILY));
  encoder.string(p.CTRL_ATTR.FAMILY_NAME, name).endMessage();
  const { answers, failure } = await connection.ask(`family ${name}`, encoder.bytes);
  if (failure?.errno === ENOENT) return undefined;
  if (failure) throw failure;
  const told = answers.find(({ type }) => type === p.GENL_ID_CTRL);
  return told && hostU16(byType(told.payload, p.GENLMSGHDR).get(p.CTRL_ATTR.FAMILY_ID));
}
