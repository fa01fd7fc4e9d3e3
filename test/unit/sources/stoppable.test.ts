import t from 'tap';
import { Bell } from '../../../src/sources/bell.js';
import { endOf, stoppable } from '../../../src/sources/stoppable.js';

t.test('is left while it waits', async (t) => {
  let wake = (): void => undefined;
  const stopped = new Promise<void>((resolve) => {
    wake = resolve;
  });
  async function* generate(): AsyncGenerator<number> {
    yield 1;
    await stopped;
  }
  const iterator = stoppable(generate(), () => wake());
  t.equal(iterator[Symbol.asyncIterator](), iterator);
  t.same(await iterator.next(), { value: 1, done: false });
  const pending = iterator.next();
  t.same(await iterator.return?.(), { value: undefined, done: true });
  t.same(await pending, { value: undefined, done: true });
});

t.test('the end comes once, from whichever side', async (t) => {
  for (const from of ['the signal', 'the consumer', 'a signal that has aborted before']) {
    const [abort, bell] = [new AbortController(), new Bell()];
    let closed = 0;
    if (from.includes('before')) abort.abort();
    const stop = endOf(abort.signal, bell, () => {
      closed++;
    });
    if (from === 'the signal') abort.abort();
    stop();
    stop();
    t.same([closed, bell.stopped], [1, true], from);
  }
});
