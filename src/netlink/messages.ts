import { text, walk } from './attributes.js';
import {
  align,
  HEADER,
  NLM_F_ACK_TLVS,
  NLM_F_CAPPED,
  NLMSG_ERROR,
  NLMSGERR_ATTR_MSG,
  NLMSGERR_ATTR_OFFS,
} from './protocol.js';

/** One message as it came: a view into the replies. */
export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** What follows the header: the protocol's own header first. */
  readonly payload: Buffer;
}

/** Splits replies into messages. */
export function* messages(bytes: Buffer): Generator<Message> {
  let offset = 0;
  while (offset + HEADER <= bytes.length) {
    const length = bytes.readUInt32LE(offset);
    if (length < HEADER || offset + length > bytes.length) return;
    yield {
      type: bytes.readUInt16LE(offset + 4),
      flags: bytes.readUInt16LE(offset + 6),
      sequence: bytes.readUInt32LE(offset + 8),
      payload: bytes.subarray(offset + HEADER, offset + length),
    };
    offset += align(length);
  }
}

/** What the kernel says of one message of the request. */
export interface Acknowledgement {
  /** Positive, as in errno.h; 0 is success. */
  readonly errno: number;
  /** Of the message that is meant. */
  readonly sequence: number;
  /** The kernel's own sentence, where it has one (extended ACK). */
  readonly sentence?: string;
  /** Bytes from the start of the message that is meant to the attribute that displeased. */
  readonly offset?: number;
}

/** struct nlmsgerr: error i32, then the original message, whole or only its header; then attributes. */
const ERROR = 4;

/** Reads NLMSG_ERROR, and the end of a dump that failed, which has the same shape; undefined for other messages. */
export function acknowledgement(message: Message): Acknowledgement | undefined {
  if (message.type !== NLMSG_ERROR || message.payload.length < ERROR + HEADER) return undefined;
  const { payload } = message;
  const errno = -payload.readInt32LE(0);
  const { sequence } = message;
  if ((message.flags & NLM_F_ACK_TLVS) === 0) return { errno, sequence };
  const original = message.flags & NLM_F_CAPPED ? HEADER : align(payload.readUInt32LE(ERROR));
  return { errno, sequence, ...extended(payload, ERROR + original) };
}

function extended(payload: Buffer, start: number): { sentence?: string; offset?: number } {
  const found: { sentence?: string; offset?: number } = {};
  for (const attribute of walk(payload, start)) {
    if (attribute.type === NLMSGERR_ATTR_MSG) found.sentence = text(attribute.payload);
    if (attribute.type === NLMSGERR_ATTR_OFFS) found.offset = attribute.payload.readUInt32LE(0);
  }
  return found;
}
