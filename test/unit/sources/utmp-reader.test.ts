import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { UtmpLayoutName } from '../../../src/sources/utmp-layout.js';
import { UtmpReader } from '../../../src/sources/utmp-reader.js';
import { type LoginRecord, loginRecord, SECONDS } from '../../login-records.js';

const users = (...names: string[]): Buffer => Buffer.concat(names.map((user) => loginRecord({ user })));

function reader(
  t: Test,
  bytes: Buffer,
  layout?: UtmpLayoutName,
): { path: string; reader: UtmpReader; skipped: number[] } {
  const path = join(t.testdir(), 'btmp');
  writeFileSync(path, bytes);
  const skipped: number[] = [];
  const onSkipped = (count: number): number => skipped.push(count);
  const opened = new UtmpReader(path, {
    path: '/var/log/btmp',
    log: 'btmp',
    layout,
    onChange: () => undefined,
    onSkipped,
  });
  t.teardown(() => opened.file.close());
  return { path, reader: opened, skipped };
}

const read = (from: UtmpReader): string[] =>
  [...from.read()].flatMap(({ bytes }) =>
    [...bytes.toString().matchAll(/"(.*?)" on/g)].map((found) => found[1] as string),
  );

t.test('a chunk has lines, times, offset and position', async (t) => {
  const { path, reader: opened } = reader(t, Buffer.concat([users('root'), loginRecord({ seconds: SECONDS + 1 })]));
  const [first] = opened.read();
  t.match(first, { source: '/var/log/btmp', offset: 0, times: [SECONDS * 1000, SECONDS * 1000 + 1000] });
  t.match(first?.position, { path: '/var/log/btmp', offset: 768, hashed: 768 });
  appendFileSync(path, users('ann').subarray(0, 100));
  t.same([...opened.read()], []);
  appendFileSync(path, users('ann').subarray(100));
  const [second] = opened.read();
  t.equal(second?.bytes.toString(), 'btmp[4711]: login failed for "ann" on "ssh:notty" from 198.51.100.7\n');
  t.match(second, { offset: 768, position: { offset: 1152, hashed: 768 } });
});

t.test('seeks to whole records', async (t) => {
  const bytes = users('a', 'b', 'c');
  const { reader: opened } = reader(t, bytes);
  for (const [offset, rest] of [
    [384, 'bc'],
    [500, 'bc'],
    [1152, ''],
    [0, 'abc'],
  ] as const) {
    opened.seek(offset);
    t.equal(read(opened).join(''), rest, `${offset}`);
  }
});

t.test('a file too short to tell its layout is read from its beginning', async (t) => {
  const { path, reader: opened } = reader(t, users('a').subarray(0, 100));
  opened.seek(100);
  t.equal(opened.file.offset, 0);
  appendFileSync(path, Buffer.concat([users('a').subarray(100), users('b')]));
  t.same(read(opened), ['a', 'b']);
});

t.test('the layout may be said', async (t) => {
  const records: LoginRecord[] = [{ user: 'a' }, { user: 'b' }];
  const { reader: opened } = reader(t, Buffer.concat(records.map((record) => loginRecord(record, 'arm64'))), 'arm64');
  opened.seek(799);
  t.equal(opened.file.offset, 400);
  t.same(read(opened), ['b']);
});

t.test('what is no login is counted', async (t) => {
  const { reader: opened, skipped } = reader(
    t,
    Buffer.concat([loginRecord({ type: 2 }), users('a'), Buffer.alloc(384), loginRecord({ type: 8 })]),
  );
  t.same(read(opened), ['a']);
  t.same(skipped, [3]);
});

t.test('a large file comes in pieces', async (t) => {
  const { reader: opened } = reader(t, Buffer.concat(Array(5000).fill(users('a'))));
  const sizes = [...opened.read()].map(({ times }) => times?.length ?? 0);
  t.equal(
    sizes.reduce((sum, size) => sum + size),
    5000,
  );
  t.ok(sizes.length > 5);
});
