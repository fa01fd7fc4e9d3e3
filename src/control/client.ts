import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { DropsetError, type ErrorCode, messageOf } from '../model/errors.js';
import type {
  ApiError,
  BanRequest,
  BanResult,
  Confirmation,
  EventFilter,
  Explanation,
  ListedBan,
  ListFilter,
  MetricFamily,
  NeverReport,
  OffenderQuery,
  OffenderReport,
  ReloadReport,
  Status,
  StreamEvent,
  StreamTerms,
  UnbanResult,
  VerifyProgress,
} from './api.js';
import type { EventRecord } from './event.js';
import { lines } from './lines.js';
import type { Top } from './top.js';

/** Where the service listens unless it is told otherwise. */
export const DEFAULT_SOCKET = '/run/dropset/dropset.sock';

/** Characters; what is longer is from another program. */
const LONGEST_EVENT = 65_536;

export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when the service has begun to tell. */
  readonly begun?: () => void;
}

/** Talks to a running service. Every method @throws DropsetError: `unreachable`, `permission`, or the service's own. */
export class Client {
  readonly #path: string;

  /** @param path the service's socket. Nothing is opened before the first call. */
  constructor(path: string) {
    this.#path = path;
  }

  status(): Promise<Status> {
    return this.#ask('GET', '/v1/status');
  }

  /** In Prometheus' text format. */
  async metrics(): Promise<string> {
    return textOf(await this.#send('GET', '/v1/metrics'));
  }

  metricFamilies(): Promise<readonly MetricFamily[]> {
    return this.#ask('GET', '/v1/metrics?format=json');
  }

  why(address: string): Promise<Explanation> {
    return this.#ask('GET', `/v1/why?${new URLSearchParams({ address })}`);
  }

  top(): Promise<Top> {
    return this.#ask('GET', '/v1/top');
  }

  async ban(wanted: BanRequest): Promise<readonly BanResult[]> {
    const { results } = await this.#ask<{ results: BanResult[] }>('POST', '/v1/bans', wanted);
    return results;
  }

  /** Makes bans and a configuration stay that wait to be confirmed. */
  confirm(): Promise<Confirmation> {
    return this.#ask('POST', '/v1/confirm');
  }

  never(): Promise<NeverReport> {
    return this.#ask('GET', '/v1/never');
  }

  /** Who was banned most, live bans and those that are over together. */
  offenders(query: OffenderQuery = {}): Promise<OffenderReport> {
    return this.#ask('GET', `/v1/offenders?${new URLSearchParams(query as Record<string, string>)}`);
  }

  async unban(addresses: readonly string[]): Promise<readonly UnbanResult[]> {
    const { results } = await this.#ask<{ results: UnbanResult[] }>('POST', '/v1/unbans', { addresses });
    return results;
  }

  /** Answers how many elements were lifted. */
  async unbanAll(): Promise<number> {
    return (await this.#ask<{ lifted: number }>('POST', '/v1/unbans', { all: true })).lifted;
  }

  /** Bans as they come, in the order in which their addresses were first banned; those of one address follow each other. */
  async *bans(filter: ListFilter = {}): AsyncGenerator<ListedBan> {
    const query = new URLSearchParams(filter as Record<string, string>);
    const response = await this.#send('GET', query.size > 0 ? `/v1/bans?${query}` : '/v1/bans');
    for await (const line of linesOf(response)) {
      if (line.startsWith('{')) yield JSON.parse(line.replace(/,$/, ''));
    }
    if (!response.complete) throw new DropsetError('unreachable', 'the service went away in the middle of the list');
  }

  /** Compares the kernel with the ledger; tells how far it is. Ends with `done`. */
  async *verify(): AsyncGenerator<VerifyProgress> {
    const response = await this.#send('POST', '/v1/verify');
    let done = false;
    for await (const line of linesOf(response)) {
      const progress = parse<VerifyProgress>(line);
      done = progress.done;
      yield progress;
    }
    if (!done) throw new DropsetError('unreachable', 'the service went away in the middle of the verification');
  }

  /**
   * Has the service read its configuration anew.
   *
   * @param confirmWithin a duration after which it is undone unless it is confirmed.
   * @throws DropsetError `config` with every fault, one a line.
   */
  reload(confirmWithin?: string): Promise<ReloadReport> {
    const query = confirmWithin === undefined ? '' : `?${new URLSearchParams({ confirmWithin })}`;
    return this.#ask('POST', `/v1/reload${query}`);
  }

  /**
   * What happens, from the moment that `begun` is called until the service stops, `signal` is aborted, or nobody reads any more.
   *
   * @throws DropsetError also if the service goes away without a word.
   */
  async *events(filter: EventFilter = {}, { signal, begun }: FollowOptions = {}): AsyncGenerator<EventRecord> {
    const query = new URLSearchParams(filter as Record<string, string>);
    const response = await this.#send('GET', query.size > 0 ? `/v1/events?${query}` : '/v1/events');
    const leave = (): unknown => response.destroy();
    if (signal?.aborted) return void leave();
    signal?.addEventListener('abort', leave);
    begun?.();
    try {
      // Not by readline, which would go on waiting for a response that is destroyed.
      for await (const group of lines(response, LONGEST_EVENT)) {
        for (const line of group) yield parse<EventRecord>(line);
      }
    } catch (thrown) {
      if (signal?.aborted) return;
      throw thrown instanceof DropsetError ? thrown : wentAway(thrown);
    } finally {
      signal?.removeEventListener('abort', leave);
      leave();
    }
  }

  /** Bans what `addresses` brings, one a line, and tells of refusals and progress meanwhile. Ends with `done`. */
  banStream(addresses: Readable, wanted: StreamTerms): AsyncGenerator<StreamEvent> {
    return this.#stream(addresses, 'text/plain', wanted);
  }

  /** Bans what `bans` brings, one GivenBan as JSON a line; `wanted` goes before what they say. Otherwise as `banStream`. */
  importStream(bans: Readable, wanted: StreamTerms): AsyncGenerator<StreamEvent> {
    return this.#stream(bans, 'application/x-ndjson', wanted);
  }

  async *#stream(input: Readable, type: string, wanted: StreamTerms): AsyncGenerator<StreamEvent> {
    const query = new URLSearchParams(wanted as Record<string, string>);
    let done = false;
    try {
      const response = await this.#send('POST', `/v1/bans?${query}`, input, type);
      for await (const line of linesOf(response)) {
        const event = JSON.parse(line) as StreamEvent;
        done = 'done' in event && event.done;
        yield event;
      }
    } catch (thrown) {
      // What broke the input broke the connection too: it is the one to be told of.
      throw input.errored ? unread(input.errored) : thrown;
    }
    if (!done) throw new DropsetError('unreachable', 'the service went away in the middle of the list');
  }

  async #ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.#send(method, path, body === undefined ? undefined : JSON.stringify(body));
    return parse<T>(await textOf(response));
  }

