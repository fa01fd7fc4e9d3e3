import { chmodSync, chownSync, mkdirSync, rmSync, type Stats, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { DropsetError, messageOf } from '../model/errors.js';
import type { Operations } from './api.js';
import { routeOf, type Service } from './routes.js';

/** Clients at a time. A connection costs some 50 KB. */
const MOST_CONNECTIONS = 1000;
/** Milliseconds. */
export interface Patience {
  /** With a client that sends half a header and waits. */
  readonly header: number;
  /** Between two looks for such clients. */
  readonly look: number;
  /** With a JSON body. A stream of addresses may take for ever, and so may a reader: a person may be paging through a list. */
  readonly body: number;
}

const PATIENCE: Patience = { header: 10_000, look: 30_000, body: 30_000 };

export interface ServerOptions {
  /** A group whose members may use the socket too, by its number. */
  readonly gid?: number | undefined;
  readonly patience?: Partial<Patience>;
}

/** HTTP on a unix socket that only its owner may use, and one group if need be. */
export class ControlServer {
  readonly #server: Server;
  readonly #path: string;

  private constructor(server: Server, path: string) {
    this.#server = server;
    this.#path = path;
  }

  /**
   * Answers as soon as this resolves.
   *
   * @throws DropsetError `busy` if a living process answers at `path` or something else than a socket is there,
   * `permission` if it cannot be made.
   */
  static async listen(path: string, operations: Operations, options: ServerOptions = {}): Promise<ControlServer> {
    await makeWay(path);
    const { header, look, body } = { ...PATIENCE, ...options.patience };
    const timeouts = { headersTimeout: header, requestTimeout: 0, connectionsCheckingInterval: look };
    const server = createServer(timeouts, (request, response) => {
      void answer(request, response, { operations, patience: body });
    });
    server.maxConnections = MOST_CONNECTIONS;
    await listening(server, path, options.gid);
    return new ControlServer(server, path);
  }

  /** Lets a group's members in from here on, by its number, or nobody but the owner. @throws DropsetError `permission` */
  admit(gid: number | undefined): void {
    try {
      permit(this.#path, gid);
    } catch (thrown) {
      throw unopened(this.#path, thrown);
    }
  }

  /** Ends connections and takes the socket away. */
  async close(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
    rmSync(this.#path, { force: true });
  }
}

function lookAt(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (thrown) {
    throw unopened(path, thrown);
  }
}

/** Takes a dead instance's socket away; a living one keeps it. @throws DropsetError `busy`, `permission` */
export async function makeWay(path: string): Promise<void> {
  const found = lookAt(path);
  if (!found) return;
  if (!found.isSocket())
    throw new DropsetError('busy', `${path} is there and is no socket: remove it, or set socket in [service]`);
  if (await answers(path)) {
    throw new DropsetError(
      'busy',
      `another dropset answers at ${path}: stop it first, or set another socket in [service]`,
    );
  }
  rmSync(path, { force: true });
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });

/** Before the umask changes: it would take the right to enter from a directory too. */
function makeDirectory(path: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
  } catch (thrown) {
    throw unopened(path, thrown);
  }
}

const unopened = (path: string, thrown: unknown): DropsetError =>
  new DropsetError('permission', `opening the socket ${path}: ${messageOf(thrown)}`, { cause: thrown });

async function listening(server: Server, path: string, gid: number | undefined): Promise<void> {
  makeDirectory(path);
  // The socket is made with these permissions from the start: there is no moment in which others may connect.
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      // As long a queue as there is room: a connect behind it fails at once (EAGAIN).
      server.listen({ path, backlog: MOST_CONNECTIONS }, () => resolve());
    });
    permit(path, gid);
  } catch (thrown) {
    throw unopened(path, thrown);
  } finally {
    process.umask(mask);
  }
}

/** While it changes hands, only its owner may use it. */
function permit(path: string, gid: number | undefined): void {
  chmodSync(path, 0o600);
  chownSync(path, process.geteuid?.() ?? 0, gid ?? process.getegid?.() ?? 0);
  if (gid !== undefined) chmodSync(path, 0o660);
}

async function answer(request: IncomingMessage, response: ServerResponse, service: Service): Promise<void> {
  try {
    await routeOf(request)(request, response, service);
  } catch (thrown) {
    refuse(response, thrown);
    // What the client still sends is nobody's any more. It is read all the same: on a closed connection the client would
    // meet EPIPE before our answer.
    request.unpipe();
    request.resume();
    const impatience = setTimeout(() => request.destroy(), service.patience).unref();
    request.once('close', () => clearTimeout(impatience));
  }
}

function refuse(response: ServerResponse, thrown: unknown): void {
  const code = thrown instanceof DropsetError ? thrown.code : 'internal';
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const status = code === 'internal' || code === 'ledger' || code === 'kernel' ? 500 : 400;
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify({ error: { code, message: messageOf(thrown) } })}\n`);
}
