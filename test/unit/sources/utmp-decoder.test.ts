import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { UtmpDecoder } from '../../../src/sources/utmp-decoder.js';
import { type LoginRecord, loginRecord, SECONDS } from '../../login-records.js';

const RECORDS: LoginRecord[] = [
  { user: 'root', address: 'c6336407' },
  { user: 'admin', address: '20010db8000000000000000000000007', seconds: SECONDS + 1 },
  { user: 'x'.repeat(32), line: 'tty1', address: '00000000000000000000ffffc6336408', seconds: SECONDS + 2 },
  { user: 'ann', address: '01020304', pid: 2 ** 22, seconds: SECONDS + 86_400 },
  { user: 'bob', type: 7, address: '0a000001', seconds: 2 ** 31 - 1 },
];

t.test('records, whatever pieces they come in', async (t) => {
  for (const layout of ['x86-64', 'arm64'] as const) {
    const bytes = Buffer.concat(RECORDS.map((record) => loginRecord(record, layout)));
    for (const size of [1, 7, 383, 384, 385, 400, 401, 1000, 5000]) {
      const decoder = new UtmpDecoder();
      const users: string[] = [];
      for (let at = 0; at < bytes.length; at += size) {
        const piece = Buffer.from(bytes.subarray(at, at + size));
        users.push(...decoder.push(piece).map((record) => record.user.toString()));
        piece.fill(0x7e);
      }
      t.same(
        users,
        RECORDS.map(({ user }) => user),
        `${layout} ${size}`,
      );
      t.same([decoder.layout, decoder.pending, decoder.broken], [layout, 0, 0]);
    }
  }
});

t.test('a partial record waits', async (t) => {
  const decoder = new UtmpDecoder('x86-64');
  t.same(decoder.push(loginRecord().subarray(0, 300)), []);
  t.equal(decoder.pending, 300);
  t.equal(decoder.push(loginRecord().subarray(300)).length, 1);
});

t.test('a broken record is counted, and the next one is read', async (t) => {
  const decoder = new UtmpDecoder();
  const records = decoder.push(Buffer.concat([loginRecord(), Buffer.alloc(384, 0xff), loginRecord({ user: 'ann' })]));
  t.same(
    records.map(({ user }) => user.toString()),
    ['root', 'ann'],
  );
  t.equal(decoder.broken, 1);
});

t.test('lastb reads the same', async (t) => {
  const path = join(t.testdir(), 'btmp');
  writeFileSync(path, Buffer.concat(RECORDS.map((record) => loginRecord(record))));
  const words = ['-f', path, '--ip', '--fullnames', '--time-format', 'iso'];
  const { stdout } = spawnSync('lastb', words, { encoding: 'utf8', env: { ...process.env, TZ: 'UTC' } });
  const theirs = stdout
    .split('\n')
    .slice(0, RECORDS.length)
    .map((line) => line.split(/\s+/).slice(0, 4))
    .reverse();
  const records = new UtmpDecoder().push(Buffer.concat(RECORDS.map((record) => loginRecord(record))));
  const ours = records.map(({ user, line, address, time }) => [
    user.toString(),
    line.toString(),
    address?.text,
    new Date(time).toISOString().replace('.000Z', '+00:00'),
  ]);
  t.same(ours, theirs);
});

t.test('random bytes never throw, and what is kept stays small', async (t) => {
  for (const layout of [undefined, 'x86-64', 'arm64'] as const) {
    const decoder = new UtmpDecoder(layout);
    let block = Buffer.from('seed');
    for (let i = 0; i < 5000; i++) {
      block = createHash('sha512').update(block).digest();
      decoder.push(Buffer.concat(Array(block[0] as number).fill(block)).subarray(block[1]));
      if (decoder.pending >= 400) t.fail(`${decoder.pending} bytes are kept`);
    }
    t.ok(decoder.broken > 1000);
  }
});
