import t from 'tap';
import { Allowed } from '../../../../src/backends/allowed.js';
import { planOf, undone } from '../../../../src/backends/route/plan.js';
import { Prefix } from '../../../../src/model/prefix.js';

const p = Prefix.parse;
const mapOf = (...addresses: string[]) => new Map(addresses.map((address) => [address, p(address)]));
const allowed = (...addresses: string[]) => new Allowed(addresses.map((address) => p(address)));

function plan(
  standing: { blackhole?: string[]; throw?: string[] },
  wanted: { holes?: string[]; allowed?: string[] },
  isStray = true,
): string[] {
  const steps = planOf(
    { blackhole: mapOf(...(standing.blackhole ?? [])), throw: mapOf(...(standing.throw ?? [])) },
    { blackholes: (wanted.holes ?? []).map((address) => p(address)), allowed: allowed(...(wanted.allowed ?? [])) },
    () => isStray,
  );
  return steps.map(({ verb, kind, prefix }) => `${verb} ${kind} ${prefix}`);
}

t.test('nothing to do', async (t) => {
  t.same(plan({}, {}), []);
  t.same(
    plan({ blackhole: ['192.0.2.1'], throw: ['10.0.0.0/8'] }, { holes: ['192.0.2.1'], allowed: ['10.0.0.0/8'] }),
    [],
  );
});

t.test(
  'who passes before and after passes between: throws come before others go, and blackholes come last',
  async (t) => {
    t.same(
      plan(
        { blackhole: ['10.1.2.3', '192.0.2.0/24'], throw: ['10.0.0.0/8'] },
        { holes: ['192.0.2.0/24', '10.1.2.3', '10.2.0.0/16'], allowed: ['10.1.0.0/16', '192.0.2.7'] },
      ),
      [
        'remove blackhole 10.1.2.3',
        'add throw 10.1.0.0/16',
        'add throw 192.0.2.7',
        'remove throw 10.0.0.0/8',
        'add blackhole 10.2.0.0/16',
      ],
    );
  },
);

t.test('strays stay until they are called so, unless they are allowed', async (t) => {
  t.same(plan({ blackhole: ['192.0.2.1', '10.1.2.3'] }, { allowed: ['10.0.0.0/8'] }, false), [
    'remove blackhole 10.1.2.3',
    'add throw 10.0.0.0/8',
  ]);
  t.same(plan({ blackhole: ['192.0.2.1'] }, {}), ['remove blackhole 192.0.2.1']);
});

t.test('steps are taken back from the last', async (t) => {
  t.same(
    undone([
      { verb: 'add', kind: 'throw', prefix: p('10.0.0.0/8') },
      { verb: 'remove', kind: 'blackhole', prefix: p('192.0.2.1') },
    ]).map(({ verb, kind, prefix }) => `${verb} ${kind} ${prefix}`),
    ['add blackhole 192.0.2.1', 'remove throw 10.0.0.0/8'],
  );
});
