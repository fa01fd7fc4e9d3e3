// Writes the manual pages into a folder: build/man, or that of the first argument.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { definitionsOf } from '../../dist/cli/definitions.js';
import { COMMANDS } from '../../dist/cli/dropset.js';
import { VERSION } from '../../dist/version.js';
import { commandsPage } from './commands.mjs';
import { configurationPage } from './configuration.mjs';

const folder = process.argv[2] ?? 'build/man';
mkdirSync(folder, { recursive: true });
const changed = /^## .*?(\d{4}-\d\d-\d\d)/m.exec(readFileSync('CHANGELOG.md', 'utf8'));
const footing = { version: VERSION, date: changed?.[1] ?? '' };
// A heading begins a paragraph by itself.
const write = (name, page) => writeFileSync(join(folder, name), page.replace(/^(\.S[HS] .*\n)\.PP\n/gm, '$1'));

write('dropset.1', commandsPage(await definitionsOf(COMMANDS), footing));
write('dropset.toml.5', configurationPage(readFileSync('docs/configuration.md', 'utf8'), footing));
