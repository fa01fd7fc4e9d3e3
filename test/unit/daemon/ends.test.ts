import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Ends } from '../../../src/daemon/ends.js';

t.test('bans that end are forgotten when they do, and a jump of the clock is told', async (t) => {
  let ahead = 0;
  let isMore = 2;
  const told: string[] = [];
  const asked: string[] = [];
  const ends = new Ends({
    clock: () => Date.now() + ahead,
    nextEnd: () => undefined,
    enforcement: {
      expire: async () => {
        told.push('expired');
        return --isMore > 0;
      },
      extend: async () => undefined,
    },
    healing: { disturbed: ({ sentence }) => told.push(sentence) },
    extensions: {
      ending: () => {
        asked.push('ending');
        return [];
      },
    },
    lookup: async () => [],
    jails: () => [],
    problem: (sentence) => told.push(sentence),
  });
  ends.start(null);
  ahead = 3_600_000;
  ends.arm(Date.now() + ahead - 5_000);
  for (let times = 0; told.length < 3 && times < 200; times++) await sleep(5);
  await ends.stop();
  t.match(told, [/^the clock went ahead by (1h|59m)/, 'expired', 'expired']);
  t.same(asked, [], 'no jail extends bans');
});
