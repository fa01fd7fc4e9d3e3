import { getSystemErrorMap } from 'node:util';
import type { SystemError } from '../native.js';
import type { Acknowledgement } from './messages.js';

/** The name and the words of an errno: `ENOENT` and `no such file or directory`. */
export function errnoName(errno: number): { name: string; words: string } {
  const [name, words] = getSystemErrorMap().get(-errno) ?? [`E${errno}`, 'unknown error'];
  return { name, words };
}

/**
 * A system call on a netlink socket failed, or the kernel refused a request.
 *
 * The message reads `netlink OPERATION: words (NAME): the kernel's own sentence`.
 */
export class NetlinkError extends Error {
  readonly operation: string;
  /** Positive, as in errno.h. */
  readonly errno: number;
  /** Sequence number of the message that was refused; absent where a system call failed. */
  readonly sequence?: number;
  /** Offset of the attribute that displeased, from that message's start. */
  readonly offset?: number;

  constructor(operation: string, refused: Pick<Acknowledgement, 'errno' | 'sentence'> & Partial<Acknowledgement>) {
    const { name, words } = errnoName(refused.errno);
    const sentence = refused.sentence ? `: ${refused.sentence}` : '';
    super(`netlink ${operation}: ${words} (${name})${sentence}`);
    this.name = 'NetlinkError';
    this.operation = operation;
    this.errno = refused.errno;
    if (refused.sequence !== undefined) this.sequence = refused.sequence;
    if (refused.offset !== undefined) this.offset = refused.offset;
  }
}

/** Whether the addon threw it. */
export const isSystemError = (thrown: unknown): thrown is SystemError =>
  thrown instanceof Error && 'errno' in thrown && 'syscall' in thrown;

/** What the addon threw, as a NetlinkError; anything else is a defect and passes unchanged. */
export const fromSystem = (thrown: unknown): unknown =>
  isSystemError(thrown) ? new NetlinkError(thrown.syscall, { errno: thrown.errno }) : thrown;
