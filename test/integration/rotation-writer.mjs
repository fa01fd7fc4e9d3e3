// Writes numbered lines to a log and rotates it: rotation-writer.mjs KIND PATH LINES ROTATIONS. Numbers that the reader has
// seen come in on standard input; it waits for them where a rotation by itself would lose lines.
import {
  closeSync,
  copyFileSync,
  ftruncateSync,
  openSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { createInterface } from 'node:readline';

const BATCH = 250;
const [kind, path, ...counts] = process.argv.slice(2);
const [lines, rotations] = counts.map(Number);
const seen = createInterface(process.stdin)[Symbol.asyncIterator]();

let last = -1;
let number = 0;
let generation = 0;
let descriptor = -1;

async function untilSeen(wanted) {
  while (last < wanted) last = Number((await seen.next()).value);
}

function write(count) {
  for (let left = count; left > 0; left -= BATCH) {
    const batch = Array.from(
      { length: Math.min(left, BATCH) },
      () => `${String(number++).padStart(9, '0')} ${'x'.repeat(40)}\n`,
    );
    writeSync(descriptor, batch.join(''));
  }
}

function link(number) {
  descriptor = openSync(`${path}.${number}`, 'ax');
  symlinkSync(`${path}.${number}`, `${path}.new`);
  renameSync(`${path}.new`, path);
}

/** Each: leaves the old file, to which some lines more are written, and opens the new one. */
const ROTATE = {
  rename(old) {
    renameSync(path, `${path}.${generation}`);
    write(BATCH);
    descriptor = openSync(path, 'ax');
    closeSync(old);
  },
  delete(old) {
    unlinkSync(path);
    write(BATCH);
    descriptor = openSync(path, 'ax');
    closeSync(old);
  },
  symlink(old) {
    write(BATCH);
    link(generation + 1);
    closeSync(old);
  },
  truncate(old) {
    copyFileSync(path, `${path}.1`);
    ftruncateSync(old);
  },
};

if (kind === 'symlink') link(0);
else descriptor = openSync(path, 'a');
for (; generation < rotations; generation++) {
  const first = number;
  write(Math.floor(lines / (rotations + 1)) - BATCH);
  // Who truncates takes away what nobody has read; a file that came and went between two looks is not found again.
  await untilSeen(kind === 'truncate' ? number - 1 : first);
  ROTATE[kind](descriptor);
}
write(lines - number);
await untilSeen(lines - 1);
process.exit();
