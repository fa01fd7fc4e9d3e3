import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseDuration } from '../model/duration.js';
import { DropsetError } from '../model/errors.js';
import { type BanRequest, LONGEST_REASON, type Operations, type StreamEvent } from './api.js';
import { banRequest, lines, readJson, unbanRequest } from './body.js';

type Route = (request: IncomingMessage, response: ServerResponse, operations: Operations) => Promise<void>;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET /v1/status': async (_request, response, operations) => {
    json(response, await operations.status());
  },
  'GET /v1/bans': list,
  'POST /v1/bans': async (request, response, operations) => {
    if (request.headers['content-type']?.startsWith('text/plain')) return stream(request, response, operations);
    const wanted = await readJson(request, banRequest);
    json(response, { results: await operations.ban(wanted as BanRequest) });
  },
  'POST /v1/unbans': async (request, response, operations) => {
    const wanted = await readJson(request, unbanRequest);
    if ('all' in wanted) json(response, { lifted: await operations.unbanAll() });
    else json(response, { results: await operations.unban(wanted.addresses) });
  },
  'POST /v1/verify': verify,
};

/** @throws DropsetError `request` for what is not there. */
export function routeOf(request: IncomingMessage): Route {
  const path = (request.url ?? '').split('?', 1)[0];
  const route = ROUTES[`${request.method} ${path}`];
  if (route) return route;
  const known = Object.keys(ROUTES).join(', ');
  throw new DropsetError('request', `there is no ${request.method} ${path?.slice(0, 100)}; there are ${known}`);
}

function json(response: ServerResponse, value: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`${JSON.stringify(value)}\n`);
}

/** Writes, and waits while the client does not read: a slow client costs a page of memory, not a copy of the ledger. */
async function write(response: ServerResponse, text: string): Promise<void> {
  if (response.destroyed) throw new DropsetError('request', 'the client has gone');
  if (response.write(text)) return;
  // Whichever event does not come would leave its listeners behind, two for every page of a long list.
  const over = new AbortController();
  const { signal } = over;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]);
  over.abort();
}

/** One array, one element a line: valid JSON for a program, and lines for who reads as it comes. */
async function list(_request: IncomingMessage, response: ServerResponse, operations: Operations): Promise<void> {
  // Goes out with the first page: a list that cannot begin is answered with its error.
  response.setHeader('content-type', 'application/json');
  let before = '[';
  for await (const page of operations.list()) {
    await write(response, before + page.map((ban) => `\n${JSON.stringify(ban)}`).join(','));
    before = ',';
  }
  response.end(before === '[' ? '[]\n' : '\n]\n');
}

/** The answer begins with the first page: what cannot begin is answered with its error. */
async function verify(_request: IncomingMessage, response: ServerResponse, operations: Operations): Promise<void> {
  response.setHeader('content-type', 'application/x-ndjson');
  for await (const progress of operations.verify()) await write(response, `${JSON.stringify(progress)}\n`);
  response.end();
}

/** Bans addresses as they come, and reads on only when the kernel holds them. */
async function stream(request: IncomingMessage, response: ServerResponse, operations: Operations): Promise<void> {
  const wanted = optionsOf(new URL(request.url ?? '', 'http://localhost').searchParams);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const sum = { banned: 0, refusals: 0 };
  let before = 0;
  for await (const group of lines(request)) {
    const given = addressesOf(group, before);
    const events = given.length === 0 ? [] : await banGroup(given, wanted, operations);
    before += group.length;
    sum.refusals += events.length;
    sum.banned += given.length - events.length;
    await write(response, [...events, { ...sum, done: false }].map((event) => `${JSON.stringify(event)}\n`).join(''));
  }
  response.end(`${JSON.stringify({ ...sum, done: true } satisfies StreamEvent)}\n`);
}

/** An address of a stream, and the number of its line, from 1. */
interface Given {
  readonly line: number;
  readonly address: string;
}

/** Empty lines and comments are no addresses, but they are counted. */
function addressesOf(group: readonly string[], before: number): Given[] {
  return group
    .map((text, index) => ({ line: before + index + 1, address: text.trim() }))
    .filter(({ address }) => address !== '' && !address.startsWith('#'));
}

async function banGroup(
  given: readonly Given[],
  wanted: Omit<BanRequest, 'addresses'>,
  operations: Operations,
): Promise<StreamEvent[]> {
  const results = await operations.ban({ ...wanted, addresses: given.map(({ address }) => address) });
  // By place: an answer names the canonical address, which may stand otherwise in its line, or in several lines.
  return results.flatMap(({ address, error }, index) =>
    error ? [{ refused: { line: (given[index] as Given).line, address, error } }] : [],
  );
}

/** All that can be wrong with a stream as a whole: once its answer has begun there is no room for an error. */
function optionsOf(parameters: URLSearchParams): Omit<BanRequest, 'addresses'> {
  const duration = parameters.get('for');
  const reason = parameters.get('reason');
  if (reason !== null && reason.length > LONGEST_REASON) {
    throw new DropsetError('request', `a reason has at most ${LONGEST_REASON} characters`);
  }
  if (duration !== null) parseDuration(duration);
  return { ...(duration !== null && { for: duration }), ...(reason !== null && { reason }) };
}
