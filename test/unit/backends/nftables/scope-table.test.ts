import { execFileSync } from 'node:child_process';
import t from 'tap';
import { MOST_SCOPES } from '../../../../src/backends/nftables/scope-chains.js';
import { readScopes, ScopeTable, tooMany } from '../../../../src/backends/nftables/scope-table.js';
import { Prefix } from '../../../../src/model/prefix.js';
import { Scope } from '../../../../src/model/scope.js';
import type { Change } from '../../../../src/model/street.js';
import { Connection } from '../../../../src/netlink/connection.js';
import { NETLINK_NETFILTER } from '../../../../src/netlink/protocol.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

const scope = (text: string): Scope => Scope.parse(text) as Scope;
const add = (text: string): Change => ({
  ...{ verb: 'add', prefix: Prefix.parse('192.0.2.7'), until: null, scope: Scope.parse(text) },
});
const texts = (scopes: ReadonlyMap<number, Scope>): string[] =>
  [...scopes].map(([number, { text }]) => `${number} ${text}`);

t.test('each scope gets the next number that is free, once', async (t) => {
  const table = new ScopeTable();
  t.equal(table.numbers, undefined);
  t.same(texts(table.missing([add('tcp/22'), add('all'), add('tcp/22'), add('udp/53')])), ['1 tcp/22', '2 udp/53']);
  table.know(
    new Map([
      [2, scope('tcp/22')],
      [5, scope('observe')],
    ]),
  );
  t.same(texts(table.missing([add('tcp/22'), add('udp/53'), add('tcp/80')])), ['1 udp/53', '3 tcp/80']);
  t.equal(table.numberOf(scope('observe')), 5);
  t.equal(table.scopeOf(2)?.text, 'tcp/22');
  t.equal(table.scopeOf(1), undefined);
  t.throws(() => table.numberOf(scope('tcp/99')), TypeError);
});

t.test('there is room for so many', async (t) => {
  const table = new ScopeTable();
  t.notOk(table.isFull(MOST_SCOPES));
  t.ok(table.isFull(MOST_SCOPES + 1));
  table.know(new Map(Array.from({ length: MOST_SCOPES }, (_, index) => [index + 1, scope(`tcp/${index}`)])));
  t.notOk(table.isFull(0));
  t.ok(table.isFull(1));
  t.match(tooMany(), { fault: 'element', message: /scopes.*256.*ban all traffic/ });
});

t.test('the numbers are read from the map, and what is no scope of ours is passed over', async (t) => {
  const connection = Connection.open(NETLINK_NETFILTER);
  t.teardown(() => connection.close());
  t.equal(await readScopes(connection, 'guard'), undefined);
  execFileSync('nft', ['-f', '-'], {
    input: `table inet guard {
      map scopes { type classid : verdict; }
      chain scope_tcp/22 { }
      chain scope_tcp/x { }
      chain other { }
    }
    add element inet guard scopes { 0:1 : jump scope_tcp/22, 0:2 : jump scope_tcp/x, 0:3 : goto other, 0:4 : drop }`,
  });
  const found = await readScopes(connection, 'guard');
  t.same(texts(found ?? new Map()), ['1 tcp/22']);
});
