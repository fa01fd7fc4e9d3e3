import { open } from 'node:fs/promises';
import { Agent, request } from 'undici';
import type { WebhookTarget } from '../config/types.js';
import { messageOf } from '../model/errors.js';
import { printable } from '../model/printable.js';
import { type Delivery, Failed } from './delivery.js';
import { retryAfter } from './retry.js';

/** Bytes of an answer that are read, and characters of it that are told; bytes of a header that is in a file. */
const READ = 1024;
const TOLD = 200;
const LONGEST_HEADER = 4096;

/** Milliseconds that a connection is kept without a call. */
const KEPT = 4_000;

/** Answers that say "later"; 5xx do too. */
const PASSING = [408, 425, 429];

export interface WebhookOptions {
  readonly target: WebhookTarget;
  /** Milliseconds for the whole of a call. */
  readonly timeout: number;
  readonly version: string;
  readonly now: () => number;
}

/** A URL to which each call is posted, as JSON. No redirect is followed: the body and its headers are for nobody else. */
export class Webhook implements Delivery {
  readonly #options: WebhookOptions;
  readonly #agent: Agent;
  readonly target: string;

  constructor(options: WebhookOptions) {
    const { timeout, target } = options;
    this.#options = options;
    this.target = new URL(target.url).origin;
    this.#agent = new Agent({
      ...{ connections: 1, pipelining: 1, keepAliveTimeout: KEPT, keepAliveMaxTimeout: KEPT },
      ...{ connect: { timeout }, headersTimeout: timeout, bodyTimeout: timeout },
    });
  }

  /** What is wrong shows in a call alone. */
  fault(): undefined {
    return undefined;
  }

  async call(body: string, id: string, signal: AbortSignal): Promise<void> {
    const headers = await this.#headers(id);
    const over = new AbortController();
    const stop = (): void => over.abort();
    const timer = setTimeout(stop, this.#options.timeout);
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    try {
      await this.#post(body, headers, over.signal);
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
    }
  }

  close(): void {
    this.#agent.destroy().catch(() => undefined);
  }

  async #post(body: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    const { target, timeout, now } = this.#options;
    const dispatcher = this.#agent;
    const response = await request(target.url, { method: 'POST', headers, body, signal, dispatcher }).catch(
      (thrown) => {
        const why = signal.aborted ? `no answer within ${timeout} ms` : messageOf(thrown);
        throw new Failed(`${this.target}: ${printable(why)}`, { isPassing: true });
      },
    );
    const { statusCode } = response;
    const words = await begin(response.body).catch(() => '');
    if (statusCode >= 200 && statusCode < 300) return;
    const said = words === '' ? '' : `: ${printable(words)}`;
    const { location } = response.headers;
    const where = location === undefined ? '' : ', a redirect, which is not followed: name the place itself as url';
    throw new Failed(`${this.target} answered ${statusCode}${where}${said}`, {
      isPassing: statusCode >= 500 || PASSING.includes(statusCode),
      after: retryAfter(String(response.headers['retry-after'] ?? '') || undefined, now()),
    });
  }

  async #headers(id: string): Promise<Record<string, string>> {
    const { target, version } = this.#options;
    const files = Object.entries(target.headerFiles);
    const secret = await Promise.all(files.map(async ([name, path]) => [name, await headerIn(path)] as const));
    return {
      ...{ 'user-agent': `dropset/${version}`, 'idempotency-key': id },
      ...target.headers,
      ...Object.fromEntries(secret),
      'content-type': 'application/json',
    };
  }
}

/** The begin of an answer; the rest is left unread, and the connection with it. */
async function begin(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    parts.push(part.subarray(0, READ - length));
    length += part.length;
    if (length >= READ) break;
  }
  return Buffer.concat(parts).toString('utf8').trim().slice(0, TOLD);
}

/** Read for each call: a token may be renewed. @throws Failed that names the file, and nothing that is in it. */
async function headerIn(path: string): Promise<string> {
  const text = await firstBytes(path).catch((thrown) => {
    throw new Failed(`${path} cannot be read: ${messageOf(thrown)}`, { isPassing: true });
  });
  const value = text.replace(/\r?\n$/, '');
  if (/^[\t\x20-\x7e]{1,4096}$/.test(value)) return value;
  throw new Failed(`${path} is no header: expected one line of at most ${LONGEST_HEADER} characters of ASCII`, {
    isPassing: true,
  });
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(LONGEST_HEADER + 3), 0, LONGEST_HEADER + 3, 0);
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await file.close();
  }
}
