import t from 'tap';
import { ALLOW, allowOnly, allowsOnly } from '../../../src/bpf/allow.js';
import { loadProgram } from '../../../src/bpf/program.js';
import { planOf } from '../../../src/bpf/tables.js';
import { Prefix } from '../../../src/model/prefix.js';
import { xdpNative } from '../../../src/native.js';

const native = xdpNative();
t.equal(native.layout.allow, ALLOW.SIZE);
t.equal(native.layout['allow.family'], ALLOW.FAMILY);
t.equal(native.layout['allow.address'], ALLOW.ADDRESS);

t.test('the trie holds what is allowed, and no more', async (t) => {
  const program = loadProgram({ sizes: planOf({ addresses: 10, prefixes: 10, counting: false }) });
  t.teardown(() => program.close());
  const held = (): string[] => {
    const keys: string[] = [];
    for (let key = native.nextKey(program.maps.allow, null, ALLOW.SIZE); key; ) {
      keys.push(key.toString('hex'));
      key = native.nextKey(program.maps.allow, key, ALLOW.SIZE);
    }
    return keys.sort();
  };
  const allow = (...texts: string[]): void =>
    allowOnly(
      program.maps,
      texts.map((text) => Prefix.parse(text)),
    );
  allow('192.0.2.0/24', '0.0.0.0/0', '::/0', '2001:db8::1');
  t.same(held(), [
    `20000000${'00000004'}${'00'.repeat(16)}`,
    `20000000${'00000006'}${'00'.repeat(16)}`,
    `38000000${'00000004'}c0000200${'00'.repeat(12)}`,
    `a0000000${'00000006'}20010db8${'00'.repeat(11)}01`,
  ]);
  allow('192.0.2.0/24', '192.0.2.0/25');
  t.equal(held().length, 2);
  allow();
  t.same(held(), []);
  const many = Array.from({ length: 3000 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
  allow(...many);
  t.equal(held().length, 3000);
  allow('10.0.0.0/24');
  t.equal(held().length, 1);
});

t.test('whether it holds what is meant, and nothing else', async (t) => {
  const program = loadProgram({ sizes: planOf({ addresses: 10, prefixes: 10, counting: false }) });
  t.teardown(() => program.close());
  const some = ['192.0.2.0/24', '2001:db8::1'].map((text) => Prefix.parse(text));
  allowOnly(program.maps, some);
  t.ok(allowsOnly(program.maps, some));
  t.notOk(allowsOnly(program.maps, some.slice(1)));
  t.notOk(allowsOnly(program.maps, [...some, Prefix.parse('192.0.2.0/25')]));
  t.notOk(allowsOnly(program.maps, [some[0] as Prefix, Prefix.parse('192.0.2.0/25')]));
});
