import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { rowsOf } from '../../scripts/manual/configuration.mjs';
import { definitionsOf } from '../../src/cli/definitions.js';
import { COMMANDS } from '../../src/cli/dropset.js';
import type { Part } from '../../src/cli/help.js';
import { KEYS } from '../../src/config/schema.js';

const folder = t.testdir();
execFileSync(process.execPath, ['scripts/manual/write.mjs', folder]);
const pages = ['dropset.1', 'dropset.toml.5'].map((name) => join(folder, name));

/** A page as a terminal of 200 columns shows it. */
const shown = (page: string): string =>
  execFileSync('mandoc', ['-T', 'utf8', '-O', 'width=200', page], { encoding: 'utf8' }).replace(/.[\b]/g, '');

const textsOf = (part: Part): readonly string[] => {
  if (part.kind === 'terms') return part.terms.map(({ text }) => text);
  return part.kind === 'text' ? [part.text] : part.lines;
};

t.test('mandoc has nothing to say against them', async (t) => {
  for (const page of pages) {
    const { stdout } = spawnSync('mandoc', ['-T', 'lint', '-W', 'warning', page], { encoding: 'utf8' });
    t.equal(stdout.replace(/^.*WARNING: missing date.*\n/gm, ''), '', page);
  }
});

t.test('every command and option is there, word by word', async (t) => {
  const text = shown(pages[0] as string).replace(/\s+/g, ' ');
  for (const { path, children, options, parts } of await definitionsOf(COMMANDS)) {
    if (children.length > 0) continue;
    t.match(text, `dropset ${path.join(' ')}`);
    for (const { name } of options) t.match(text, `--${name}`);
    for (const one of parts.flatMap(textsOf)) t.ok(text.includes(one.replace(/\s+/g, ' ').trim()), one);
  }
});

t.test("docs/configuration.md has the schema's keys, values and defaults, and so does the page", async (t) => {
  const words = ['scripts/manual/reference.mjs', '--check'];
  const { status, stderr } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  t.equal(status, 0, stderr);
  const rows = rowsOf(readFileSync('docs/configuration.md', 'utf8'));
  const text = shown(pages[1] as string);
  const told = rows.map(
    ({ section, key }: { section: string; key: string }) => `${section.replace('.NAME', '')} ${key}`,
  );
  t.same(told.toSorted(), [...KEYS].flatMap(([section, keys]) => keys.map((key) => `${section} ${key}`)).toSorted());
  for (const { key } of rows) t.match(text, new RegExp(`^ +${key}(?:\\s|$)`, 'm'), key);
  t.match(text, /element_counters\s+count packets and bytes of each ban \(true or false; default true\)/);
});

t.test('no markup of Markdown or roff is left', async (t) => {
  for (const page of pages) t.notMatch(shown(page), /\*\*|`\w|\\[f(&]|\]\(/);
});