  async #send(
    method: string,
    path: string,
    body?: string | Readable,
    type = 'application/json',
  ): Promise<IncomingMessage> {
    // A connection for each request: one that was kept may lead to a service that has been restarted since. It is called
    // keep-alive all the same, because a server that means to close does so while a large body is still being sent.
    const headers = { connection: 'keep-alive', ...(body && { 'content-type': type }) };
    const outgoing = request({ agent: false, socketPath: this.#path, method, path, headers });
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
    // Behind the head of an answer a broken connection shows in the answer; here it would be an uncaught error.
    outgoing.on('error', () => {});
    if (typeof body === 'object') sendFrom(body, outgoing);
    else outgoing.end(body);
    const [response] = await answered.catch((thrown: NodeJS.ErrnoException) => {
      throw this.#unreachable(thrown);
    });
    if (response.statusCode === 200) return response;
    const text = await textOf(response);
    // What is still being sent is nobody's any more, and an input that is read on would keep the process.
    if (typeof body === 'object') body.unpipe(outgoing);
    outgoing.destroy();
    throw refusal(text);
  }

  #unreachable(thrown: NodeJS.ErrnoException | DropsetError): DropsetError {
    if (thrown instanceof DropsetError) return thrown;
    if (thrown.code === 'EACCES') {
      return new DropsetError(
        'permission',
        `you may not use ${this.#path}: run this as root, with sudo, or join the group that [service] names`,
      );
    }
    const missing = thrown.code === 'ENOENT' || thrown.code === 'ECONNREFUSED';
    const way = missing ? 'start the service with: dropset run; or name its socket with --socket' : thrown.message;
    return new DropsetError('unreachable', `no service answers at ${this.#path}: ${way}`);
  }
}

function sendFrom(input: Readable, outgoing: ClientRequest): void {
  input.pipe(outgoing);
  input.once('error', (thrown) => {
    outgoing.destroy(unread(thrown));
  });
}

const unread = (thrown: Error): DropsetError =>
  thrown instanceof DropsetError
    ? thrown
    : new DropsetError('request', `reading the addresses: ${messageOf(thrown)}`, { cause: thrown });

async function* linesOf(response: IncomingMessage): AsyncGenerator<string> {
  const lines = createInterface({ input: response });
  try {
    yield* lines;
  } catch (thrown) {
    throw wentAway(thrown);
  } finally {
    // Whoever reads no further does not want to hear how it ends.
    lines.on('error', () => {});
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  try {
    for await (const part of response as AsyncIterable<Buffer>) parts.push(part);
  } catch (thrown) {
    throw wentAway(thrown);
  }
  return Buffer.concat(parts).toString('utf8');
}

const wentAway = (cause: unknown): DropsetError =>
  new DropsetError('unreachable', 'the service went away in the middle of its answer', { cause });

/** Any program may listen on a socket that somebody names. @throws DropsetError `unreachable` */
function parse<T>(text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch {
    throw foreign(text);
  }
}

function refusal(body: string): DropsetError {
  const { error } = parse<{ error?: ApiError }>(body);
  return error?.code ? new DropsetError(error.code as ErrorCode, error.message) : foreign(body);
}

const foreign = (text: string): DropsetError =>
  new DropsetError('unreachable', `this is no answer of dropset: ${JSON.stringify(text.slice(0, 100))}`);
