import type { IncomingMessage } from 'node:http';
import { parseDuration } from '../model/duration.js';
import { DropsetError } from '../model/errors.js';
import { jailOfList } from '../model/list-source.js';
import { Scope } from '../model/scope.js';
import { type EventFilter, type ListFilter, LONGEST_REASON, type StreamTerms } from './api.js';
import type { OffenderQuery } from './offenders.js';

/**
 * What stands behind the question mark, where only these names may: one that is misspelt would be an answer to another question.
 *
 * @throws DropsetError `request` for another name, and for one that stands there twice.
 */
function queryOf<N extends string>(request: IncomingMessage, names: readonly N[]): Partial<Record<N, string>> {
  const found: Partial<Record<N, string>> = {};
  for (const [key, value] of new URL(request.url ?? '', 'http://localhost').searchParams) {
    const name = names.find((one) => one === key);
    if (name === undefined || name in found) {
      const what = name === undefined ? 'is unknown' : 'stands there twice';
      throw new DropsetError(
        'request',
        `${JSON.stringify(key.slice(0, 60))} ${what}; a query has each of ${names} at most once`,
      );
    }
    found[name] = value;
  }
  return found;
}

/** Which bans are to be listed. What the words mean is for who lists. */
export function filterOf(request: IncomingMessage): ListFilter {
  const { counters, ...filter } = queryOf(request, ['jail', 'prefix', 'since', 'counters']);
  if (counters === undefined) return filter;
  if (counters !== 'yes' && counters !== 'no') throw new DropsetError('request', 'counters is yes or no');
  return { ...filter, counters };
}

/** Of which bans a report is made. What the words mean is for who makes it. @throws DropsetError `request` */
export function offendersOf(request: IncomingMessage): OffenderQuery {
  const { limit, fold, ...rest } = queryOf(request, ['since', 'limit', 'jail', 'prefix', 'fold']);
  if (fold !== undefined && fold !== 'yes' && fold !== 'no') throw new DropsetError('request', 'fold is yes or no');
  if (limit !== undefined && !/^\d{1,9}$/.test(limit)) throw new DropsetError('request', 'limit is a whole number');
  return { ...rest, ...(limit !== undefined && { limit: Number(limit) }), ...(fold && { fold }) };
}

/** Whether plain values are wanted in place of text. @throws DropsetError `request` for another format */
export function wantsJson(request: IncomingMessage): boolean {
  const { format = 'text' } = queryOf(request, ['format']);
  if (format === 'text' || format === 'json') return format === 'json';
  throw new DropsetError(
    'request',
    `there is no format ${JSON.stringify(format.slice(0, 60))}; there are text and json`,
  );
}

/** Which events are wanted. What the words mean is for who tells them. */
export const eventsOf = (request: IncomingMessage): EventFilter => queryOf(request, ['event', 'jail']);

/** Of whom something is asked; empty where it is not said. */
export const addressOf = (request: IncomingMessage): string => queryOf(request, ['address']).address ?? '';

/** How long something may wait to be confirmed; undefined where it stays at once. */
export const withinOf = (request: IncomingMessage): string | undefined =>
  queryOf(request, ['confirmWithin']).confirmWithin;

const FLAGS = ['exact', 'replace', 'shrink'] as const;
const NAMES = ['for', 'reason', 'scope', 'force', 'client', 'source', ...FLAGS] as const;

/** All that can be wrong with a stream as a whole: once its answer has begun there is no room for an error. */
export function termsOf(request: IncomingMessage): StreamTerms {
  const { force, ...terms } = queryOf(request, NAMES);
  for (const flag of FLAGS) {
    if (terms[flag] === undefined || terms[flag] === 'true') continue;
    throw new DropsetError('request', `${flag} is true, or not there`);
  }
  if (terms.source !== undefined) jailOfList(terms.source);
  if (terms.replace && terms.source === undefined) {
    throw new DropsetError('request', 'replace needs source: the name of the list that is replaced');
  }
  if (terms.reason !== undefined && terms.reason.length > LONGEST_REASON) {
    throw new DropsetError('request', `a reason has at most ${LONGEST_REASON} characters`);
  }
  if (terms.for !== undefined) parseDuration(terms.for);
  if (terms.scope !== undefined) Scope.parse(terms.scope);
  if (force !== undefined && force !== 'true' && force !== 'false') {
    throw new DropsetError('request', "force is 'true' or 'false'");
  }
  return { ...(terms as StreamTerms), ...(force === 'true' && { force: true }) };
}
