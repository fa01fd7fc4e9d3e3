import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { USUAL_SIEGE } from '../../../src/model/siege.js';

const read = (more: string) => parseSettings(`[jail.a]\nlogpath = "/a"\n${more}`, 'x.toml').jails[0];

t.test('when a jail is under siege, as it is written', async (t) => {
  t.equal(read('')?.siege, undefined, 'off by default');
  t.strictSame(read('siege = {}')?.siege, USUAL_SIEGE);
  t.strictSame(USUAL_SIEGE, { offenders: 100, userOffenders: 20, window: 600_000, calm: 1_800_000 });
  t.strictSame(read('siege = { offenders = 7, user_offenders = 3, window = "1m", calm = "2m" }')?.siege, {
    ...{ offenders: 7, userOffenders: 3, window: 60_000, calm: 120_000 },
  });
  t.strictSame(read("successregex = '^ in from <ADDR>$'")?.successregex, ['^ in from <ADDR>$']);
});

t.test('what is wrong is told', async (t) => {
  t.throws(() => read('siege = true'), /siege: found true; expected a table such as \{ offenders = 100, /);
  t.throws(() => read('siege = 2026-01-01'), /siege: found .*; expected a table such as/);
  t.throws(() => read('siege = { ofenders = 2 }'), /siege\.ofenders: unknown; did you mean 'offenders'\?/);
  t.throws(() => read('siege = { offenders = 0 }'), /offenders: found 0; expected a whole number from 1 to 10000/);
  t.throws(() => read('siege = { user_offenders = 2000 }'), /expected a whole number from 1 to 1000/);
  t.throws(() => read('siege = { window = "2d" }'), /window: found "2d"; expected a time from "1s" to "1d"/);
  t.throws(() => read('siege = { calm = "never" }'), /calm: found "never"; expected a time from "1s" to "30d"/);
  t.throws(() => read('successregex = []'), /successregex: .*expected a regular expression, or a list of at least one/);
  t.throws(
    () => parseSettings('[jail.a]\nrecidive = "*"\nsiege = {}', 'x.toml'),
    /counts bans \(recidive\) and has siege; expected one or the other/,
  );
});
