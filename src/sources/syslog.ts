import { type Clock, systemClock } from '../model/clock.js';
import { DropsetError, type ErrorCode, messageOf } from '../model/errors.js';
import type { Prefix } from '../model/prefix.js';
import { Bell } from './bell.js';
import type { Chunk } from './chunk.js';
import type { SourceEvent } from './event.js';
import { endOf, stoppable } from './stoppable.js';
import { nameOf, parseEndpoint, type SyslogEndpoint } from './syslog-endpoint.js';
import { Intake } from './syslog-intake.js';
import { openTcp } from './syslog-tcp.js';
import { type OpenEndpoint, openUdp } from './syslog-udp.js';
import { openUnix } from './syslog-unix.js';

export interface SyslogOptions {
  /** Ends the iteration, without an error. */
  readonly signal: AbortSignal;
  /** Whose messages are taken; everybody's where absent. Has no meaning for a socket in the file system, which has a mode. */
  readonly allow?: readonly Prefix[];
  /** Of a socket in the file system; 0o660 where absent. */
  readonly mode?: number;
  /** Longer lines are cut, in bytes; 65,536 where absent. */
  readonly maxLine?: number;
  /** TCP connections at a time, 256 where absent, and the milliseconds that one may be silent, an hour where absent. */
  readonly maxConnections?: number;
  readonly idle?: number;
  readonly onEvent?: (event: SourceEvent) => void;
  readonly clock?: Clock;
}

/** Chunks of lines, and where their senders find it. */
export interface SyslogListener extends AsyncIterableIterator<Chunk> {
  /** With the port that it has. */
  readonly endpoint: SyslogEndpoint;
}

/** Bytes of a message that come before its line's text. */
const HEADER = 4096;

/**
 * Listens for syslog messages, of RFC 3164 or RFC 5424, over UDP, TCP or a unix datagram socket. A line is `HOST IDENT[PID]: MESSAGE`.
 * Its time is the message's own if that is within a minute of now. Everything is closed when the signal aborts or the
 * consumer returns.
 *
 * @param listen as `parseEndpoint` reads it.
 * @throws DropsetError `source`, `busy` or `permission` if it cannot listen there.
 */
export async function listenSyslog(listen: string, options: SyslogOptions): Promise<SyslogListener> {
  const endpoint = parseEndpoint(listen);
  const bell = new Bell();
  const intake = new Intake({
    name: nameOf(endpoint),
    maxLine: options.maxLine ?? 65_536,
    allow: options.allow,
    clock: options.clock ?? systemClock,
    onEvent: options.onEvent ?? (() => undefined),
    bell,
  });
  const open = await opened(endpoint, intake, options);
  const stop = endOf(options.signal, bell, () => open.close());
  const { port } = open;
  return {
    ...stoppable(chunks(intake, bell, stop), stop),
    endpoint: port === undefined || endpoint.kind === 'unix' ? endpoint : { ...endpoint, port },
  };
}

async function* chunks(intake: Intake, bell: Bell, stop: () => void): AsyncGenerator<Chunk> {
  try {
    while (!bell.stopped) {
      const chunk = intake.take();
      if (chunk) yield chunk;
      else await bell.wait();
    }
  } finally {
    stop();
  }
}

async function opened(endpoint: SyslogEndpoint, intake: Intake, options: SyslogOptions): Promise<OpenEndpoint> {
  try {
    if (endpoint.kind === 'unix') return openUnix(endpoint, intake, options.mode ?? 0o660);
    if (endpoint.kind === 'udp') return await openUdp(endpoint, intake);
    return await openTcp(endpoint, intake, {
      connections: options.maxConnections ?? 256,
      idle: options.idle ?? 3_600_000,
      message: (options.maxLine ?? 65_536) + HEADER,
    });
  } catch (error) {
    if (error instanceof DropsetError) throw error;
    throw new DropsetError(codeOf(error), `${nameOf(endpoint)} cannot be listened on: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function codeOf(error: unknown): ErrorCode {
  const { code, errno } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') return 'busy';
  return code === 'EACCES' || code === 'EPERM' || errno === 13 || errno === 1 ? 'permission' : 'source';
}
