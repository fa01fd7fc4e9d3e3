import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { DropsetError } from '../model/errors.js';

/** Answers with one JSON value. */
export function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}

/** Answers with metrics: Prometheus' text format. */
export function plain(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
  response.end(text);
}

/**
 * Writes, and waits while the client does not read: a slow client costs a page of memory, not a copy of the ledger.
 *
 * @throws DropsetError `request` if the client has gone.
 */
export async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed) throw new DropsetError('request', 'the client has gone');
  if (response.write(text)) return;
  // Whichever event does not come would leave its listeners behind, two for every page of a long list.
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  over.abort();
}

/** One JSON value a line: ndjson. */
export const lineOf = (value: unknown): string => `${JSON.stringify(value)}\n`;
