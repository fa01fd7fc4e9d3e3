import { DropsetError } from '../../model/errors.js';
import { unguarded } from './csv-field.js';
import { ADDRESSES, COLUMNS, isComment } from './format.js';
import { LONGEST_LINE, type NumberedLine, splitLines } from './lines.js';
import type { Entry } from './read.js';

type Column = (typeof COLUMNS)[number];

/**
 * RFC 4180: the first line names the columns, but for comments. `address`, or what other programs call it, must be there; of the others `jail`,
 * `reason`, `since`, `until` and `scope` are read. An empty field says nothing; `until` may be `never`.
 *
 * @throws DropsetError `request`
 */
export async function* readCsv(text: AsyncIterable<string>): AsyncGenerator<readonly Entry[]> {
  let columns: readonly (Column | undefined)[] | undefined;
  for await (const records of recordsOf(text)) {
    const rows = records.map(({ number, text: row }) => ({ number, fields: fieldsOf(row) })).filter(isNotEmpty);
    columns ??= rows[0] && columnsOf((rows.shift() as Row).fields);
    yield rows.map(({ number, fields }) => ({ number, text: ban(fields, columns ?? []) }));
  }
}

interface Row {
  readonly number: number;
  readonly fields: readonly string[];
}

const isNotEmpty = ({ fields }: Row): boolean => fields.length > 1 || fields[0] !== '';

/** Lines that are no comments, those joined that a quoted field goes over. */
async function* recordsOf(text: AsyncIterable<string>): AsyncGenerator<readonly NumberedLine[]> {
  let begun: NumberedLine | undefined;
  for await (const lines of splitLines(text)) {
    const records: NumberedLine[] = [];
    for (const line of lines) {
      if (!begun && isComment(line.text)) continue;
      const record = joined(begun, line);
      begun = goesOn(record) ? record : undefined;
      if (!begun) records.push({ number: record.number, text: record.text.replace(/\r$/, '') });
    }
    yield records;
  }
  if (begun) throw unclosed(begun);
}

/** An odd count of quotes: a quoted field goes on in the next line. */
function goesOn(record: NumberedLine): boolean {
  if (quotes(record.text) % 2 === 0) return false;
  if (record.text.length > LONGEST_LINE) throw unclosed(record);
  return true;
}

const joined = (begun: NumberedLine | undefined, line: NumberedLine): NumberedLine =>
  begun ? { number: begun.number, text: `${begun.text}\n${line.text}` } : line;

function quotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
}

const unclosed = ({ number }: NumberedLine): DropsetError =>
  new DropsetError('request', `line ${number}: a quoted field that does not end: close it with "`);

const FIELD = /(?:"((?:[^"]|"")*)"|([^,]*))(?:,|$)/gy;

function fieldsOf(text: string): string[] {
  if (!text.includes('"')) return text.split(',');
  const fields: string[] = [];
  for (const { 0: all, 1: quoted, 2: bare, index } of text.matchAll(FIELD)) {
    if (index === text.length && all === '' && !text.endsWith(',')) break;
    fields.push(quoted?.replaceAll('""', '"') ?? (bare as string));
  }
  return fields;
}

function columnsOf(fields: readonly string[]): readonly (Column | undefined)[] {
  const names = fields.map((field) => field.trim().toLowerCase());
  const address = ADDRESSES.find((name) => names.includes(name));
  const columns = names.map((name) => (name === address ? 'address' : COLUMNS.find((column) => column === name)));
  if (address !== undefined) return columns;
  throw new DropsetError('request', `the first line names no column 'address'; write: ${COLUMNS.join(',')}`);
}

function ban(fields: readonly string[], columns: readonly (Column | undefined)[]): string {
  const found: Partial<Record<Column, string | null>> = { address: '' };
  for (const [index, column] of columns.entries()) {
    const value = unguarded(fields[index] ?? '');
    if (column && value !== '') found[column] = column === 'until' && value === 'never' ? null : value;
  }
  return JSON.stringify(found);
}
