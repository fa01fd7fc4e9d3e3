import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { messageOf } from '../model/errors.js';

/** Where figures are read: an address of loopback, which the configuration has checked. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface ListenerOptions {
  readonly text: () => Promise<string>;
  /** Told what an operator should know. */
  readonly problem: (sentence: string) => void;
  /** Milliseconds before a port that could not be had is tried again. */
  readonly again?: number;
}

export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Whoever is on this machine may connect: few at a time, for a short time, with little to say. Milliseconds, and bytes. */
const MOST_CONNECTIONS = 16;
const PATIENCE = 5_000;
const LONGEST_HEAD = 8_192;
const AGAIN = 30_000;

/**
 * `GET /metrics` on a port. That it cannot be had is no reason not to ban: it is said once, and tried again.
 */
export class Listener {
  readonly #endpoint: Endpoint;
  readonly #options: ListenerOptions;
  #server: Server | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isSaid = false;

  constructor(endpoint: Endpoint, options: ListenerOptions) {
    this.#endpoint = endpoint;
    this.#options = options;
  }

  /** The port in use; undefined while there is none. */
  get port(): number | undefined {
    const address = this.#server?.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  }

  /** Resolves when it listens, or cannot. Never rejects. */
  async open(): Promise<void> {
    const server = createServer(
      {
        headersTimeout: PATIENCE,
        requestTimeout: PATIENCE,
        keepAliveTimeout: PATIENCE,
        connectionsCheckingInterval: PATIENCE,
        maxHeaderSize: LONGEST_HEAD,
      },
      (request, response) => void answer(request, response, this.#options.text),
    );
    server.maxConnections = MOST_CONNECTIONS;
    // Also a reader that does not read.
    server.setTimeout(PATIENCE, (socket) => socket.destroy());
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ ...this.#endpoint, exclusive: true }, resolve);
      });
      server.on('error', (thrown) => this.#options.problem(`metrics: ${messageOf(thrown)}`));
      this.#server = server;
    } catch (thrown) {
      this.#failed(thrown);
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  #failed(thrown: unknown): void {
    const { host, port } = this.#endpoint;
    if (!this.#isSaid) {
      this.#options.problem(
        `metrics cannot be read on ${host} port ${port}: ${messageOf(thrown)}; it is tried again every ${AGAIN / 1000} s, or set another port in [metrics]`,
      );
    }
    this.#isSaid = true;
    this.#timer = setTimeout(() => void this.open(), this.#options.again ?? AGAIN).unref();
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, text: () => Promise<string>): Promise<void> {
  const refuse = (status: number, why: string, headers: Readonly<Record<string, string>> = {}): void => {
    // What a refused client still sends is not waited for.
    response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', connection: 'close', ...headers });
    response.end(`${why}\n`);
  };
  const { method, headers } = request;
  if (method !== 'GET' && method !== 'HEAD') return refuse(405, 'only GET and HEAD', { allow: 'GET, HEAD' });
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0) {
    return refuse(413, 'a request for metrics has no body');
  }
  if ((request.url ?? '').split('?', 1)[0] !== '/metrics') return refuse(404, 'there is only /metrics');
  try {
    const body = await text();
    response.writeHead(200, { 'content-type': CONTENT_TYPE, 'content-length': Buffer.byteLength(body) });
    response.end(method === 'HEAD' ? undefined : body);
  } catch (thrown) {
    refuse(500, messageOf(thrown));
  }
}
