import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Bell } from '../../../src/sources/bell.js';
import { NamedPipe } from '../../../src/sources/pipe.js';

interface Opened {
  readonly path: string;
  readonly pipe: NamedPipe;
  readonly cut: number[];
  /** Waits until so many lines have come. */
  readonly take: (count: number) => Promise<string[]>;
}

function open(t: Test): Opened {
  const path = join(t.testdir(), 'pipe');
  execFileSync('mkfifo', [path]);
  const bell = new Bell();
  const cut: number[] = [];
  const pipe = new NamedPipe(path, {
    maxLine: 99,
    onChange: () => bell.ring(),
    onOversized: (length) => cut.push(length),
  });
  t.teardown(() => pipe.close());
  const take = async (count: number): Promise<string[]> => {
    const lines: string[] = [];
    while (lines.length < count) {
      const piece = pipe.read();
      if (piece) lines.push(...piece.bytes.toString().split('\n').slice(0, -1));
      else await bell.wait();
    }
    return lines;
  };
  return { path, pipe, cut, take };
}

const write = (path: string, text: string): void => {
  spawnSync('sh', ['-c', `printf '${text}' > ${path}`]);
};

t.test('one writer after the other, and what each leaves unfinished', async (t) => {
  const { path, pipe, take } = open(t);
  t.equal(pipe.read(), undefined);
  for (const name of ['a', 'b', 'c']) {
    write(path, `${name}1\\n${name}2`);
    t.same(await take(2), [`${name}1`, `${name}2`]);
  }
  write(path, '');
  write(path, 'd\\n');
  t.same(await take(1), ['d']);
});

t.test('a writer that stays may leave a line unfinished for a while', async (t) => {
  const { path, take } = open(t);
  const writer = openSync(path, 'w');
  writeSync(writer, 'a\nhalf');
  t.same(await take(1), ['a']);
  writeSync(writer, ' and half\n');
  t.same(await take(1), ['half and half']);
  closeSync(writer);
});

t.test('more than the pipe holds: the writer waits, and every line comes', async (t) => {
  const { path, take } = open(t);
  const writer = spawn('sh', ['-c', `seq 200000 > ${path}`]);
  const closed = once(writer, 'close');
  const lines = await take(200_000);
  t.equal(lines.join(), Array.from({ length: 200_000 }, (_, i) => i + 1).join());
  t.same(await closed, [0, null]);
});

t.test('a line that is too long', async (t) => {
  const { path, cut, take } = open(t);
  write(path, `${'x'.repeat(200)}\\na\\n`);
  t.same(await take(2), ['x'.repeat(99), 'a']);
  t.same(cut, [200]);
});
