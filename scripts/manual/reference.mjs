// Brings the table of docs/configuration.md up to the schema: every key, in the schema's order, what it takes and its default. What a key means is
// written by hand, in the last column. Prints what it has changed; with --check it changes nothing and fails if there is something to change.
import { readFileSync, writeFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { SECTIONS } from '../../dist/config/schema.js';
import { formatDuration } from '../../dist/model/duration.js';

const FILE = 'docs/configuration.md';
const HEAD = '| key | takes | default | meaning |\n| --- | --- | --- | --- |\n';

const markdown = readFileSync(FILE, 'utf8');
const table = /^\| key \|.*\n\|[ |-]*\n(?:\|.*\n)*/m;
const written = new Map(
  table
    .exec(markdown)[0]
    .split('\n')
    .flatMap((line) => {
      const cells = line.split(/(?<!\\) ?\|(?: |$)/);
      return cells[1]?.startsWith('`[') ? [[cells[1], cells.at(-2)]] : [];
    }),
);

const missing = [];
const rows = Object.entries(SECTIONS).flatMap(([name, { out }]) =>
  Object.entries(out.shape).map(([key, schema]) => {
    const title = `\`[${name.replace(/^(?:jail|hook|denyfile)/, '$&.NAME')}] ${key}\``;
    if (!written.has(title)) missing.push(title);
    const cells = [title, takes(schema), initial(schema), written.get(title) ?? ''];
    return `|${cells.map((cell) => (cell === '' ? ' ' : ` ${cell} `)).join('|')}|\n`;
  }),
);
if (missing.length > 0) throw new Error(`${FILE}: say what these mean: ${missing.join(', ')}`);
const next = markdown.replace(table, () => HEAD + rows.join(''));
if (next !== markdown) {
  if (process.argv.includes('--check'))
    throw new Error(`${FILE} is not as the schema: run node scripts/manual/reference.mjs`);
  writeFileSync(FILE, next);
  console.log(`${FILE}: brought up to the schema`);
}

/** What stands behind "expected" in a fault: every value that is no value has it. */
function takes(schema) {
  const { error } = schema.safeParse(Symbol('none'));
  const { message } = error.issues[0];
  return message.includes('{') ? message.replace(/\{.*\}/, '`$&`') : message.replace(/"([^"]+)"/g, '`$1`');
}

/** As one would write it; nothing where there is none, or an empty one. */
function initial(schema) {
  const none = schema.safeParse(undefined);
  if (!none.success || none.data === undefined) return '';
  const { data } = none;
  const duration = typeof data === 'number' ? formatDuration(data) : undefined;
  const isDuration = duration !== undefined && isDeepStrictEqual(schema.safeParse(duration).data, data);
  return `\`${isDuration ? duration : typeof data === 'string' ? data : JSON.stringify(data)}\``;
}
