import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { type ZodType, z } from 'zod';
import { DropsetError, messageOf } from '../model/errors.js';
import { LONGEST_SCOPE } from '../model/scope.js';
import { type ApiError, type GivenBan, LONGEST_REASON, MOST_ADDRESSES } from './api.js';

/** Bytes of a JSON body. 10,000 addresses of 49 characters fit. */
const LONGEST_BODY = 1024 * 1024;

const addresses = z.array(z.string().max(64)).min(1).max(MOST_ADDRESSES);

export const banRequest = z.strictObject({
  addresses,
  for: z.string().max(64).optional(),
  reason: z.string().max(LONGEST_REASON).optional(),
  scope: z.string().max(LONGEST_SCOPE).optional(),
  force: z.boolean().optional(),
  client: z.string().max(64).optional(),
  confirmWithin: z.string().max(64).optional(),
});

export const unbanRequest = z.union([z.strictObject({ addresses }), z.strictObject({ all: z.literal(true) })]);

/**
 * Reads a JSON body of one shape.
 *
 * @param patience milliseconds within which it has to be there. @throws DropsetError `request`
 */
export async function readJson<T>(request: IncomingMessage, shape: ZodType<T>, patience: number): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), patience);
  const slow = once(late.signal, 'abort').then(() => {
    throw new DropsetError('request', `the request's body was not there within ${patience / 1000} s: send it whole`);
  });
  const text = await Promise.race([readAll(request), slow]).finally(() => clearTimeout(timer));
  const parsed = shape.safeParse(parse(text));
  if (parsed.success) return parsed.data;
  throw new DropsetError('request', `the request has faults: ${faultsOf(parsed.error)}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new DropsetError('request', `the request's body is no JSON: ${messageOf(thrown)}`);
  }
}

async function readAll(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  // A loop that ends early would destroy the connection, and with it the answer that says why.
  const whole = request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  for await (const part of whole) {
    length += part.length;
    if (length > LONGEST_BODY)
      throw new DropsetError('request', `the request's body is larger than ${LONGEST_BODY} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

const givenBan = z.strictObject({
  address: z.string().max(64),
  jail: z.string().max(64).optional(),
  reason: z.string().max(LONGEST_REASON).optional(),
  since: z.string().max(64).optional(),
  until: z.string().max(64).nullish(),
  scope: z.string().max(LONGEST_SCOPE).optional(),
  // A list of bans has these too: they are the past.
  packets: z.unknown().optional(),
  bytes: z.unknown().optional(),
});

/** One line of a stream of bans, or what is wrong with it. */
export function parseGiven(text: string): { ban: GivenBan } | { error: ApiError } {
  try {
    const parsed = givenBan.safeParse(JSON.parse(text));
    if (parsed.success) return { ban: parsed.data as GivenBan };
    return { error: { code: 'request', message: `the ban has faults: ${faultsOf(parsed.error)}` } };
  } catch (thrown) {
    return { error: { code: 'request', message: `the line is no JSON: ${messageOf(thrown)}` } };
  }
}

const faultsOf = (error: z.ZodError): string => z.prettifyError(error).replace(/\s*\n\s*/g, ' ');
