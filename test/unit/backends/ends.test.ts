import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Ends } from '../../../src/backends/ends.js';
import { Held } from '../../../src/backends/held.js';
import { Prefix } from '../../../src/model/prefix.js';

/** Elements with these ends, in milliseconds from now, and how often they were looked at. */
function watched(forget: (held: Held) => Promise<void>) {
  const held = new Held({ clock: Date.now });
  let looks = 0;
  const ends = new Ends(held, Date.now, async () => {
    looks++;
    await forget(held);
  });
  const add = (address: string, left: number): void => {
    held.enter({ verb: 'add', prefix: Prefix.parse(address), until: Date.now() + left });
    ends.arm();
  };
  return { held, ends, add, looks: () => looks };
}

const take = async (held: Held): Promise<void> => void held.takeEnded();

t.test('it wakes when the next element ends, and for those behind it together', async (t) => {
  const { held, ends, add, looks } = watched(take);
  t.teardown(() => ends.stop());
  add('192.0.2.9', 60_000);
  for (let left = 400; left < 460; left += 10) add(`192.0.2.${left - 390}`, left);
  await sleep(50);
  t.equal(looks(), 0);
  await sleep(1000);
  t.equal(held.count, 1);
  t.equal(looks(), 2, 'not one for each');
});

t.test('a look that failed does not come again at once, and a stopped one never', async (t) => {
  const { ends, add, looks } = watched(() => Promise.reject(new Error('no')));
  add('192.0.2.1', 0);
  await sleep(100);
  t.equal(looks(), 1);
  ends.stop();
  add('192.0.2.2', 0);
  await sleep(20);
  t.equal(looks(), 1);
});
