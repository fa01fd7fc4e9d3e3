import t, { type Test } from 'tap';
import { Generation } from '../../../../src/backends/xdp/generation.js';
import { Numbers, OBSERVE_ALL, scopeOf } from '../../../../src/backends/xdp/numbers.js';
import { ADD, byRule, OBSERVE, Records } from '../../../../src/bpf/records.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { Refusal } from '../../../../src/model/refusal.js';
import { Scope } from '../../../../src/model/scope.js';

const scope = (text: string): Scope => Scope.parse(text) as Scope;

function generation(t: Test): Generation {
  const made = Generation.create(1000, true);
  t.teardown(() => made.close());
  return made;
}

t.test('what a scope is in a verb, and what an element says of it', async (t) => {
  const made = generation(t);
  const numbers = new Numbers().begin();
  t.equal(numbers.verb(made, undefined), ADD);
  t.equal(numbers.verb(made, OBSERVE_ALL), ADD | OBSERVE);
  t.equal(numbers.verb(made, scope('tcp/22')), ADD | byRule(1));
  t.equal(numbers.verb(made, scope('observe tcp/22')), ADD | OBSERVE | byRule(2));
  t.equal(numbers.verb(made, scope('tcp/22')), ADD | byRule(1));
  t.same(scopeOf(made, { rule: 0, observes: false }), {});
  t.same(scopeOf(made, { rule: 0, observes: true }), { scope: OBSERVE_ALL });
  t.same(scopeOf(made, { rule: 2, observes: true }), { scope: scope('observe tcp/22') });
  t.same(scopeOf(made, { rule: 77, observes: false }), {}, 'a rule that nobody knows');
});

t.test('numbers that no element has any more are given away, but not those of the same batch', async (t) => {
  const made = generation(t);
  const numbers = new Numbers();
  const records = new Records().reset(1);
  records.add(Prefix.parse('192.0.2.7'), numbers.begin().verb(made, scope('tcp/1')), 60_000);
  made.tables.apply(records.bytes);
  numbers.begin();
  for (let port = 2; port <= 255; port++) numbers.verb(made, scope(`tcp/${port}`));
  const refusal = caught(() => numbers.verb(made, scope('tcp/256')));
  t.type(refusal, Refusal);
  t.match(refusal, { fault: 'element', message: /255 scopes .*fewer.*ban all traffic/ });
  t.type(
    caught(() => numbers.begin().verb(made, scope('tcp/256'))),
    Refusal,
    'nobody looks again at once',
  );
  const later = new Numbers().begin();
  t.equal(later.verb(made, scope('tcp/256')), ADD | byRule(2), 'the first that nobody has');
  t.equal(later.verb(made, scope('tcp/1')), ADD | byRule(1), 'an element has it');
});

function caught(call: () => unknown): unknown {
  try {
    return call();
  } catch (thrown) {
    return thrown;
  }
}
