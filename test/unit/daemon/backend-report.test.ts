import t from 'tap';
import { backendReportOf } from '../../../src/daemon/backend-report.js';

const facts = {
  name: 'denyfile.web',
  isOpen: true,
  writer: { pending: 1, refused: 2 },
  repaired: 3,
  audited: 1_700_000_000_000,
  failure: null,
};

t.test('a file, a routing table, and what is not open', async (t) => {
  const file = { path: '/a', format: 'nginx', written: 1_700_000_000_000, pending: false, failure: null };
  const counters = async () => ({ elements: 7, packets: 0, bytes: 0 });
  const denyfile = { kind: 'denyfile', counters, state: () => ({ file }) };
  const time = '2023-11-14T22:13:20.000Z';
  t.same(await backendReportOf({ ...facts, backend: denyfile }), {
    ...{ name: 'denyfile.web', kind: 'denyfile', elements: 7, pending: 1, refused: 2, repaired: 3, audited: time },
    ...{ routes: null, file: { ...file, written: time }, failure: null },
  });
  const route = { kind: 'route', counters, state: () => ({ routes: { table: 213 } }) };
  t.match(await backendReportOf({ ...facts, backend: route, audited: null }), {
    routes: { table: 213 },
    file: null,
    audited: null,
  });
  const closed = { kind: 'route', counters: () => t.fail('asked') as never, state: () => t.fail('asked') as never };
  t.match(await backendReportOf({ ...facts, backend: closed, isOpen: false, failure: 'gone' }), {
    elements: null,
    routes: null,
    failure: 'gone',
  });
});
