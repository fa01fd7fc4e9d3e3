/** Follows a link and what is in new folders, where the limit on inotify watches may be too low; prints what came of it. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { SourceEvent } from '../../../src/sources/event.js';
import { FileSet } from '../../../src/sources/file-set.js';

const folder = mkdtempSync(join(tmpdir(), 'dropset-limited-'));
const events: SourceEvent[] = [];
let lines = 0;
let thrown: string | undefined;
try {
  writeFileSync(join(folder, 'log'), 'a\n');
  symlinkSync('log', join(folder, 'link'));
  const patterns = ['link', '*/log'].map((name) => ({ pattern: join(folder, name), start: 'beginning' }) as const);
  const files = new FileSet(patterns, {
    maxLine: 99,
    positions: [],
    onChange: () => undefined,
    onEvent: (event) => events.push(event),
  });
  mkdirSync(join(folder, 'new'));
  writeFileSync(join(folder, 'new/log'), '');
  await turn();
  await turn();
  for (let chunk = files.read(); chunk; chunk = files.read()) if (chunk !== 'again') lines++;
  files.close();
} catch (error) {
  thrown = (error as Error).message;
}
rmSync(folder, { recursive: true });
console.log(JSON.stringify({ thrown, events, lines }));
