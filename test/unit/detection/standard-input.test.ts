import { execFileSync, spawn } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t, { type Test } from 'tap';
import { openInput } from '../../../src/detection/standard-input.js';

/** Both ends of a pipe. The reading end blocks, as a shell's does. */
function pipe(t: Test): { readonly reader: number; readonly writer: number } {
  const path = join(t.testdir(), 'pipe');
  execFileSync('mkfifo', [path]);
  const both = openSync(path, constants.O_RDWR);
  const reader = openSync(path, constants.O_RDONLY);
  t.teardown(() => closeSync(reader));
  return { reader, writer: both };
}

t.test('a pipe, to its end', async (t) => {
  const { reader, writer } = pipe(t);
  const stream = openInput(reader);
  writeSync(writer, 'one\n');
  const read: string[] = [];
  for await (const bytes of stream) {
    read.push(String(bytes));
    if (read.length === 1) {
      writeSync(writer, 'two\n');
      closeSync(writer);
    }
  }
  t.equal(read.join(''), 'one\ntwo\n');
  t.doesNotThrow(() => fstatSync(reader), 'the descriptor is still open');
});

t.test('a pipe that nobody writes can be left', async (t) => {
  const { reader, writer } = pipe(t);
  t.teardown(() => closeSync(writer));
  const stream = openInput(reader);
  stream.resume();
  await new Promise(setImmediate);
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  stream.destroy();
  await closed;
  t.pass('at once');
});

t.test('a file, from where it stands', async (t) => {
  const path = join(t.testdir(), 'file');
  writeFileSync(path, 'one\ntwo\n');
  const descriptor = openSync(path, 'r');
  let text = '';
  for await (const bytes of openInput(descriptor)) text += bytes;
  t.equal(text, 'one\ntwo\n');
  t.doesNotThrow(() => closeSync(descriptor), 'the descriptor is still open');
});

t.test('what has no end but at once', async (t) => {
  const descriptor = openSync('/dev/null', 'r');
  t.teardown(() => closeSync(descriptor));
  for await (const _ of openInput(descriptor)) t.fail('nothing comes');
});

t.test('a socket, as a child of Node has it for its standard input', async (t) => {
  const module = resolve('dist/detection/standard-input.js');
  const text = `import { openInput } from ${JSON.stringify(module)};
for await (const bytes of openInput(0)) process.stdout.write(bytes);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', text], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.write('one\n');
  let read = '';
  for await (const bytes of child.stdout) {
    if (read === '') child.stdin.end('two\n');
    read += bytes;
  }
  t.equal(read, 'one\ntwo\n');
});
