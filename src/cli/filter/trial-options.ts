import { encodingOf } from '../../config/fields.js';
import type { Choice } from '../../inspection/choice.js';
import { lookupDirectories } from '../../inspection/directories.js';
import type { TrialOptions } from '../../inspection/trial.js';
import { type Invocation, UsageError } from '../command.js';

type Given = Invocation['options'];

const LOGTYPES: readonly NonNullable<Choice['logtype']>[] = ['file', 'journal', 'rfc5424', 'short'];
const USEDNS = ['no', 'raw', 'yes', 'warn'];

/** An option's word, one of some. @throws UsageError */
function oneOf<T extends string>(options: Given, name: string, known: readonly T[]): T | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  const found = known.find((one) => one === value);
  if (found === undefined) throw new UsageError(`--${name} takes one of ${known.join(', ')}, not '${value}'`);
  return found;
}

const textOf = (options: Given, name: string): string | undefined => options[name] as string | undefined;

/** @throws UsageError, and DropsetError `filter` for a directory that is none. */
export function choiceOf(options: Given): Choice {
  const logtype = oneOf(options, 'logtype', LOGTYPES);
  const [ignoreregex, datepattern] = [textOf(options, 'ignoreregex'), textOf(options, 'datepattern')];
  const maxlines = numberOf(options, 'maxlines', 1, 1000);
  return {
    directories: lookupDirectories(textOf(options, 'filter-dir')),
    ...(logtype !== undefined && { logtype }),
    ...(ignoreregex !== undefined && { ignoreregex }),
    ...(datepattern !== undefined && { datepattern }),
    ...(maxlines !== undefined && { maxlines }),
  };
}

/** @param now milliseconds since the epoch, where --now does not say. @throws UsageError */
export function trialOptionsOf(options: Given, now: number): TrialOptions {
  const given = textOf(options, 'now');
  const time = given === undefined ? now : Number(given) * 1000;
  if (given === '' || !(Math.abs(time) <= 8.64e15)) {
    throw new UsageError(`--now takes seconds since the epoch, not '${given}'`);
  }
  return {
    now: () => time,
    stopwatch: () => performance.now(),
    everyRegex: options['all-regexes'] === true,
    takesNames: usednsOf(options) !== 'no',
    ...zoneOf(textOf(options, 'timezone')),
  };
}

/** A whole number; undefined where it is not given. @throws UsageError */
export function numberOf(options: Given, name: string, least: number, most: number): number | undefined {
  const value = textOf(options, name);
  if (value === undefined) return undefined;
  const number = /^\d{1,9}$/.test(value) ? Number(value) : -1;
  if (number >= least && number <= most) return number;
  throw new UsageError(`--${name} takes a whole number from ${least} to ${most}, not '${value}'`);
}

/** What becomes of host names. */
export const usednsOf = (options: Given): string => oneOf(options, 'usedns', USEDNS) ?? 'raw';

/** @throws UsageError for an encoding that nobody knows, or in which a newline is not one byte. */
export function encodingOption(options: Given): string {
  const label = textOf(options, 'encoding') ?? 'utf-8';
  const encoding = encodingOf(label);
  if (encoding === undefined) {
    throw new UsageError(`--encoding '${label}' is none; write utf-8, iso-8859-1 or another of the WHATWG's names`);
  }
  if (!encoding.startsWith('utf-16')) return encoding;
  throw new UsageError(`--encoding ${label} is not supported; convert the log first, for example with iconv`);
}

const OFFSET = /^(?:UTC|GMT|Z)?(?:[+-][01]\d(?::?\d\d)?)?$/;

function zoneOf(text: string | undefined): Pick<TrialOptions, 'zone' | 'logtimezone'> {
  if (text === undefined) return {};
  if (text !== '' && OFFSET.test(text)) return { logtimezone: text };
  try {
    return { zone: new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone };
  } catch {
    throw new UsageError(`--timezone takes a name such as Europe/Zurich or an offset such as UTC+0200, not '${text}'`);
  }
}
