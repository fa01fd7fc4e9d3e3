import { Prefix } from '../model/prefix.js';
import { Connection } from '../netlink/connection.js';
import { Encoder } from '../netlink/encoder.js';
import type { Message } from '../netlink/messages.js';
import { NETLINK_SOCK_DIAG, NLM_F_DUMP, NLM_F_REQUEST } from '../netlink/protocol.js';

/** linux/sock_diag.h, linux/inet_diag.h, man 7 sock_diag. */
const SOCK_DIAG_BY_FAMILY = 20;
const AF_INET = 2;
const AF_INET6 = 10;
const IPPROTO_TCP = 6;
/** netinet/tcp.h; states are asked for as bits. */
const TCP_ESTABLISHED = 1;
/** struct inet_diag_req_v2: family u8, protocol u8, ext u8, pad u8, states u32, struct inet_diag_sockid of 48 bytes. */
const SOCKET_ID = 48;
const INET_DIAG_REQ_BYTECODE = 1;
/** struct inet_diag_msg: family u8, state u8, timer u8, retrans u8, then the id: sport u16, dport u16, src and dst of 16 bytes. */
const MESSAGE = { SIZE: 72, SPORT: 4, DESTINATION: 24 } as const;

/** struct inet_diag_bc_op: code u8, yes u8, no u16. With a port, another such follows, whose `no` it is. */
const OPERATION = 4;
const JUMP = 1;
const SPORT_GE = 2;
const SPORT_LE = 3;

/** Sessions that are looked at. */
const MOST = 10_000;

/** An established TCP connection of this machine. */
export interface Session {
  readonly peer: Prefix;
  /** Of this machine. */
  readonly port: number;
}

/**
 * Established TCP connections to these ports of this machine, in this network namespace; at most 10,000. The kernel goes through all of its
 * connections, and hands these up.
 *
 * @throws NetlinkError
 */
export async function listSessions(ports: readonly number[]): Promise<Session[]> {
  if (ports.length === 0) return [];
  const connection = Connection.open(NETLINK_SOCK_DIAG);
  try {
    const found: Session[] = [];
    for (const family of [AF_INET, AF_INET6]) {
      for await (const message of connection.dump('sessions', request(connection, family, ports))) {
        const session = sessionOf(message);
        if (session) found.push(session);
        if (found.length === MOST) return found;
      }
    }
    return found;
  } finally {
    connection.close();
  }
}

function request(connection: Connection, family: number, ports: readonly number[]): Buffer {
  const encoder = new Encoder(4096);
  encoder.message(SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST | NLM_F_DUMP, connection.nextSequence());
  encoder.raw(family, IPPROTO_TCP, 0, 0, 1 << TCP_ESTABLISHED, 0, 0, 0, ...new Array<number>(SOCKET_ID).fill(0));
  encoder.bytesOf(INET_DIAG_REQ_BYTECODE, bytecode(ports));
  return encoder.endMessage().bytes;
}

/**
 * `sport >= P and sport <= P`, or the next port. Jumps are forward and in bytes; one to the end takes the connection, and one to four bytes
 * behind it does not (inet_diag_bc_run). Every target must be where a chain of `yes` leads (inet_diag_bc_audit). That a port equals
 * one is an operation of its own, which kernels before 5.7 have not.
 */
export function bytecode(ports: readonly number[]): Buffer {
  const size = 5 * OPERATION;
  const code = Buffer.alloc(ports.length * size - OPERATION);
  for (const [index, port] of ports.entries()) {
    const at = index * size;
    const rest = code.length - at;
    compare(code, at, SPORT_GE, port, size);
    compare(code, at + 2 * OPERATION, SPORT_LE, port, size - 2 * OPERATION);
    if (rest > size) operation(code, at + 4 * OPERATION, { code: JUMP, yes: OPERATION, no: rest - 4 * OPERATION });
  }
  return code;
}

function compare(target: Buffer, at: number, code: number, port: number, no: number): void {
  operation(target, at, { code, yes: 2 * OPERATION, no });
  target.writeUInt16LE(port, at + OPERATION + 2);
}

function operation(target: Buffer, at: number, { code, yes, no }: { code: number; yes: number; no: number }): void {
  target.writeUInt8(code, at);
  target.writeUInt8(yes, at + 1);
  target.writeUInt16LE(no, at + 2);
}

/** Undefined for what is no connection: the end of a dump. */
export function sessionOf({ type, payload }: Pick<Message, 'type' | 'payload'>): Session | undefined {
  if (type !== SOCK_DIAG_BY_FAMILY || payload.length < MESSAGE.SIZE) return undefined;
  const bytes = payload.subarray(MESSAGE.DESTINATION, MESSAGE.DESTINATION + 16);
  const peer = payload[0] === AF_INET ? Prefix.fromBytes(bytes.subarray(0, 4)) : unmapped(Prefix.fromBytes(bytes));
  return { peer, port: payload.readUInt16BE(MESSAGE.SPORT) };
}

/** A socket of IPv6 that speaks IPv4 tells ::ffff:192.0.2.1; as a text that is the IPv4 address. */
const unmapped = (prefix: Prefix): Prefix => Prefix.tryParse(prefix.text) ?? prefix;
