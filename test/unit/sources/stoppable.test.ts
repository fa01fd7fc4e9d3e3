import t from 'tap';
import { stoppable } from '../../../src/sources/stoppable.js';

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
