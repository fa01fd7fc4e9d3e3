import { Encoder } from '../../netlink/encoder.js';
import { HEADER, NLM_F_ACK, NLM_F_REQUEST } from '../../netlink/protocol.js';
import {
  messageType,
  NFGENMSG,
  NFNL_MSG_BATCH_BEGIN,
  NFNL_MSG_BATCH_END,
  NFNL_SUBSYS_NFTABLES,
  NFPROTO_INET,
} from './protocol.js';

/** Bytes before a message's first attribute. */
export const PREAMBLE = HEADER + NFGENMSG;

/**
 * BATCH_BEGIN, messages, BATCH_END: the kernel carries all of it out, or nothing.
 *
 * One acknowledgement is asked for, on the last message: every kernel gives it, while that of BATCH_END came with 6.10,
 * and one for each message overflows the receive buffer when a large batch fails (ENOBUFS).
 */
export class Transaction {
  readonly #encoder: Encoder;
  readonly #nextSequence: () => number;
  #starts = new Map<number, number>();
  #last = 0;

  constructor(encoder: Encoder, nextSequence: () => number) {
    this.#encoder = encoder.reset();
    this.#nextSequence = nextSequence;
    this.#edge(NFNL_MSG_BATCH_BEGIN);
  }

  /** Adds a message of table family inet; `write` adds its attributes. */
  add(message: number, flags: number, write: (encoder: Encoder) => void): this {
    const sequence = this.#nextSequence();
    this.#last = this.#encoder.length;
    this.#starts.set(sequence, this.#last);
    this.#encoder.message(messageType(message), NLM_F_REQUEST | flags, sequence).raw(NFPROTO_INET, 0, 0, 0);
    write(this.#encoder);
    this.#encoder.endMessage();
    return this;
  }

  /** Whether nothing was added yet. */
  get isEmpty(): boolean {
    return this.#starts.size === 0;
  }

  /** The bytes to send: a view into the encoder, valid until its next use. */
  finish(): Buffer {
    const flags = this.#last + 6;
    this.#edge(NFNL_MSG_BATCH_END);
    const { bytes } = this.#encoder;
    bytes.writeUInt16LE(bytes.readUInt16LE(flags) | NLM_F_ACK, flags);
    return bytes;
  }

  /** The message with that sequence number, as it was sent; undefined if there is none. */
  message(sequence: number): Buffer | undefined {
    const start = this.#starts.get(sequence);
    if (start === undefined) return undefined;
    const { bytes } = this.#encoder;
    return bytes.subarray(start, start + bytes.readUInt32LE(start));
  }

  #edge(type: number): void {
    this.#encoder.message(type, NLM_F_REQUEST, this.#nextSequence()).raw(0, 0, 0, NFNL_SUBSYS_NFTABLES).endMessage();
  }
}

/** One message that asks, outside of a transaction. */
export function question(message: number, flags: number, sequence: number, write: (encoder: Encoder) => void): Buffer {
  const encoder = new Encoder(1024);
  encoder.message(messageType(message), NLM_F_REQUEST | flags, sequence).raw(NFPROTO_INET, 0, 0, 0);
  write(encoder);
  return encoder.endMessage().bytes;
}
