import t from 'tap';
import { filterOf } from '../../../src/cli/list-filter.js';

const NOW = 1_700_000_000_000;

t.test('options become the filter of a list', async (t) => {
  t.same(filterOf({ options: {} }, NOW), {});
  t.same(filterOf({ options: { jail: 'sshd', prefix: '192.0.2.0/24', since: '1h' } }, NOW), {
    jail: 'sshd',
    prefix: '192.0.2.0/24',
    since: '2023-11-14T21:13:20.000Z',
  });
  t.same(filterOf({ options: { since: '2023-11-14' } }, NOW), { since: '2023-11-14T00:00:00.000Z' });
  t.same(filterOf({ options: { since: 'never' } }, NOW), { since: '1970-01-01T00:00:00.000Z' });
});

t.test('a time that is none', async (t) => {
  for (const since of ['soon', '2023-99-99', '']) {
    t.throws(() => filterOf({ options: { since } }, NOW), { name: 'UsageError', message: /^--since: / });
  }
});
