/** Attacks on the real programs, which write their real logs: who attacks is banned, his packets are dropped, and the ban ends; others are served. */
import t from 'tap';
import { type Account, faultsOf, play } from '../../scripts/lab/play.mjs';
import { scenarios } from '../../scripts/lab/scenarios.mjs';
import { Stage } from '../../scripts/lab/stage.mjs';
import { PRESETS } from '../../src/presets/presets.js';

const all = await scenarios();
const stage = await Stage.open(all);
t.teardown(() => stage.close());

// At the same time: most of the time is waiting for bans to end.
const plays = Object.entries(all).flatMap(([name, scenario]) =>
  (scenario.families ?? [4]).map((family) => ({
    ...{ name, family, scenario },
    account: play(stage, name, { family }).catch((error: Error) => error),
  })),
);

for (const { name, family, scenario, account } of plays) {
  t.test(`${name}, IPv${family}: ${scenario.about}`, async (t) => {
    const happened = await account;
    if (happened instanceof Error) throw happened;
    t.same(faultsOf(happened, scenario), []);
    t.comment(happened.line);
  });
}

t.test('every preset has a scenario, in one line', async (t) => {
  for (const { name } of PRESETS) t.equal(all[name]?.jail, `preset = "${name}"\n`, name);
});

t.test('what is not as it should be is seen', async (t) => {
  const right: Account = {
    ...{ attempts: 3, reason: '', line: '', dropped: true, packets: 1 },
    ...{ early: 0, back: true, served: 3, missed: [] },
  };
  const scenario = { tries: 3 };
  t.same(faultsOf(right, scenario), []);
  const wrong: Partial<Account>[] = [
    ...[{ attempts: 2 }, { dropped: false }, { packets: 0 }, { early: 5 }],
    ...[{ back: false }, { served: 2 }, { missed: ['no answer'] }],
  ];
  for (const one of wrong) t.equal(faultsOf({ ...right, ...one }, scenario).length, 1, JSON.stringify(one));
});
