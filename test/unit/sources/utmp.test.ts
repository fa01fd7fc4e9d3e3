import { appendFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { followUtmp } from '../../../src/sources/utmp.js';
import { loginRecord } from '../../login-records.js';

const line = (user: string): string => `btmp[4711]: login failed for "${user}" on "ssh:notty" from 198.51.100.7\n`;

t.test('follows through inotify, over a rotation', async (t) => {
  const path = join(t.testdir(), 'btmp');
  writeFileSync(path, loginRecord());
  const abort = new AbortController();
  const iterator = followUtmp(path, { signal: abort.signal });
  const next = async (): Promise<string> => (await iterator.next()).value?.bytes.toString();
  const first = next();
  appendFileSync(path, loginRecord({ user: 'a' }));
  t.equal(await first, line('a'));
  const second = next();
  renameSync(path, `${path}.1`);
  writeFileSync(path, loginRecord({ user: 'b' }));
  t.equal(await second, line('b'));
  const pending = next();
  abort.abort();
  t.equal(await pending, undefined);
});

t.test('ends when it is left, or was never wanted', async (t) => {
  const path = join(t.testdir(), 'wtmp');
  writeFileSync(path, Buffer.concat([loginRecord({ type: 7 }), loginRecord()]));
  const iterator = followUtmp(path, { signal: new AbortController().signal, log: 'wtmp', start: 'beginning' });
  const { value } = await iterator.next();
  t.match(value?.bytes.toString(), /^wtmp\[4711\]: logged in "root" on "ssh:notty" from 198.51.100.7\n$/);
  const pending = iterator.next();
  await iterator.return?.();
  t.match(await pending, { done: true });
  for await (const chunk of followUtmp(path, { signal: AbortSignal.abort() })) t.fail(chunk.source);
});

t.test('aborted between two chunks', async (t) => {
  const path = join(t.testdir(), 'btmp');
  writeFileSync(path, Buffer.concat(Array(2000).fill(loginRecord())));
  const abort = new AbortController();
  let chunks = 0;
  for await (const { times } of followUtmp(path, { signal: abort.signal, start: 'beginning' })) {
    t.ok(times && times.length <= 700);
    chunks += 1;
    abort.abort();
  }
  t.equal(chunks, 1);
});
