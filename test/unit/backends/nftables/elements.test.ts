import { execFileSync } from 'node:child_process';
import t from 'tap';
import {
  decodeElements,
  decodeNumbers,
  elementAt,
  prefixesIn,
} from '../../../../src/backends/nftables/element-decoder.js';
import { dialectOf, ElementWriter, type Surroundings } from '../../../../src/backends/nftables/elements.js';
import * as p from '../../../../src/backends/nftables/protocol.js';
import { question, Transaction } from '../../../../src/backends/nftables/transaction.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { Scope } from '../../../../src/model/scope.js';
import type { Change, Element } from '../../../../src/model/street.js';
import { byType, text } from '../../../../src/netlink/attributes.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { Encoder } from '../../../../src/netlink/encoder.js';
import { messages } from '../../../../src/netlink/messages.js';
import { NETLINK_NETFILTER, NLM_F_DUMP } from '../../../../src/netlink/protocol.js';
import { enterNamespace } from '../../../namespace.js';
import { matchesGolden } from '../../../wire.js';

enterNamespace();

const NOW = 1_700_000_000_000;
const add = (address: string, until: number | null): Change => ({ verb: 'add', prefix: Prefix.parse(address), until });
const remove = (address: string): Change => ({ verb: 'remove', prefix: Prefix.parse(address) });

const CHANGES = [
  add('192.0.2.7', NOW + 3_600_000),
  add('192.0.2.8', null),
  add('2001:db8::1', NOW + 2 ** 40),
  add('198.51.100.0/24', NOW + 1000),
  remove('192.0.2.9'),
];

/** A table whose elements have no scope. */
const UNSCOPED: Surroundings = { has: ({ isScoped }) => !isScoped, numberOf: () => 1, standing: false };

function written(
  changes: readonly Change[],
  dialect: 'refresh' | 'destroy' | 'delete' = 'refresh',
  surroundings = UNSCOPED,
): Transaction {
  let sequence = 0;
  const transaction = new Transaction(new Encoder(), () => ++sequence);
  new ElementWriter('guard', dialect).write(transaction, changes, NOW, surroundings);
  return transaction;
}

t.test('the bytes of each dialect are those that were read and found right', async () => {
  matchesGolden('elements-refresh', written(CHANGES).finish());
  matchesGolden('elements-destroy', written(CHANGES, 'destroy').finish());
  matchesGolden('elements-delete', written(CHANGES, 'delete').finish());
});

t.test('dialects by kernel', async (t) => {
  const table = {
    '6.18.44-fc': 'refresh',
    '6.12.0': 'refresh',
    '6.11.9': 'destroy',
    '6.3.0-arch1': 'destroy',
    '6.2': 'delete',
    '5.14.0-427.el9': 'delete',
    '7.0.0': 'refresh',
    nonsense: 'delete',
  };
  for (const [release, dialect] of Object.entries(table)) t.equal(dialectOf(release), dialect, release);
});

t.test('messages are as large as 16 bits of length allow, and no larger', async (t) => {
  const many = Array.from({ length: 10_000 }, (_, index) => add(`10.0.${index >> 8}.${index & 255}`, NOW + 1000));
  const lengths = [...messages(written(many).finish())].map(({ payload }) => payload.length);
  t.equal(lengths.length, 2 + 5, '2,340 elements a message');
  for (const length of lengths.slice(1, -2)) t.ok(length > 65_480 && length <= 65_600, String(length));
  const wide = Array.from({ length: 2000 }, (_, index) => add(`2001:db8::${index.toString(16)}`, null));
  t.equal([...messages(written(wide).finish())].length, 2 + 2);
});

t.test('an extended acknowledgement’s offset names the element', async (t) => {
  const transaction = written([add('192.0.2.7', null), add('192.0.2.8', null), add('192.0.2.9', null)]);
  transaction.finish();
  const message = transaction.message(2) as Buffer;
  const at = message.indexOf(Buffer.from([192, 0, 2, 8]));
  t.equal(elementAt(message, at)?.text, '192.0.2.8');
  t.equal(elementAt(message, at - 12)?.text, '192.0.2.8', 'at the element’s own header');
  t.equal(elementAt(message, 20), undefined, 'at the table’s name');
  t.equal(elementAt(message, 99_999), undefined);
});

