import t from 'tap';
import { Bell } from '../../../src/sources/bell.js';

t.test('a ring wakes', async (t) => {
  const bell = new Bell();
  const woken = bell.wait();
  bell.ring();
  await t.resolves(woken);
});

t.test('rings before the wait are remembered, as one', async (t) => {
  const bell = new Bell();
  bell.ring();
  bell.ring();
  await bell.wait();
  let isAwake = false;
  const second = bell.wait().then(() => {
    isAwake = true;
  });
  await Promise.resolve();
  t.notOk(isAwake);
  bell.ring();
  await second;
});

t.test('nobody sleeps once it is stopped', async (t) => {
  const bell = new Bell();
  const woken = bell.wait();
  t.notOk(bell.stopped);
  bell.stop();
  t.ok(bell.stopped);
  await woken;
  await bell.wait();
  await bell.wait();
});
