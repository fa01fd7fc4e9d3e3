import type { ReportedOffender } from '../../control/api.js';
import { csvField } from '../formats/csv-field.js';
import type { Titled } from './words.js';

const COLUMNS = ['address', 'offenders', 'bans', 'jails', 'first', 'last', 'banned'] as const;

/** The report as RFC 4180 has it, with CRLF; jails have spaces between them. */
export function* csvOf({ report }: Titled): Generator<string> {
  yield `${COLUMNS.join(',')}\r\n`;
  for (const one of report.offenders) yield `${COLUMNS.map((column) => csvField(textOf(one[column]))).join(',')}\r\n`;
}

const textOf = (value: ReportedOffender[keyof ReportedOffender]): string =>
  Array.isArray(value) ? value.join(' ') : String(value);
