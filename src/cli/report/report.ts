import { type Invocation, UsageError } from '../command.js';
import { filterOf } from '../list-filter.js';
import { write } from '../write.js';
import { csvOf } from './csv.js';
import { htmlOf } from './html.js';
import { jsonOf } from './json.js';
import { textOf } from './text.js';
import { type Titled, USUAL_TITLE } from './words.js';

/** What reports are written in. */
const WRITERS: Readonly<Record<string, (titled: Titled) => Generator<string>>> = {
  html: htmlOf,
  text: textOf,
  csv: csvOf,
  json: jsonOf,
};

/** Characters. */
const LONGEST_TITLE = 200;

export const REPORT_OPTIONS = {
  limit: { type: 'string' },
  title: { type: 'string' },
  'no-fold': { type: 'boolean' },
} as const;

/** Whether a report is asked for: in a format that only reports have, or in one that lists have too, by naming a time. */
export const isReport = (format: string, since: unknown): boolean =>
  format === 'html' || format === 'text' || (since !== undefined && Object.hasOwn(WRITERS, format));

/** Asks for a report and writes it. @param format one of `isReport`. @throws UsageError, DropsetError */
export async function writeReport(invocation: Invocation, format: string): Promise<void> {
  const { options, client } = invocation;
  const title = titleOf(options.title);
  const limit = limitOf(options.limit);
  const report = await client.offenders({
    ...filterOf(invocation, Date.now()),
    ...(limit !== undefined && { limit }),
    ...(options['no-fold'] && { fold: 'no' }),
  });
  let text = '';
  for (const piece of (WRITERS[format] as (titled: Titled) => Generator<string>)({ title, report })) {
    text += piece;
    if (text.length < 65_536) continue;
    await write(invocation, text);
    text = '';
  }
  await write(invocation, text);
}

function titleOf(given: unknown): string {
  if (given === undefined) return USUAL_TITLE;
  if (typeof given === 'string' && given.trim() !== '' && given.length <= LONGEST_TITLE) return given;
  throw new UsageError(`--title takes 1 to ${LONGEST_TITLE} characters`);
}

function limitOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(String(given)) && Number(given) <= 10_000) return Number(given);
  throw new UsageError('--limit takes a number from 1 to 10000');
}