t.test('what nft wrote is read', async (t) => {
  execFileSync('nft', ['-f', '-'], {
    input: `add table inet guard
      add set inet guard ban4 { type ipv4_addr; flags timeout; counter; }
      add set inet guard ban4_24 { type ipv4_addr; flags timeout; }
      add element inet guard ban4 { 192.0.2.7 counter packets 5 bytes 300 timeout 1h, 192.0.2.8 }
      add element inet guard ban4_24 { 198.51.100.0 timeout 1m }`,
  });
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  const found: Element[] = [];
  for (const set of ['ban4', 'ban4_24']) {
    const ask = question(p.GETSETELEM, NLM_F_DUMP, connection.nextSequence(), (encoder) => {
      encoder.string(p.ELEMS.TABLE, 'guard').string(p.ELEMS.SET, set);
    });
    for await (const { payload } of connection.dump('dump', ask)) found.push(...decodeElements(payload, NOW));
  }
  const byText = Object.fromEntries(found.map((element) => [element.prefix.text, element]));
  t.match(byText['192.0.2.7'], { packets: 5, bytes: 300 });
  t.match(byText['192.0.2.8'], { until: null, packets: 0, bytes: 0 });
  t.ok((byText['192.0.2.7']?.until ?? 0) > NOW + 3_590_000);
  t.ok((byText['198.51.100.0/24']?.until ?? 0) > NOW + 59_000);
  t.notOk('packets' in (byText['198.51.100.0/24'] ?? {}));
});

t.test('a message without elements', async (t) => {
  t.same([...decodeElements(Buffer.alloc(4), NOW)], []);
});

t.test('an element that changes between the sets leaves the one as it comes into the other', async (t) => {
  const scoped: Change[] = [
    { ...add('192.0.2.7', NOW + 3_600_000), scope: Scope.parse('tcp/22') } as Change,
    add('192.0.2.8', null),
    remove('2001:db8::1'),
  ];
  const names = { [p.NEWSETELEM]: 'add', [p.DELSETELEM]: 'delete', [p.DESTROYSETELEM]: 'destroy' } as Record<
    number,
    string
  >;
  const told = (dialect: 'refresh' | 'destroy' | 'delete', surroundings: Partial<Surroundings>): string[] => {
    const bytes = written(scoped, dialect, { has: () => true, numberOf: () => 7, standing: false, ...surroundings });
    return [...messages(bytes.finish())].slice(1, -1).map(({ type, payload }) => {
      const attributes = byType(payload, p.NFGENMSG);
      const set = text(attributes.get(p.ELEMS.SET) as Buffer);
      const numbers = [...decodeNumbers(payload)].map(([, number]) => number);
      return [names[type & 0xff], set, ...[...prefixesIn(payload)].map(String), ...numbers].join(' ');
    });
  };
  t.same(told('refresh', {}), [
    'add ban4 192.0.2.8',
    'destroy ban4 192.0.2.7',
    'destroy scoped4 192.0.2.8',
    'add scoped4 192.0.2.7 7',
    'destroy ban6 2001:db8::1',
    'destroy scoped6 2001:db8::1',
  ]);
  t.same(told('refresh', { standing: true }).slice(3, 5), ['destroy scoped4 192.0.2.7', 'add scoped4 192.0.2.7 7']);
  t.same(told('destroy', {}).slice(4, 6), ['destroy scoped4 192.0.2.7', 'add scoped4 192.0.2.7 7']);
  t.same(
    told('delete', {
      standing: new Map([
        ['192.0.2.7', 3],
        ['2001:db8::1', 4],
      ]),
    }),
    [
      ...['add ban4 192.0.2.8', 'delete ban4 192.0.2.8', 'add ban4 192.0.2.8'],
      ...['add ban4 192.0.2.7', 'delete ban4 192.0.2.7'],
      ...['add scoped4 192.0.2.7 3', 'delete scoped4 192.0.2.7', 'add scoped4 192.0.2.7 7'],
      ...['add ban6 2001:db8::1', 'delete ban6 2001:db8::1', 'add scoped6 2001:db8::1 4', 'delete scoped6 2001:db8::1'],
    ],
  );
  t.same(
    told('refresh', { has: ({ isScoped }) => isScoped }).filter((line) => line.startsWith('destroy')),
    ['destroy scoped4 192.0.2.8', 'destroy scoped6 2001:db8::1'],
  );
});
