import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import t from 'tap';
import { filterNames } from '../../src/fail2ban/filter-files.js';
import { compareFilters } from '../fail2ban-filters.js';
import { STOCK } from '../stock-filter.js';

t.test('fail2ban reads every filter of ours as we do', async (t) => {
  const directory = t.testdir();
  symlinkSync(resolve(STOCK), join(directory, 'filter.d'));
  const questions = filterNames([STOCK]).flatMap((filter) =>
    [{}, { mode: 'host' }]
      .filter((parameters) => !('mode' in parameters) || filter === 'exim-dos')
      .map((parameters) => ({ filter, directory, parameters: { ...parameters }, logtype: 'file' as const })),
  );
  t.ok(questions.length > 15);
  for (const { question, ours, theirs, refused } of await compareFilters(questions)) {
    t.notOk(refused, `${question.filter} can be used`);
    t.same(ours, theirs, question.filter);
  }
});
