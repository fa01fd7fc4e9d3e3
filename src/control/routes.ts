import type { IncomingMessage, ServerResponse } from 'node:http';
import { DropsetError } from '../model/errors.js';
import { json, lineOf, plain, write } from './answer.js';
import type { BanRequest, Operations } from './api.js';
import { banRequest, readJson, unbanRequest } from './body.js';
import { addressOf, eventsOf, filterOf, offendersOf, wantsJson, withinOf } from './query.js';
import { stream } from './stream.js';

/** What answers. */
export interface Service {
  readonly operations: Operations;
  /** Milliseconds within which a JSON body has to be there. */
  readonly patience: number;
}

type Route = (request: IncomingMessage, response: ServerResponse, service: Service) => Promise<void>;

/** Every request that is answered. */
export const ROUTES: Readonly<Record<string, Route>> = {
  'GET /v1/status': async (_request, response, { operations }) => {
    json(response, await operations.status());
  },
  'GET /v1/metrics': async (request, response, { operations: { metrics } }) => {
    if (wantsJson(request)) json(response, await metrics.json());
    else plain(response, await metrics.text());
  },
  'GET /v1/why': async (request, response, { operations }) => {
    json(response, await operations.why(addressOf(request)));
  },
  'GET /v1/never': async (_request, response, { operations }) => {
    json(response, await operations.never());
  },
  'GET /v1/offenders': async (request, response, { operations }) => {
    json(response, await operations.offenders(offendersOf(request)));
  },
  'GET /v1/bans': list,
  'POST /v1/bans': async (request, response, { operations, patience }) => {
    const type = request.headers['content-type'] ?? '';
    if (type.startsWith('text/plain')) return stream(request, response, operations, 'plain');
    if (type.startsWith('application/x-ndjson')) return stream(request, response, operations, 'json');
    const wanted = await readJson(request, banRequest, patience);
    json(response, { results: await operations.ban(wanted as BanRequest) });
  },
  'POST /v1/confirm': async (_request, response, { operations }) => {
    json(response, await operations.confirm());
  },
  'POST /v1/unbans': async (request, response, { operations, patience }) => {
    const wanted = await readJson(request, unbanRequest, patience);
    if ('all' in wanted) json(response, { lifted: await operations.unbanAll() });
    else json(response, { results: await operations.unban(wanted.addresses) });
  },
  'POST /v1/verify': verify,
  'POST /v1/reload': async (request, response, { operations }) => {
    json(response, await operations.reload(withinOf(request)));
  },
  'GET /v1/events': events,
  'GET /v1/top': async (_request, response, { operations }) => {
    json(response, await operations.top());
  },
};

/** @throws DropsetError `request` for what is not there. */
export function routeOf(request: IncomingMessage): Route {
  const path = (request.url ?? '').split('?', 1)[0];
  const route = ROUTES[`${request.method} ${path}`];
  if (route) return route;
  const known = Object.keys(ROUTES).join(', ');
  throw new DropsetError('request', `there is no ${request.method} ${path?.slice(0, 100)}; there are ${known}`);
}

/** One array, one element a line: valid JSON for a program, and lines for who reads as it comes. */
async function list(request: IncomingMessage, response: ServerResponse, { operations }: Service): Promise<void> {
  // Goes out with the first page: a list that cannot begin is answered with its error.
  response.setHeader('content-type', 'application/json');
  let before = '[';
  for await (const page of operations.list(filterOf(request))) {
    await write(response, before + page.map((ban) => `\n${JSON.stringify(ban)}`).join(','));
    before = ',';
  }
  response.end(before === '[' ? '[]\n' : '\n]\n');
}

/** The answer begins with the first page: what cannot begin is answered with its error. */
async function verify(_request: IncomingMessage, response: ServerResponse, { operations }: Service): Promise<void> {
  response.setHeader('content-type', 'application/x-ndjson');
  for await (const progress of operations.verify()) await write(response, lineOf(progress));
  response.end();
}

/** The head goes out at once: who has it misses nothing from then on. */
async function events(request: IncomingMessage, response: ServerResponse, { operations }: Service): Promise<void> {
  const over = new AbortController();
  response.once('close', () => over.abort());
  const parts = operations.events(eventsOf(request), over.signal);
  response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
  try {
    for await (const part of parts) await write(response, part);
  } finally {
    response.end();
  }
}
