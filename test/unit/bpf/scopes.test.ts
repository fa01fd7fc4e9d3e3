import t from 'tap';
import { PORTS, RULE, RULES, Scopes } from '../../../src/bpf/scopes.js';
import { clearScopeTally, readScopeTally } from '../../../src/bpf/tallies.js';
import { Scope } from '../../../src/model/scope.js';
import { xdpNative } from '../../../src/native.js';
import { frame } from '../../frames.js';
import { Loaded } from '../../tables.js';

const { layout } = xdpNative();
const scope = (text: string): Scope => Scope.parse(text) as Scope;
const nobody = (): ReadonlySet<number> => new Set();

t.test('rules are laid out as the program has them', async (t) => {
  t.equal(layout.rules, RULES);
  t.equal(layout.rule, RULE.SIZE);
  t.equal(layout['rule.count'], RULE.COUNT);
  t.equal(layout['rule.ranges'], RULE.RANGES);
  t.equal(layout.ports, PORTS.SIZE);
  t.equal(layout['ports.last'], PORTS.LAST);
  t.equal(layout['ports.protocol'], PORTS.PROTOCOL);
});

t.test('a scope has one number, which is still known when the map is read again', async (t) => {
  const { maps } = new Loaded(t).program;
  const scopes = Scopes.read(maps);
  t.equal(scopes.all.size, 0);
  const texts = ['tcp/22', 'observe tcp/22', 'tcp/* udp/53,1000-1010 sctp/0-65534 dccp/1', 'udp/0'];
  const numbers = texts.map((text) => scopes.number(scope(text), nobody));
  t.same(numbers, [1, 2, 3, 4]);
  t.equal(scopes.number(scope('observe tcp/22'), nobody), 2);
  const again = Scopes.read(maps);
  t.same(
    numbers.map((number) => again.scope(number ?? 0)?.text),
    texts,
  );
  t.equal(again.number(scope('tcp/22'), nobody), 1);
  t.equal(again.number(scope('tcp/23'), nobody), 5);
  t.equal(again.scope(6), undefined);
  t.equal(again.scope(0), undefined);
});

t.test('the longest scope that there can be', async (t) => {
  const { maps } = new Loaded(t).program;
  const longest = scope(`tcp/${Array.from({ length: 16 }, (_, index) => 60_001 + 2 * index).join(',')}`);
  t.equal(Scopes.read(maps).number(longest, nobody), 1);
  t.equal(Scopes.read(maps).scope(1)?.text, longest.text);
});

t.test('when all numbers are taken, those that no element has are given away, with counts of 0', async (t) => {
  const loaded = new Loaded(t);
  const { maps } = loaded.program;
  loaded.scope('tcp/80', Number.POSITIVE_INFINITY, '192.0.2.7');
  t.ok(loaded.drops('192.0.2.7'));
  t.equal(readScopeTally(maps, 1).packets, 1);
  const scopes = Scopes.read(maps);
  for (let port = 1; port < RULES - 1; port++) t.equal(scopes.number(scope(`udp/${port}`), nobody), port + 1);
  const all = new Set(scopes.all.keys());
  t.equal(
    scopes.number(scope('udp/5000'), () => all),
    undefined,
    'all are in use',
  );
  t.equal(
    scopes.number(scope('tcp/80'), () => all),
    1,
    'who is known needs no other',
  );
  const given = scopes.number(scope('udp/5000'), () => new Set([...all].filter((number) => number !== 1)));
  t.equal(given, 1);
  t.same(readScopeTally(maps, 1), { packets: 0, bytes: 0 });
  t.equal(scopes.all.size, RULES - 1);
  t.equal(Scopes.read(maps).scope(1)?.text, 'udp/5000');
});

t.test('what is no rule of ours stands for none', async (t) => {
  const { maps } = new Loaded(t).program;
  const write = (number: number, ...bytes: readonly (readonly [number, number])[]): void => {
    const key = Buffer.alloc(4);
    const rule = Buffer.alloc(RULE.SIZE);
    key.writeUInt32LE(number, 0);
    for (const [at, byte] of bytes) rule.writeUInt8(byte, at);
    xdpNative().update(maps.scopes, key, rule);
  };
  write(1, [RULE.COUNT, 17]);
  write(2, [RULE.COUNT, 1], [RULE.RANGES + PORTS.PROTOCOL, 1]);
  write(3, [RULE.COUNT, 1], [RULE.RANGES + PORTS.PROTOCOL, 6], [RULE.RANGES, 9]);
  const scopes = Scopes.read(maps);
  t.equal(scopes.all.size, 0);
  t.equal(scopes.number(scope('tcp/22'), nobody), 1);
});

t.test('packets are counted for the rule that decided about them', async (t) => {
  const loaded = new Loaded(t);
  const { maps } = loaded.program;
  loaded.scope('tcp/22', Number.POSITIVE_INFINITY, '192.0.2.7', '2001:db8::1');
  loaded.scope('observe tcp/80', Number.POSITIVE_INFINITY, '192.0.2.8');
  loaded.observe('192.0.2.9', '192.0.2.0/28');
  const send = (port: number, source: string, times: number): string =>
    loaded.verdict(frame(`a TCP segment to port ${port} from ${source} of 100 bytes`).bytes, times);
  t.equal(send(22, '192.0.2.7', 3), 'banned', 'harder than the prefix that observes');
  t.equal(send(23, '192.0.2.7', 5), 'observed', 'by the prefix');
  t.equal(send(22, '2001:db8::1', 7), 'banned');
  t.equal(send(80, '192.0.2.8', 11), 'observed', 'by its own rule');
  t.same(
    [0, 1, 2].map((rule) => readScopeTally(maps, rule)),
    [5, 10, 11].map((packets) => ({ packets, bytes: packets * 100 })),
  );
  clearScopeTally(maps, 1);
  t.same(readScopeTally(maps, 1), { packets: 0, bytes: 0 });
});
