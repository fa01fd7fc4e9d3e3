import { Connection } from '../netlink/connection.js';
import { Encoder } from '../netlink/encoder.js';
import { NETLINK_NETFILTER, NLM_F_ACK, NLM_F_REQUEST } from '../netlink/protocol.js';
import { decodePacket, type Packet } from './packet.js';
import * as p from './protocol.js';

/** Octets of each packet: headers, and no more of what a stranger wrote. */
const COPIED = 128;

/** A socket that nftables' `log group N` hands packets to (NFLOG, man 8 iptables-extensions; linux/netfilter/nfnetlink_log.h). */
export class LogGroup {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Binds a group, and hands its packets on one by one as they come, until `close`. What the kernel had no room for is not told.
   *
   * @param group 0 to 65535
   * @throws NetlinkError EPERM where another socket has it, and without CAP_NET_ADMIN (nfulnl_recv_config).
   */
  static async bind(group: number, hear: (packet: Packet) => void): Promise<LogGroup> {
    const connection = Connection.open(NETLINK_NETFILTER, { sendBuffer: 4096, receiveBuffer: 256 * 1024 });
    try {
      for (const write of [bound, copied, prompt]) {
        await connection.acknowledged('nfnetlink_log', request(connection.nextSequence(), group, write));
      }
      connection.listen([], (messages) => {
        for (const { type, payload } of messages ?? []) {
          const packet = type === p.PACKET ? decodePacket(payload) : undefined;
          if (packet) hear(packet);
        }
      });
      return new LogGroup(connection);
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
  }

  /** A second time does nothing. */
  close(): void {
    this.#connection.close();
  }
}

const bound = (encoder: Encoder): unknown => encoder.u8(p.CFG.CMD, p.CMD_BIND);

/** struct nfulnl_msg_config_mode: octets in network order, what is copied, padding. */
const copied = (encoder: Encoder): unknown =>
  encoder.bytesOf(p.CFG.MODE, Uint8Array.of(0, 0, COPIED >> 8, COPIED & 255, p.COPY_PACKET, 0));

/** Each packet at once, and not a hundred together. */
const prompt = (encoder: Encoder): unknown => encoder.u32(p.CFG.QTHRESH, 1);

function request(sequence: number, group: number, write: (encoder: Encoder) => unknown): Buffer {
  const encoder = new Encoder(64);
  encoder.message(p.CONFIG, NLM_F_REQUEST | NLM_F_ACK, sequence).raw(0, 0, group >> 8, group & 255);
  write(encoder);
  return encoder.endMessage().bytes;
}
