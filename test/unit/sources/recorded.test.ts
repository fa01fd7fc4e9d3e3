import { Readable } from 'node:stream';
import t from 'tap';
import type { Chunk } from '../../../src/sources/chunk.js';
import { readJournalExport, readLoginRecords } from '../../../src/sources/recorded.js';
import { piecesOf } from '../../fuzz/input.js';
import { loginRecord, SECONDS } from '../../login-records.js';

async function all(chunks: AsyncIterable<Chunk>) {
  const found = { text: '', times: [] as number[] };
  for await (const { bytes, times = [], position } of chunks) {
    t.equal(position, undefined);
    found.text += bytes.toString('latin1');
    found.times.push(...times);
  }
  return found;
}

t.test('what journalctl printed, in any pieces, with and without a last newline', async (t) => {
  const entry = (index: number): string =>
    JSON.stringify({
      __CURSOR: `s=${index}`,
      __REALTIME_TIMESTAMP: `${index}000`,
      _HOSTNAME: 'h',
      _COMM: 'sshd',
      MESSAGE: `m\n${index}`,
    });
  const text = `${entry(1)}\nno entry\n${entry(2)}\n${entry(3)}`;
  for (const [seed, ending] of [
    [1, ''],
    [2, '\n'],
  ] as const) {
    const said: string[] = [];
    const stream = Readable.from(piecesOf(Buffer.from(text + ending), seed));
    const found = await all(readJournalExport(stream, 'x', { onEvent: ({ message }) => said.push(message) }));
    t.same(found, { text: 'h sshd: m\\n1\nh sshd: m\\n2\nh sshd: m\\n3\n', times: [1, 2, 3] });
    t.match(said, [/1 entries that cannot be read/]);
  }
});

t.test('login records, in any pieces', async (t) => {
  const bytes = Buffer.concat([
    loginRecord(),
    loginRecord({ user: 'a"b', seconds: SECONDS + 1 }),
    loginRecord({ type: 2 }),
  ]);
  const found = await all(readLoginRecords(Readable.from(piecesOf(bytes, 3)), 'btmp'));
  t.match(found.text, /^btmp\[4711\]: login failed for "root" .*\nbtmp\[4711\]: login failed for "a\\x22b" on .*\n$/);
  t.same(found.times, [SECONDS * 1000, SECONDS * 1000 + 1000]);
});
