import { readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import t from 'tap';
import { readWhole } from '../../../src/sources/whole.js';
import { at } from './followed.js';

async function textOf(path: string): Promise<string> {
  let text = '';
  for await (const { source, bytes, offset } of readWhole(path)) {
    t.equal(source, path);
    t.equal(offset, text.length);
    text += bytes;
  }
  return text;
}

t.test('a file', async (t) => {
  const path = at(t, { log: 'a\nb' });
  t.equal(await textOf(path), 'a\nb\n');
  const large = 'a line of some length\n'.repeat(200_000);
  writeFileSync(path, large);
  t.equal(await textOf(path), large);
});

t.test('a packed one, and several packed one behind the other', async (t) => {
  const path = `${at(t, {})}.1.gz`;
  const large = 'a line of some length\n'.repeat(200_000);
  writeFileSync(path, Buffer.concat([gzipSync('first\n'), gzipSync(large)]));
  t.equal(await textOf(path), `first\n${large}`);
});

t.test('what cannot be read', async (t) => {
  const path = at(t, { log: '' });
  await t.rejects(textOf(`${path}.none`), { code: 'ENOENT' });
  await t.rejects(textOf(`${path}.none.gz`), { code: 'ENOENT' });
  writeFileSync(`${path}.gz`, 'this is not packed');
  await t.rejects(textOf(`${path}.gz`), { code: 'Z_DATA_ERROR' });
  writeFileSync(`${path}.gz`, gzipSync('a\n'.repeat(1000)));
  truncateSync(`${path}.gz`, 20);
  await t.rejects(textOf(`${path}.gz`), { code: 'Z_BUF_ERROR' });
});

t.test('a consumer that stops gives everything back', async (t) => {
  const path = `${at(t, {})}.gz`;
  writeFileSync(path, gzipSync('a line\n'.repeat(1_000_000)));
  const open = (): number => readdirSync('/proc/self/fd').filter((name) => Number(name) > 2).length;
  const before = open();
  for await (const { bytes } of readWhole(path)) if (bytes.length > 0) break;
  for (let i = 0; i < 100 && open() > before; i++) await new Promise((resolve) => setTimeout(resolve, 10));
  t.equal(open(), before);
});
