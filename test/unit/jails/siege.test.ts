import t from 'tap';
import { type Kept, Siege } from '../../../src/jails/siege.js';
import type { SiegeChange, SiegeTerms } from '../../../src/model/siege.js';

const TERMS: SiegeTerms = { offenders: 3, userOffenders: 2, window: 100, calm: 300 };

class Besieged {
  readonly changes: SiegeChange[] = [];
  readonly kept: [Kept, string, number][] = [];
  readonly siege: Siege;

  constructor(terms: Partial<SiegeTerms> = {}) {
    this.siege = new Siege(
      { ...TERMS, ...terms },
      {
        onChange: (change) => this.changes.push(change),
        onKeep: (...what) => this.kept.push(what),
      },
    );
  }

  /** Failures of as many addresses as there are times. */
  fail(times: readonly number[], user?: string): (string | undefined)[] {
    return times.map((time) => this.siege.see(`at ${time}`, user, time));
  }
}

t.test('it begins with one too many, lasts while there are as many, and ends when it has been calm', async (t) => {
  const { siege, changes, fail } = bound(new Besieged());
  t.same(fail([0, 10, 20, 30, 40]), [undefined, undefined, undefined, '', '']);
  t.same(changes, [{ state: 'begin', user: null, since: 30, until: null, bans: 0 }]);
  siege.banned('');
  siege.banned('');
  t.same(siege.standing, [{ user: null, since: '1970-01-01T00:00:00.030Z', bans: 2 }]);
  t.same(fail([340]), [''], 'one a while later, alone, is under siege still');
  siege.settle(340);
  t.equal(changes.length, 1);
  t.same(fail([341]), [undefined]);
  t.same(changes[1], { state: 'end', user: null, since: 30, until: 340, bans: 2 });
  t.same(siege.standing, []);
});

t.test('one that goes on does not end', async (t) => {
  const { changes, fail } = bound(new Besieged());
  fail(Array.from({ length: 200 }, (_, index) => index * 20));
  t.equal(changes.length, 1);
});

t.test('its end is told when somebody looks at the time', async (t) => {
  const { siege, changes, fail } = bound(new Besieged());
  fail([0, 10, 20, 30]);
  siege.settle(330);
  t.equal(changes.length, 1);
  siege.settle(331);
  t.match(changes[1], { state: 'end', until: 330 });
});

t.test('one user that many go for', async (t) => {
  const { siege, changes, fail } = bound(new Besieged({ offenders: 1000 }));
  t.same(fail([0, 10, 20], 'root'), [undefined, undefined, 'root']);
  t.equal(siege.see('another', 'admin', 25), undefined);
  t.equal(siege.see('another', undefined, 25), undefined, 'who names nobody is against nobody');
  t.equal(siege.see('another', '', 25), undefined);
  t.same(changes, [{ state: 'begin', user: 'root', since: 20, until: null, bans: 0 }]);
  siege.banned('root');
  siege.banned('nobody');
  t.same(siege.standing, [{ user: 'root', since: '1970-01-01T00:00:00.020Z', bans: 1 }]);
  siege.settle(1000);
  t.match(changes[1], { state: 'end', user: 'root', until: 320, bans: 1 });
});

t.test("while the whole jail is under siege no user's begins, and one that was there goes on", async (t) => {
  const { siege, changes, fail } = bound(new Besieged());
  fail([0, 10, 20], 'root');
  fail([21, 22, 23, 24], 'admin');
  t.same(
    changes.map(({ user }) => user),
    ['root', null],
  );
  t.equal(siege.see('x', 'root', 200), '');
  t.same(
    siege.standing.map(({ user }) => user),
    [null, 'root'],
    "the jail's first",
  );
});

t.test('at most 100 users at a time are told of', async (t) => {
  const { siege, changes } = new Besieged({ offenders: 1000, window: 10_000 });
  for (let user = 0; user < 150; user++) {
    for (let address = 0; address < 3; address++) siege.see(`${address}`, `user ${user}`, user);
  }
  t.equal(changes.length, 100);
  t.equal(siege.standing.length, 100);
});

t.test('who has logged in is known', async (t) => {
  const { siege, kept } = new Besieged();
  siege.login('192.0.2.1', 7);
  siege.login('192.0.2.1', 8);
  t.same([siege.knows('192.0.2.1'), siege.knows('192.0.2.2'), siege.known], [true, false, 1]);
  t.same(kept, [['logins', '192.0.2.1', 7]]);
});

t.test('lifted, all end', async (t) => {
  const { siege, changes, fail } = bound(new Besieged());
  fail([0, 10, 20], 'root');
  fail([21, 22], 'admin');
  siege.lift(50);
  t.same(
    changes.slice(2).map(({ state, user, until }) => [state, user, until]),
    [
      ['end', 'root', 50],
      ['end', null, 50],
    ],
  );
});

t.test('another one goes on with its sieges, and with whom it knows', async (t) => {
  const before = bound(new Besieged());
  before.fail([0, 10, 20, 30]);
  before.siege.banned('');
  before.siege.login('192.0.2.1', 7);
  const after = new Besieged({ calm: 1000 });
  after.siege.inherit(before.siege);
  t.equal(after.siege.knows('192.0.2.1'), true);
  t.equal(after.siege.see('x', undefined, 900), '');
  after.siege.settle(1031);
  t.match(after.changes, [{ state: 'end', since: 30, until: 1030, bans: 1 }]);
});

t.test('a later life goes on with what was written down', async (t) => {
  const terms = { window: 100_000, calm: 300_000 };
  const before = bound(new Besieged(terms));
  before.siege.login('192.0.2.1', 7);
  before.fail([0, 10, 20], 'root');
  before.fail([21, 22, 60_030, 60_031], 'admin');
  t.same(before.kept, [
    ['logins', '192.0.2.1', 7],
    ['siege', 'root', 20],
    ['siege', '', 21],
    ['siege', '', 60_030],
  ]);
  const whole = (['logins', 'siege'] as const).flatMap((what) => {
    const all = before.siege.kept(what);
    return all.flatMap((key, at) => (at % 2 === 0 ? [[what, key, all[at + 1]] as [Kept, string, number]] : []));
  });
  for (const told of [before.kept, whole]) {
    const after = new Besieged(terms);
    for (const one of told) after.siege.restore(...one);
    t.equal(after.siege.knows('192.0.2.1'), true);
    t.same(after.changes, [], 'its begin has been told');
    t.equal(after.siege.see('x', undefined, 60_032), '');
    after.siege.settle(700_000);
    t.match(after.changes, [
      { state: 'end', user: 'root', since: 20 },
      { state: 'end', user: null, since: 21 },
    ]);
    for (const one of after.kept.filter(([, , time]) => time < 0)) after.siege.restore(...one);
    t.same(after.siege.standing, []);
  }
  before.siege.lift(70_000);
  const late = new Besieged(terms);
  for (const one of before.kept) late.siege.restore(...one);
  late.siege.settle(1_000_000);
  t.same(late.changes, [], 'its end has been told too');
});

t.test('a log of sieges that somebody has written does not fill the memory', async (t) => {
  const { siege } = new Besieged();
  for (let index = 0; index < 1000; index++) siege.restore('siege', `${index}`, 5);
  t.ok(siege.standing.length <= 101);
});

function bound(besieged: Besieged) {
  const { siege, changes, kept } = besieged;
  return { siege, changes, kept, fail: besieged.fail.bind(besieged) };
}
