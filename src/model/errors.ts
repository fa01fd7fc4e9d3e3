/**
 * The one family of errors that dropset throws on purpose.
 *
 * `code` is stable and meant for programs; `message` is a sentence for people that names the operation, the
 * cause and the place. Anything else that is thrown is a defect of dropset.
 */
export type ErrorCode =
  /** Text that is no IP address or prefix. */
  | 'address'
  /** Text that is no duration. */
  | 'duration'
  /** Text that names no ports, or more of them than a ban can have. */
  | 'scope'
  /** The configuration has faults; the message lists all of them. */
  | 'config'
  /** A filter cannot be read or compiled. */
  | 'filter'
  /** A ban was refused because a never-rule covers it or it is too wide. */
  | 'never'
  /** A ban was refused because it would cut the machine or its administrator off; it may be forced. */
  | 'lockout'
  /** The kernel refused; `cause` holds the errno. */
  | 'kernel'
  /** A capability or a file permission is missing. */
  | 'permission'
  /** The kernel lacks a feature that is needed. */
  | 'unsupported'
  /** The ledger cannot be read or written. */
  | 'ledger'
  /** A request over the socket that makes no sense. */
  | 'request'
  /** No service answers on the socket. */
  | 'unreachable'
  /** There is no network interface of that name. */
  | 'interface'
  /** A log cannot be named, watched or read. */
  | 'source'
  /** Somebody else holds what is needed: a second instance, another owner of the table. */
  | 'busy';

export class DropsetError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'DropsetError';
    this.code = code;
  }
}

/** The sentence of anything that was thrown. */
export const messageOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
