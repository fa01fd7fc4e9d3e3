import { existsSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { filterDirectories, OWN_FILTERS, STOCK_FILTERS } from '../../../src/config/directories.js';

t.test("the operator's own filters come first, then dropset's, then those of a fail2ban tree", async (t) => {
  t.strictSame(filterDirectories(), [OWN_FILTERS, STOCK_FILTERS]);
  t.strictSame(filterDirectories('/etc/fail2ban'), [OWN_FILTERS, STOCK_FILTERS, '/etc/fail2ban/filter.d']);
});

t.test('the filters that come with dropset are there', async (t) => {
  t.ok(existsSync(join(STOCK_FILTERS, 'sshd.conf')));
});
