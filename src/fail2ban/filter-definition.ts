import type { Expression, FilterDefinition } from '../model/definition.js';
import { DropsetError } from '../model/errors.js';
import type { Variables } from './configuration.js';
import { parseInteger } from './numbers.js';
import type { Places } from './places.js';

/** The options of a filter that have a meaning for fail2ban itself, in its order (client/filterreader.py). */
export const FILTER_OPTIONS = [
  'usedns',
  'prefregex',
  'ignoreregex',
  'failregex',
  'maxlines',
  'datepattern',
  'journalmatch',
] as const;

export interface Named {
  readonly name: string;
  readonly origin: string;
}

/** Makes a definition of options with everything put in. */
export function definitionOf({ name, origin }: Named, options: Variables, places: Places): FilterDefinition {
  const expressions = (option: string): Expression[] =>
    linesOf(options.get(option)).map((text) => places.expression(text, origin));
  const prefregex = options.get('prefregex');
  const datepattern = options.get('datepattern');
  const usedns = options.get('usedns');
  return {
    name,
    origin,
    ...(prefregex && { prefregex: places.expression(prefregex, origin) }),
    failregex: expressions('failregex'),
    ignoreregex: expressions('ignoreregex'),
    ...(datepattern !== undefined && { datepattern }),
    maxlines: maxlinesOf(options.get('maxlines'), origin),
    journalmatch: linesOf(options.get('journalmatch')),
    ...(usedns !== undefined && { usedns }),
  };
}

/** The lines that hold something. */
export const linesOf = (text = ''): string[] => text.split('\n').filter((line) => line !== '');

/** Lines of a log that a filter looks at together; each line costs a longer search. */
const MOST_LINES = 1000;

function maxlinesOf(text: string | undefined, origin: string): number {
  if (text === undefined) return 1;
  const lines = parseInteger(text);
  if (lines !== undefined && lines >= 1 && lines <= MOST_LINES) return lines;
  throw new DropsetError('config', `${origin}: maxlines = ${text}; write a number from 1 to ${MOST_LINES}`);
}
