import t from 'tap';
import { refuseUnfit, unfitScope } from '../../../src/backends/unfit.js';
import { Prefix } from '../../../src/model/prefix.js';
import { Scope } from '../../../src/model/scope.js';
import type { AddChange } from '../../../src/model/street.js';

const add = (address: string, scope?: string): AddChange => ({
  verb: 'add',
  prefix: Prefix.parse(address),
  until: null,
  ...(scope !== undefined && { scope: Scope.parse(scope) }),
});

t.test('the first that does not fit is refused', async (t) => {
  const backend = { kind: 'route', unfit: unfitScope };
  t.equal(unfitScope(add('192.0.2.1')), undefined);
  refuseUnfit([add('192.0.2.1'), { verb: 'remove', prefix: Prefix.parse('192.0.2.2') }], backend);
  t.throws(() => refuseUnfit([add('192.0.2.1'), add('192.0.2.2', 'tcp/22'), add('192.0.2.3', 'observe')], backend), {
    fault: 'element',
    element: { text: '192.0.2.2' },
    message: /^192.0.2.2 is not for route: it is for 'tcp\/22' only, and/,
  });
});
