import t from 'tap';
import { Scoping } from '../../../src/daemon/scoping.js';
import { Ledger, type Recorded } from '../../../src/ledger/ledger.js';
import { Prefix } from '../../../src/model/prefix.js';
import { scopeText } from '../../../src/model/scope.js';
import type { BanVerdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;

const verdict = (address: string, jail: string): BanVerdict => ({
  kind: 'ban',
  ban: { prefix: Prefix.parse(address), jail, reason: '', since: NOW, until: null },
});

function world(t: { teardown(end: () => void): void }) {
  const jails = [
    { name: 'sshd', scope: 'all' },
    { name: 'web', scope: 'observe tcp/80' },
  ];
  const ledger = Ledger.open(':memory:', { clock: () => NOW });
  t.teardown(() => ledger.close());
  const [told, problems]: [string[], string[]] = [[], []];
  const enforcement = {
    carryOut: async ({ changes }: Pick<Recorded, 'changes'>) => {
      told.push(...changes.map((change) => `${change.prefix} ${change.verb === 'add' && scopeText(change.scope)}`));
      return changes.length;
    },
  };
  const scoping = new Scoping({ ledger, enforcement, jails: () => jails, problem: (text) => problems.push(text) });
  return { jails, ledger, scoping, told, problems, enforcement };
}

t.test('a verdict gets the scope of its jail', async (t) => {
  const { scoping } = world(t);
  const verdicts = scoping.of([verdict('192.0.2.1', 'sshd'), verdict('192.0.2.2', 'web'), verdict('192.0.2.3', 'x')]);
  t.same(
    verdicts.map(({ ban }) => scopeText(ban.scope)),
    ['all', 'observe tcp/80', 'all'],
  );
  t.notOk('scope' in (verdicts[0]?.ban ?? {}));
});

t.test('at a start the ledger gets what is configured', async (t) => {
  const { scoping, ledger, told } = world(t);
  ledger.record([verdict('192.0.2.2', 'web'), verdict('192.0.2.1', 'sshd')]);
  scoping.begin();
  t.same(
    [...ledger.bans()].flat().map(({ jail, scope }) => `${jail} ${scopeText(scope)}`),
    ['web observe tcp/80', 'sshd all'],
  );
  t.same(told, []);
  t.equal(await scoping.turn(), 0, 'nothing is left to turn');
});

t.test('what is configured otherwise is turned, and nothing else', async (t) => {
  const { scoping, jails, ledger, told } = world(t);
  ledger.record([verdict('192.0.2.2', 'web'), verdict('192.0.2.1', 'sshd'), verdict('192.0.2.2', 'sshd')]);
  scoping.begin();
  jails[0] = { name: 'sshd', scope: 'tcp/22' };
  t.equal(await scoping.turn(), 2);
  t.same(told.splice(0), ['192.0.2.1 tcp/22', '192.0.2.2 tcp/22']);
  jails[1] = { name: 'web', scope: 'tcp/80' };
  t.equal(await scoping.turn(), 1);
  t.same(told.splice(0), ['192.0.2.2 tcp/22,80']);
  t.equal(await scoping.turn(), 0);
});

t.test('a ledger that fails stops nothing, and is told', async (t) => {
  const { scoping, ledger, problems } = world(t);
  ledger.close();
  scoping.begin();
  t.equal(await scoping.turn(), 0);
  t.match(problems, [/ledger/, /bans stand with the scope that they had, until the next start: .*ledger/]);
});
