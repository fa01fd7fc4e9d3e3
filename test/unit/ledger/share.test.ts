import t from 'tap';
import { Ledger } from '../../../src/ledger/ledger.js';
import { type Share, WHOLE } from '../../../src/ledger/share.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Change, Verdict } from '../../../src/model/street.js';

const NOW = 1_700_000_000_000;
const p = Prefix.parse;
const ban = (address: string, jail: string, until: number | null): Verdict => ({
  kind: 'ban',
  ban: { prefix: p(address), jail, reason: '', since: NOW, until },
});
const texts = (changes: readonly Change[]): string[] =>
  changes.map((change) =>
    change.verb === 'add'
      ? `add ${change.prefix} ${change.until === null ? 'never' : change.until - NOW}`
      : `remove ${change.prefix}`,
  );

/** All jails but these. */
const without = (...jails: string[]): Share => ({
  isWhole: jails.length === 0,
  includes: (jail) => !jails.includes(jail),
});

t.test('changes are those of a share, lists tell all', async (t) => {
  let excluded = ['web'];
  const share: Share = {
    get isWhole() {
      return excluded.length === 0;
    },
    includes: (jail) => !excluded.includes(jail),
  };
  const ledger = Ledger.open(':memory:', { clock: () => NOW, share });
  t.teardown(() => ledger.close());
  t.same(texts(ledger.record([ban('192.0.2.1', 'web', NOW + 9000)]).changes), ['remove 192.0.2.1']);
  t.same(texts(ledger.record([ban('192.0.2.1', 'sshd', NOW + 5000), ban('192.0.2.2', 'sshd', null)]).changes), [
    'add 192.0.2.1 5000',
    'add 192.0.2.2 never',
  ]);
  t.equal([...ledger.bans()].flat().length, 3);
  t.equal(ledger.bansOf(p('192.0.2.1')).length, 2);
  const page = (): string[] => [...new Set(texts([...ledger.elements()].flat()))];
  t.same(page(), ['add 192.0.2.1 5000', 'add 192.0.2.2 never']);
  t.same(texts(ledger.record([{ kind: 'unban', prefix: p('192.0.2.1'), jail: 'sshd' }]).changes), ['remove 192.0.2.1']);
  t.same(page(), ['remove 192.0.2.1', 'add 192.0.2.2 never']);
  excluded = [];
  t.same(page(), ['add 192.0.2.1 9000', 'add 192.0.2.2 never'], 'another configuration');
  t.same(texts(ledger.record([ban('192.0.2.3', 'web', null)]).changes), ['add 192.0.2.3 never']);
});

t.test('and of another share, for another backend', async (t) => {
  const ledger = Ledger.open(':memory:', {
    clock: () => NOW,
    refusal: (prefix) => (prefix.text === '192.0.2.9' ? 'no' : undefined),
  });
  t.teardown(() => ledger.close());
  ledger.record([
    ban('192.0.2.1', 'web', NOW + 9000),
    ban('192.0.2.1', 'sshd', NOW + 5000),
    ban('192.0.2.2', 'web', null),
  ]);
  const asked = ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.9'].map((address) => p(address));
  const changes = (share: Share): string[] => texts(ledger.changesFor(asked, share));
  t.same(changes(WHOLE), ['add 192.0.2.1 9000', 'add 192.0.2.2 never', 'remove 192.0.2.3', 'remove 192.0.2.9']);
  t.same(changes(without('web')), ['add 192.0.2.1 5000', 'remove 192.0.2.2', 'remove 192.0.2.3', 'remove 192.0.2.9']);
  t.same(changes(without('sshd')), [
    'add 192.0.2.1 9000',
    'add 192.0.2.2 never',
    'remove 192.0.2.3',
    'remove 192.0.2.9',
  ]);
});
