import { type Channel, native, type Replies } from '../native.js';
import { fromSystem, isSystemError, NetlinkError } from './failure.js';
import { type Acknowledgement, acknowledgement, type Message, messages } from './messages.js';
import { NLMSG_DONE } from './protocol.js';

/** ENOBUFS, EBADF: errno.h. */
const ENOBUFS = 105;
const EBADF = 9;

/** Bytes of a dump that are held at a time. */
const SLICE = 256 * 1024;

/** Asked for by default: enough for 10,000 elements in a transaction, and for the errors of a batch that fails throughout. */
const BUFFER = 4 * 1024 * 1024;

export interface ConnectionOptions {
  /** Bytes to ask for. What an unprivileged process may have is less: read `sendBuffer` for what came of it. */
  readonly sendBuffer?: number;
  readonly receiveBuffer?: number;
}

/** What came back, and the first refusal or the loss of an answer. */
export interface Answers {
  readonly answers: readonly Message[];
  readonly failure?: NetlinkError;
}

/**
 * One netlink socket. Requests on one connection must not overlap: who needs two at a time opens two connections.
 *
 * @throws NetlinkError from every method, for failed system calls and for the kernel's refusals.
 */
export class Connection {
  readonly #channel: Channel;
  #sequence = 0;

  private constructor(channel: Channel) {
    this.#channel = channel;
  }

  /** @param protocol NETLINK_NETFILTER, NETLINK_ROUTE... */
  static open(protocol: number, options: ConnectionOptions = {}): Connection {
    const { sendBuffer = BUFFER, receiveBuffer = BUFFER } = options;
    return new Connection(called(() => native.open(protocol, sendBuffer, receiveBuffer)));
  }

  /** One that listens, as `listen` says, and is for nothing else. */
  static listening(
    protocol: number,
    groups: readonly number[],
    callback: (messages: readonly Message[] | null) => void,
    { ignored, ...options }: ConnectionOptions & { readonly ignored?: Connection } = {},
  ): Connection {
    const connection = Connection.open(protocol, { sendBuffer: 4096, ...options });
    try {
      connection.listen(groups, callback, ignored);
      return connection;
    } catch (thrown) {
      connection.close();
      throw thrown;
    }
  }

  /**
   * Takes over a socket that an earlier process opened, with what it owns. What waited in it for that process is thrown away.
   *
   * @throws NetlinkError ENOTSOCK, EXDEV for what cannot be taken over; it is closed then.
   */
  static async adopt(protocol: number, descriptor: number, options: ConnectionOptions = {}): Promise<Connection> {
    const { sendBuffer = BUFFER, receiveBuffer = BUFFER } = options;
    const connection = new Connection(called(() => native.adopt(descriptor, protocol, sendBuffer, receiveBuffer)));
    while ((await connection.#exchange(null, SLICE)).more);
    return connection;
  }

  /** Its number: for whoever stores a copy, so that what the socket owns outlives this process. */
  get descriptor(): number {
    return this.#channel.descriptor;
  }

  /** The socket's address; a table that it owns names it. */
  get portid(): number {
    return this.#channel.portid;
  }

  /** The largest request, in bytes: netlink_sendmsg() refuses more than the send buffer less 32. */
  get largestRequest(): number {
    return this.#channel.sendBuffer - 32;
  }

  /** A sequence number for a message that is about to be written. */
  nextSequence(): number {
    this.#sequence = (this.#sequence + 1) >>> 0;
    return this.#sequence;
  }

  /**
   * Sends `request`, which may hold many messages, and answers what the kernel acknowledged once it has handled all of it.
   * The bytes must not change until then.
   *
   * @throws NetlinkError for the first refusal, or ENOBUFS if the kernel could not say all it had to say.
   */
  async request(operation: string, request: Buffer): Promise<readonly Message[]> {
    const { answers, failure } = await this.ask(operation, request);
    if (failure) throw failure;
    return answers;
  }

  /**
   * As `request`, for a request that asks for an acknowledgement (NLM_F_ACK): it must have come. Silence is no consent.
   *
   * @throws NetlinkError, ENOBUFS if the kernel said neither yes nor no.
   */
  async acknowledged(operation: string, request: Buffer): Promise<void> {
    const answers = await this.request(operation, request);
    if (answers.some((answer) => acknowledgement(answer)?.errno === 0)) return;
    throw new NetlinkError(operation, { errno: ENOBUFS, sentence: 'no acknowledgement came' });
  }

  /** As `request`, for who wants the answers that came before a refusal too. */
  async ask(operation: string, request: Buffer): Promise<Answers> {
    const { replies, overrun } = await this.#exchange(request, 0xffff_ffff);
    const answers = [...messages(replies)];
    const refused = answers.map(acknowledgement).find((answer) => answer && answer.errno !== 0);
    if (refused) return { answers, failure: new NetlinkError(operation, refused) };
    return overrun ? { answers, failure: new NetlinkError(operation, { errno: ENOBUFS }) } : { answers };
  }

  /** Sends a request with NLM_F_DUMP and hands its answers on as they come; at most 256 KiB are held at a time. */
  async *dump(operation: string, request: Buffer): AsyncGenerator<Message> {
    let next: Buffer | null = request;
    for (;;) {
      const { replies, more, overrun } = await this.#exchange(next, SLICE);
      next = null;
      for (const message of messages(replies)) {
        refuseIfFailed(operation, acknowledgement(message) ?? endOf(message));
        if (message.type === NLMSG_DONE) return;
        yield message;
      }
      if (overrun) throw new NetlinkError(operation, { errno: ENOBUFS });
      if (!more) return;
    }
  }

  /**
   * Joins multicast groups and passes on what comes; null where the kernel had to drop some. Until `close`.
   *
   * @param ignored whose own changes are not heard.
   */
  listen(
    groups: readonly number[],
    callback: (messages: readonly Message[] | null) => void,
    ignored?: Connection,
  ): void {
    called(() => {
      if (ignored) native.ignore(this.#channel, ignored.portid);
      for (const group of groups) native.join(this.#channel, group);
      native.listen(this.#channel, (datagram) => callback(datagram && [...messages(datagram)]));
    });
  }

  /** A second time does nothing. */
  close(): void {
    try {
      native.close(this.#channel);
    } catch (thrown) {
      if (!isSystemError(thrown) || thrown.errno !== EBADF) throw thrown;
    }
  }

  async #exchange(request: Buffer | null, limit: number): Promise<Replies> {
    try {
      return await native.exchange(this.#channel, request, limit);
    } catch (thrown) {
      throw fromSystem(thrown);
    }
  }
}

function called<T>(call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    throw fromSystem(thrown);
  }
}

function refuseIfFailed(operation: string, answer: Acknowledgement | undefined): void {
  if (answer && answer.errno !== 0) throw new NetlinkError(operation, answer);
}

/** NLMSG_DONE carries the errno of a dump that ended early. */
function endOf(message: Message): Acknowledgement | undefined {
  if (message.type !== NLMSG_DONE || message.payload.length < 4) return undefined;
  return { errno: -message.payload.readInt32LE(0), sequence: message.sequence };
}
