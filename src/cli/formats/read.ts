import { StringDecoder } from 'node:string_decoder';
import { DropsetError } from '../../model/errors.js';
import { ADDRESSES, isComment, type ReadFormat } from './format.js';
import { readCsv } from './read-csv.js';
import { readJson } from './read-json.js';
import { readPlain } from './read-plain.js';

/** A ban of a list: `text` is a GivenBan as JSON, on one line, and not checked. */
export interface Entry {
  /** From 1: the line of a plain or CSV list that it begins in; of JSON, how manieth ban it is. */
  readonly number: number;
  readonly text: string;
}

/** Reads text as it comes, in groups of those entries that came together. @throws DropsetError `request` */
export type Reader = (text: AsyncGenerator<string>) => AsyncGenerator<readonly Entry[]>;

const READERS: Readonly<Record<ReadFormat, Reader>> = { plain: readPlain, json: readJson, csv: readCsv };

/**
 * A list of bans, as lines of the service's stream: an entry's number is the number of its line there.
 *
 * @param format what it looks like, where absent. @throws DropsetError `request` for a list that has to be given up.
 */
export async function* linesOf(bytes: AsyncIterable<Buffer>, format: ReadFormat | undefined): AsyncGenerator<string> {
  const text = decoded(bytes);
  const first = await firstOf(text);
  const read = READERS[format ?? guess(first)];
  let lines = 0;
  for await (const entries of read(startingWith(first, text))) {
    const parts = entries.map(({ number, text: entry }) => {
      const empty = '\n'.repeat(number - lines - 1);
      lines = number;
      return `${empty}${entry}\n`;
    });
    if (parts.length > 0) yield parts.join('');
  }
}

/** What a list looks like that begins so. @throws DropsetError `request` for a page of HTML */
export function guess(beginning: string): ReadFormat {
  const line = beginning.split('\n').find((one) => !isComment(one)) ?? '';
  if (/^\s*[[{]/.test(line)) return 'json';
  if (/^\s*</.test(line)) {
    throw new DropsetError('request', 'the list is a page of HTML or XML: import what is plain text, CSV or JSON');
  }
  const names = line.split(',').map((name) =>
    name
      .trim()
      .replace(/^"(.*)"$/, '$1')
      .toLowerCase(),
  );
  return names.some((name) => ADDRESSES.includes(name)) ? 'csv' : 'plain';
}

async function* decoded(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  for await (const part of bytes) yield decoder.write(part);
  yield decoder.end();
}

/** As much as `guess` needs: a line that is no comment, if there is one soon. */
async function firstOf(text: AsyncGenerator<string>): Promise<string> {
  let first = '';
  while (first.length < 65_536 && !/^[^\S\n]*[^\s#;].*\n/m.test(first)) {
    const { value, done } = await text.next();
    if (done) break;
    first += value;
  }
  // A byte order mark, as some programs put it before a list.
  return first.replace(/^\ufeff/, '');
}

async function* startingWith(first: string, rest: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* rest;
}
