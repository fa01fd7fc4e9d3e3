import t from 'tap';
import { jsonOf } from '../../../../src/cli/report/json.js';
import { REPORT } from '../../../offenders.js';

const text = (report: typeof REPORT): string => [...jsonOf({ title: 'A "title"\u202e', report })].join('');

t.test('as the service tells it, with a title, an offender a line', async (t) => {
  t.same(JSON.parse(text(REPORT)), { title: 'A "title"\u202e', ...REPORT });
  t.same(Object.keys(JSON.parse(text(REPORT))), ['title', 'time', 'since', 'sums', 'timeline', 'jails', 'offenders']);
  t.equal(text(REPORT).split('\n').length, 5);
  t.notMatch(text(REPORT), '\u202e');
  t.same(JSON.parse(text({ ...REPORT, offenders: [] })).offenders, []);
});
