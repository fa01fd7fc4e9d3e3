import { resolve } from 'node:path';
import * as z from 'zod';
import { parsePorts } from '../fail2ban/ports.js';
import { readServices } from '../fail2ban/services.js';
import { parseDuration } from '../model/duration.js';
import { DropsetError } from '../model/errors.js';
import { isHostName } from '../model/host-name.js';
import { Prefix } from '../model/prefix.js';
import { EXPECTED, endpointOf } from './endpoint.js';

// Every message is what stands behind "expected" in a fault. zod wants it twice: for the type and for each check.

export const flag = z.boolean('true or false');

export const oneOf = <const T extends readonly string[]>(names: T) =>
  z.enum(names, names.map((name) => JSON.stringify(name)).join(' or '));

export function wholeNumber(least: number, most: number) {
  const expected = `a whole number from ${least} to ${most}`;
  return z.int(expected).min(least, expected).max(most, expected);
}

export const matching = (pattern: RegExp, expected: string) => z.string(expected).regex(pattern, expected);

// No control characters, which no log has in its name; a slash at the end names a directory. 4095 bytes: PATH_MAX.
const path = (pattern: RegExp, most: number, expected: string) =>
  matching(pattern, expected)
    .refine((text) => Buffer.byteLength(text) <= most, expected)
    .transform((text) => resolve(text));

/** @param most bytes that the kernel takes for such a path. */
export const absoluteFile = (expected: string, most = 4095) => path(/^\/[^\p{Cc}]*[^/\p{Cc}]$/u, most, expected);

export const absoluteDirectory = path(/^\/[^\p{Cc}]*$/u, 4095, 'the absolute path of a directory');

/** A list of texts, in which one text may stand for a list of one. */
export const listOf = <T extends z.ZodType<string>>(item: T, expected: string, least: number) =>
  z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item, expected).min(least, expected));

/** Reads a value by a function that answers undefined for what it cannot take. */
export const read = <T>(parse: (value: unknown) => T | undefined, expected: string) =>
  z.unknown().transform((value, context): T => {
    const result = parse(value);
    if (result !== undefined) return result;
    context.addIssue({ code: 'custom', message: expected, input: value });
    return z.NEVER;
  });

/** A span of time in whole milliseconds; a bare number is seconds. */
export const span = read(
  (value) => milliseconds(value) ?? undefined,
  'a time: seconds as a number, or a text such as "10m" or "1h 30m", at most 100 years',
);

/** As `span`, and null for ever. */
export const spanOrNever = read(
  milliseconds,
  'a time: seconds as a number, or a text such as "10m" or "1h 30m", at most 100 years; or "never" (or -1)',
);

/** As `span`, with bounds in milliseconds. */
export const boundedSpan = (least: number, most: number, expected: string) =>
  read((value) => {
    const time = milliseconds(value);
    return typeof time === 'number' && time >= least && time <= most ? time : undefined;
  }, expected);

/** As `spanOrNever`, with bounds in milliseconds. */
export const spanWithin = (least: number, most: number, expected: string) =>
  read((value) => {
    const time = milliseconds(value);
    return typeof time === 'number' && (time < least || time > most) ? undefined : time;
  }, expected);

function milliseconds(value: unknown): number | null | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  try {
    return parseDuration(String(value));
  } catch (error) {
    if (error instanceof DropsetError) return undefined;
    throw error;
  }
}

/** The name that the WHATWG Encoding Standard has for an encoding; `auto` is UTF-8. */
export const encoding = read(
  (value) => (typeof value === 'string' ? encodingOf(value) : undefined),
  'the name of an encoding, such as "utf-8" or "iso-8859-1"',
);

/** Undefined for an encoding that nobody knows. */
export function encodingOf(label: string): string | undefined {
  if (label.toLowerCase() === 'auto') return 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return undefined;
  }
}

/** See `endpointOf`. */
export const endpoint = read(endpointOf, EXPECTED);

/** A prefix, as its canonical text. */
export const prefix = read(
  (value) => (typeof value === 'string' ? Prefix.tryParse(value)?.text : undefined),
  'an IP address, or a prefix such as "192.0.2.0/24"',
);

/** A prefix, or the name of a host as it stands. */
export const prefixOrName = read(
  (value) =>
    typeof value === 'string' ? (Prefix.tryParse(value) ?? (isHostName(value) ? value : undefined)) : undefined,
  'an IP address, a prefix such as "192.0.2.0/24", or the name of a host',
);

/** A port's number, or the name that /etc/services has for it. */
export const port = read(
  (value) => (typeof value === 'string' || typeof value === 'number' ? portOf(String(value)) : undefined),
  'the number of a port, or its name in /etc/services',
);

function portOf(text: string): number | undefined {
  const [range] = parsePorts(text, readServices()).ranges;
  return range && range.first === range.last && range.first > 0 ? range.first : undefined;
}
