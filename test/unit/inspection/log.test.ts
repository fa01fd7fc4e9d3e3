import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { type Log, linesOf, openLog } from '../../../src/inspection/log.js';

const stdin = (...pieces: (string | Uint8Array)[]): Readable =>
  Readable.from(pieces.map((piece) => Buffer.from(piece)));

async function texts(log: Log, encoding = 'utf-8'): Promise<string[]> {
  const found: string[] = [];
  for await (const { lines } of linesOf(log, encoding)) found.push(...lines.map(({ text }) => text));
  return found;
}

t.test('standard input, however it is cut', async (t) => {
  const log = openLog('-', stdin('one\ntw', 'o', '\n', '\nthr', 'ee'));
  t.equal(log.name, 'standard input');
  t.same(await texts(log), ['one', 'two', '', 'three'], 'empty lines and an unfinished last one count');
  t.same(await texts(openLog('-', stdin())), []);
});

t.test('a file, and one that is packed', async (t) => {
  const text = `${'x'.repeat(300_000)}\r\nb\r\n`;
  const folder = t.testdir({ plain: text, 'packed.gz': gzipSync(text), 'broken.gz': 'no gzip', empty: '' });
  for (const name of ['plain', 'packed.gz']) {
    const log = openLog(`${folder}/${name}`, stdin());
    t.same(
      await texts(log),
      ['x'.repeat(65_536), 'b'],
      `${name}: a long line is cut, its carriage return is none of it`,
    );
  }
  const empty = openLog(`${folder}/empty`, stdin());
  t.same(await texts(empty), []);
  const broken = openLog(`${folder}/broken.gz`, stdin());
  await t.rejects(texts(broken), { code: 'source', message: /broken.gz cannot be read: incorrect header check/ });
});

t.test('how much of a file has been read', async (t) => {
  const folder = t.testdir({ plain: 'x\n'.repeat(2_000_000), 'packed.gz': gzipSync('x\n') });
  const parts = async (name: string): Promise<(number | undefined)[]> => {
    const found: (number | undefined)[] = [];
    for await (const { part } of linesOf(openLog(`${folder}/${name}`, stdin()), 'utf-8')) found.push(part);
    return found;
  };
  const plain = await parts('plain');
  t.ok(plain.length > 1);
  t.ok((plain[0] as number) < 1);
  t.equal(plain.at(-1), 1);
  t.same(await parts('packed.gz'), [undefined]);
});

t.test('the text of a line, or of several', async (t) => {
  t.same(await texts(openLog('x from 192.0.2.1', stdin())), ['x from 192.0.2.1']);
  t.same(await texts(openLog('a\nb', stdin())), ['a', 'b']);
  t.same(await texts(openLog(`/${'x'.repeat(9000)} y`, stdin())), [`/${'x'.repeat(9000)} y`], 'longer than any path');
  t.same(await texts(openLog('a\0b', stdin())), ['a\0b']);
});

t.test('paths that lead to nothing', async (t) => {
  const folder = t.testdir({});
  t.throws(() => openLog(folder, stdin()), { code: 'source', message: /is a directory/ });
  for (const path of ['/no/such/file', './x.log', '../x.log']) {
    t.throws(() => openLog(path, stdin()), { code: 'source', message: `there is no file ${path}` });
  }
  const loop = t.testdir({ loop: t.fixture('symlink', 'loop') });
  t.throws(() => openLog(`${loop}/loop`, stdin()), { code: 'source', message: /cannot be read: ELOOP/ });
});

t.test('encodings', async (t) => {
  t.same(await texts(openLog('-', stdin(Buffer.from('h\xe9\n', 'latin1'))), 'iso-8859-1'), ['hé']);
  t.same(await texts(openLog('-', stdin(Buffer.from('h\xe9\n', 'latin1')))), ['h\ufffd']);
  for await (const { lines } of linesOf(openLog('hé', stdin()), 'utf-8')) t.equal(lines[0]?.isAscii, false);
});
