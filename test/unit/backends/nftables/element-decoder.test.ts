import { execFileSync } from 'node:child_process';
import t from 'tap';
import {
  decodeElements,
  decodeNumbers,
  elementAt,
  prefixesIn,
} from '../../../../src/backends/nftables/element-decoder.js';
import * as p from '../../../../src/backends/nftables/protocol.js';
import { question } from '../../../../src/backends/nftables/transaction.js';
import { Scope, scopeText } from '../../../../src/model/scope.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { NETLINK_NETFILTER, NLM_F_DUMP } from '../../../../src/netlink/protocol.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

const NOW = 1_700_000_000_000;

t.test('what nft wrote into maps is read, and what leads to no scope is not told', async (t) => {
  execFileSync('nft', ['-f', '-'], {
    input: `table inet guard {
      map scoped4 { type ipv4_addr : classid; flags timeout; counter; }
      map scoped4_24 { type ipv4_addr : classid; flags timeout; }
    }
    add element inet guard scoped4 { 192.0.2.7 counter packets 5 bytes 300 timeout 1h : 0:1, 192.0.2.8 counter packets 6 bytes 60 : 0:2, 192.0.2.9 : 0:3 }
    add element inet guard scoped4_24 { 198.51.100.0 : 0:1 }`,
  });
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  const scopes = new Map([
    [1, Scope.parse('tcp/22')],
    [2, Scope.parse('observe')],
  ]);
  const found = { elements: [] as unknown[], numbers: [] as unknown[], prefixes: [] as string[], without: 0 };
  for (const map of ['scoped4', 'scoped4_24']) {
    const ask = question(p.GETSETELEM, NLM_F_DUMP, connection.nextSequence(), (encoder) => {
      encoder.string(p.ELEMS.TABLE, 'guard').string(p.ELEMS.SET, map);
    });
    for await (const { payload } of connection.dump('dump', ask)) {
      for (const { prefix, scope, packets, until } of decodeElements(payload, NOW, (number) => scopes.get(number))) {
        found.elements.push([prefix.text, scopeText(scope), packets, until === null]);
      }
      found.numbers.push(...decodeNumbers(payload));
      found.prefixes.push(...[...prefixesIn(payload)].map(({ text }) => text));
      found.without += [...decodeElements(payload, NOW)].length;
    }
  }
  t.same(found.elements.sort(), [
    ['192.0.2.7', 'tcp/22', undefined, false],
    ['192.0.2.8', 'observe', 6, true],
    ['198.51.100.0/24', 'tcp/22', undefined, true],
  ]);
  t.same(found.numbers.sort(), [
    ['192.0.2.7', 1],
    ['192.0.2.8', 2],
    ['192.0.2.9', 3],
    ['198.51.100.0/24', 1],
  ]);
  t.same(found.prefixes.sort(), ['192.0.2.7', '192.0.2.8', '192.0.2.9', '198.51.100.0/24']);
  t.equal(found.without, 0);
});

t.test('a message without elements has none', async (t) => {
  t.same([...decodeElements(Buffer.alloc(4), NOW)], []);
  t.same([...decodeNumbers(Buffer.alloc(4))], []);
  t.equal(elementAt(Buffer.alloc(20), 20), undefined);
});
