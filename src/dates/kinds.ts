import { bound, type Start } from './boundaries.js';
import { numberOf } from './digits.js';
import { readFields } from './fields.js';
import { timeOf } from './moment.js';
import type { Read, TemplateSource } from './template.js';
import { expandTokens, hasWords } from './tokens.js';
import type { YearRange } from './years.js';

const UNBOUND = /^\{UNB\}/;
const LINE_BEGIN = '{^LN-BEG}';

/**
 * A template of a pattern with `%` tokens, such as `{^LN-BEG}%Y-%m-%d %H:%M:%S`.
 *
 * @throws DropsetError `filter`, for a `%` that begins no token.
 */
export function patternTemplate(pattern: string, years: YearRange): TemplateSource {
  const isUnbound = UNBOUND.test(pattern);
  const isLine = !isUnbound && pattern.startsWith(LINE_BEGIN);
  const inner = isLine ? pattern.slice(LINE_BEGIN.length) : pattern.replace(UNBOUND, '');
  const { name, regex } = expandTokens(inner, years);
  const start: Start = isLine ? 'line' : isUnbound ? 'unbound' : 'word';
  return {
    ...bounded(name, `${hasWords(inner) ? '(?iu)' : ''}${regex}`, start, !isUnbound),
    pattern,
    read: readPattern,
  };
}

const readPattern: Read = ({ match, groupNames }, setting) => {
  const fields = readFields(match.groups, groupNames);
  return fields && timeOf(fields, setting);
};

function bounded(name: string, regex: string, start: Start, hasEnd: boolean): Omit<TemplateSource, 'read'> {
  const { isStartAdded, ...rest } = bound(regex, start, hasEnd);
  const isNamed = start === 'line' && isStartAdded && !name.startsWith(LINE_BEGIN);
  return { name: isNamed ? LINE_BEGIN + name : name, ...rest };
}

/** Seconds since the epoch, from 2001 to 5138; the long form may go on with milliseconds or microseconds. */
const EPOCH = { short: '\\d{10,11}\\b(?:\\.\\d{3,6})?', long: '\\d{10,11}(?:\\d{3}(?:\\.\\d{1,6}|\\d{3})?)?' } as const;

const EPOCH_TOKEN = /(?<!\\)\{L?EPOCH\}/gi;

export const hasEpochToken = (pattern: string): boolean => pattern.search(EPOCH_TOKEN) >= 0;

/** `EPOCH` and `LEPOCH`: at the line's begin only, or also as `[1763700000]` and in `audit(1763700000.123:42)`. */
export function epochTemplate(isLong: boolean, isLine: boolean): TemplateSource {
  const name = isLong ? 'LongEpoch' : 'Epoch';
  const digits = isLong ? EPOCH.long : EPOCH.short;
  const read = readEpoch(isLong, 1);
  if (isLine) return { ...bounded(name, `(${digits})`, 'line', true), read };
  return { ...bounded(name, `((?:^|(?<=^\\[)|(?<=\\baudit\\())${digits})`, 'unbound', true), read };
}

/** A pattern with `{EPOCH}` or `{LEPOCH}` in it: all of it is cut out. It has no other tokens. */
export function epochPatternTemplate(pattern: string, isLong: boolean): TemplateSource {
  const regex = `(${pattern.replace(EPOCH_TOKEN, `(${isLong ? EPOCH.long : EPOCH.short})`)})`;
  return { ...bounded(pattern, regex, 'word', true), read: readEpoch(isLong, 2), hasSpans: true };
}

const readEpoch =
  (isLong: boolean, group: number): Read =>
  ({ match, line, start, end }) => {
    const span = group === 1 ? [start, end] : match.spans?.[group];
    if (!span) return undefined;
    const text = line.slice(span[0], span[1]);
    const seconds = numberOf(text) / (isLong ? divisorOf(text) : 1);
    return Number.isNaN(seconds) ? undefined : seconds * 1000;
  };

/** Of a long form: microseconds have 16 digits or 17 and no fraction, milliseconds 13 or 14. */
function divisorOf(text: string): number {
  if (text.length < 13) return 1;
  return text.length >= 16 && !text.includes('.') ? 1_000_000 : 1000;
}

/** An external TAI64N label (https://cr.yp.to/libtai/tai64.html): seconds alone count, and leap seconds do not, as in fail2ban. */
export function tai64nTemplate(isLine: boolean): TemplateSource {
  return { ...bounded('TAI64N', '@[0-9a-f]{24}', isLine ? 'line' : 'unbound', true), read: readTai64n };
}

/** The last time that a Date can hold: labels reach up to the end of the universe. */
const LAST = 8.64e15;

const readTai64n: Read = ({ line, start }) => {
  const time = Number.parseInt(line.slice(start + 2, start + 17), 16) * 1000;
  return time <= LAST ? time : undefined;
};
