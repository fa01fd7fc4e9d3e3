import t from 'tap';
import { sentencesOf } from '../../../src/model/reload-report.js';

const NOTHING = {
  jails: { added: [], removed: [], changed: [], unchanged: 2 },
  never: { added: [], removed: [] },
  lifted: 0,
  turned: 0,
  until: null,
  settings: [],
  restart: [],
  notes: ['not said here'],
};

t.test('nothing', async (t) => {
  t.same(sentencesOf(NOTHING), ['nothing has changed']);
  t.same(sentencesOf({ ...NOTHING, until: '2026-01-31T12:00:00.000Z' }), [
    'nothing has changed',
    'undone at 2026-01-31T12:00:00.000Z unless it is confirmed: dropset confirm',
  ]);
});

t.test('all there is, at most ten names each', async (t) => {
  const many = Array.from({ length: 12 }, (_, index) => `j${index}`);
  t.same(
    sentencesOf({
      ...NOTHING,
      jails: { added: many, removed: ['b'], changed: ['c'], unchanged: 0 },
      never: { added: ['192.0.2.1'], removed: ['192.0.2.2'] },
      lifted: 3,
      turned: 0,
      settings: ['service.audit'],
      restart: ['backend.table', 'service.state'],
    }),
    [
      'jails added: j0, j1, j2, j3, j4, j5, j6, j7, j8, j9 and 2 more',
      'jails changed: c',
      'jails removed; their bans stand until they end: b',
      'never-rules added: 192.0.2.1',
      'never-rules removed: 192.0.2.2',
      'settings changed: service.audit',
      'changed, and needs a restart: backend.table, service.state',
      'bans lifted, since never-rules cover them: 3',
    ],
  );
});
