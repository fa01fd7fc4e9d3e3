import t from 'tap';
import type { Step } from '../../../../src/backends/route/messages.js';
import { failureOf, openingFailure, refusalOf } from '../../../../src/backends/route/refusal.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { NetlinkError } from '../../../../src/netlink/failure.js';

const step: Step = { verb: 'add', kind: 'blackhole', prefix: Prefix.parse('192.0.2.7') };
const error = (errno: number) => new NetlinkError('route', { errno });

t.test('where the fault lies', async (t) => {
  const faults = [17, 22, 1, 12, 105].map((errno) => refusalOf({ step, error: error(errno) }, 213).fault);
  t.same(faults, ['element', 'element', 'backend', 'passing', 'passing']);
  const refusal = refusalOf({ step, error: error(17) }, 213);
  t.equal(refusal.element?.text, '192.0.2.7');
  t.equal(
    refusal.message,
    "a route to 192.0.2.7 that is not dropset's stands in table 213; 'ip route show table 213 192.0.2.7' shows it",
  );
  t.match(refusalOf({ step, error: error(22) }, 213).message, /^route to 192.0.2.7: netlink route: invalid argument/);
});

t.test('a request that could not be made', async (t) => {
  t.match(failureOf(error(105)), { fault: 'passing', message: /no buffer space/ });
  t.match(failureOf(error(9)), { fault: 'backend' });
  const other = new TypeError('x');
  t.equal(failureOf(other), other);
  t.equal(openingFailure(other), other);
});

t.test('what keeps from opening, with the way out', async (t) => {
  t.match(openingFailure(error(1)), { code: 'permission', message: /CAP_NET_ADMIN/ });
  t.match(openingFailure(error(97)), { code: 'unsupported', message: /another backend/ });
  t.match(openingFailure(error(22)), { code: 'kernel', message: /^opening the routing table: / });
});
