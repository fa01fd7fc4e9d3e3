import t from 'tap';
import { openingFailure, refusalOf } from '../../../../src/backends/nftables/refusal.js';
import { Transaction } from '../../../../src/backends/nftables/transaction.js';
import { Encoder } from '../../../../src/netlink/encoder.js';
import { NetlinkError } from '../../../../src/netlink/failure.js';

const empty = new Transaction(new Encoder(), () => 1);

t.test('where the fault lies', async (t) => {
  const faults = {
    1: 'backend',
    2: 'backend',
    4: 'passing',
    11: 'passing',
    12: 'passing',
    105: 'passing',
    90: 'backend',
  };
  for (const [errno, fault] of Object.entries(faults)) {
    t.match(refusalOf(new NetlinkError('batch', { errno: Number(errno) }), empty, 'dropset'), { fault }, errno);
  }
  for (const errno of [17, 22, 23, 34]) {
    t.match(refusalOf(new NetlinkError('batch', { errno }), empty, 'dropset'), { fault: 'element', code: 'kernel' });
  }
});

t.test('ways out', async (t) => {
  const sentence = (errno: number): string =>
    (refusalOf(new NetlinkError('batch', { errno }), empty, 'guard') as Error).message;
  t.match(sentence(23), /the set is full: raise size/);
  t.match(sentence(2), /table inet guard or a set in it is gone/);
  t.match(sentence(1), /belongs to another process/);
});

t.test('what is no refusal passes unchanged', async (t) => {
  const defect = new TypeError('mine');
  t.equal(refusalOf(defect, empty, 'dropset'), defect);
  t.equal(openingFailure(defect, 'dropset'), defect);
});

t.test('what keeps us from opening', async (t) => {
  const sentence = (operation: string, errno: number): { code: string; message: string } =>
    openingFailure(new NetlinkError(operation, { errno }), 'guard') as never;
  t.match(sentence('socket', 93), { code: 'unsupported', message: /no nf_tables.*modprobe nf_tables/ });
  t.match(sentence('socket', 97), { code: 'unsupported' });
  t.match(sentence('probe', 22), { code: 'unsupported' });
  t.match(sentence('probe', 1), { code: 'permission', message: /CAP_NET_ADMIN is missing/ });
  t.match(sentence('build', 1), { code: 'busy', message: /owned by another process/ });
  t.match(sentence('build', 22), { code: 'kernel', message: /building table inet guard/ });
});
