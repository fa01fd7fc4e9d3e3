import t from 'tap';
import { CountLog, type Counts, failuresOf } from '../../../src/detection/counts.js';

t.test('the first entry is whole, the next ones have what came since', async (t) => {
  const open: Counts = { a: ['192.0.2.7', 5] };
  const log = new CountLog(() => open);
  t.strictSame(log.take(), { text: '{"a":["192.0.2.7",5]}', isWhole: true });
  t.equal(log.take(), undefined);
  log.add('a', '192.0.2.7', 6);
  log.add('b', '2001:db8::1', 7);
  log.add('a', '192.0.2.8', 8);
  t.strictSame(log.take(), { text: '{"a":["192.0.2.7",6,"192.0.2.8",8],"b":["2001:db8::1",7]}', isWhole: false });
  t.equal(log.take(), undefined);
  log.lost();
  t.equal(log.take()?.isWhole, true);
  t.equal(log.take(), undefined);
});

t.test('after 50,000 failures, or four times those that are open, all is written anew', async (t) => {
  for (const [size, limit] of [
    [0, 50_000],
    [20_000, 80_000],
  ] as const) {
    const open = { a: Array.from({ length: size }, (_, index) => [`10.0.${index >> 8}.${index & 255}`, 1]).flat() };
    const log = new CountLog(() => open);
    log.take();
    for (let failure = 0; failure < limit; failure++) log.add('a', '192.0.2.7', failure);
    t.equal(log.take()?.isWhole, false);
    log.add('a', '192.0.2.7', 0);
    t.equal(log.take()?.isWhole, true);
    log.add('a', '192.0.2.7', 0);
    t.equal(log.take()?.isWhole, false, 'and counted from there');
  }
});

t.test('entries are read as they were written, and nonsense is passed over', async (t) => {
  t.same(
    [...failuresOf('{"a":["192.0.2.7",6,"192.0.2.8",8],"b":[]}')],
    [
      ['a', '192.0.2.7', 6],
      ['a', '192.0.2.8', 8],
    ],
  );
  for (const text of ['', '{', 'null', '7', '[[1,2]]', '{"a":7}', '{"a":["x"]}', '{"a":[7,"x",null,null,"x","y"]}']) {
    t.same([...failuresOf(text)], [], text);
  }
});
