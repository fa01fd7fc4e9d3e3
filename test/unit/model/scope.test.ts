import t from 'tap';
import {
  isObserved,
  LONGEST_SCOPE,
  MOST_RANGES,
  type Ports,
  Scope,
  scopeText,
  union,
} from '../../../src/model/scope.js';

const parse = Scope.parse;
const TCP = 6;
const UDP = 17;

t.test('canonical text', async (t) => {
  for (const [written, text] of [
    ['tcp/22', 'tcp/22'],
    ['tcp/443,22', 'tcp/22,443'],
    ['udp/53 tcp/53', 'tcp/53 udp/53'],
    ['tcp/22 tcp/443', 'tcp/22,443'],
    ['tcp/1000-1010,1005-1020', 'tcp/1000-1020'],
    ['tcp/80,81,82', 'tcp/80-82'],
    ['tcp/5-5', 'tcp/5'],
    ['tcp/1-65535,0', 'tcp/*'],
    ['tcp/0', 'tcp/0'],
    ['tcp/*', 'tcp/*'],
    ['tcp/22,*', undefined],
    ['observe', 'observe'],
    ['observe udp/* sctp/5060', 'observe udp/* sctp/5060'],
    ['observe dccp/7 tcp/1', 'observe tcp/1 dccp/7'],
    ['all', 'all'],
  ] as const) {
    if (text === undefined) t.throws(() => parse(written), { code: 'scope' });
    else t.equal(scopeText(parse(written)), text, written);
  }
});

t.test('what is no scope', async (t) => {
  const wrong = [
    '',
    ' ',
    'tcp',
    'tcp/',
    'tcp/ssh',
    'tcp/22,',
    'tcp/22-',
    'tcp/-22',
    'tcp/22-21',
    'tcp/65536',
    'tcp/022',
    'tcp/1-65536',
    'icmp/1',
    'TCP/22',
    '/22',
    'constructor/1',
    'observe ',
    'observe observe',
    'tcp/22 observe',
    'tcp/22  udp/53',
    'tcp/22 all',
    `tcp/${'1,'.repeat(200)}1`,
  ];
  for (const text of wrong) t.throws(() => parse(text), { code: 'scope', message: /is no scope; write it as/ }, text);
});

t.test('a scope has a bounded number of ranges, and so its text is bounded', async (t) => {
  const ranges = Array.from({ length: MOST_RANGES }, (_, index) => `${60_000 + index * 20}-${60_009 + index * 20}`);
  const split = ['tcp', 'udp', 'sctp', 'dccp'].map(
    (protocol, index) => `${protocol}/${ranges.slice(index * 4, index * 4 + 4)}`,
  );
  const longest = parse(`observe ${split.join(' ')}`);
  t.equal(longest?.text, `observe ${split.join(' ')}`);
  t.ok((longest?.text.length ?? 0) <= LONGEST_SCOPE);
  t.throws(() => parse(`tcp/${Array.from({ length: MOST_RANGES + 1 }, (_, index) => index * 2)}`), {
    code: 'scope',
    message: '17 ranges of ports are more than the 16 that a ban can have; join them, or ban all traffic',
  });
});

t.test('one text is one object, also when many have been seen', async (t) => {
  const scope = parse('tcp/22,443');
  t.equal(parse('tcp/443,22'), scope);
  for (let port = 0; port < 3000; port++) parse(`udp/${port}`);
  t.equal(parse('tcp/22,443')?.text, scope?.text);
});

t.test('is made of ports', async (t) => {
  const ports: Ports[] = [
    { protocol: 'udp', ranges: [{ first: 53, last: 53 }] },
    { protocol: 'tcp', ranges: [{ first: 443, last: 443 }] },
    { protocol: 'tcp', ranges: [{ first: 22, last: 22 }] },
  ];
  t.equal(Scope.of(ports)?.text, 'tcp/22,443 udp/53');
  t.equal(Scope.of(ports, true)?.text, 'observe tcp/22,443 udp/53');
  t.equal(Scope.of([{ protocol: 'tcp', ranges: [] }])?.text, undefined);
  t.equal(Scope.of([]), undefined);
  t.equal(Scope.of([], true)?.text, 'observe');
});

t.test('meets packets', async (t) => {
  for (const [text, protocol, port, expected] of [
    ['tcp/22,1000-1010', TCP, 22, true],
    ['tcp/22,1000-1010', TCP, 1010, true],
    ['tcp/22,1000-1010', TCP, 1011, false],
    ['tcp/22,1000-1010', UDP, 22, false],
    ['tcp/22', TCP, undefined, false],
    ['tcp/*', TCP, undefined, true],
    ['tcp/*', UDP, 22, false],
    ['observe', 1, undefined, true],
    ['observe tcp/22', TCP, 22, true],
    ['observe tcp/22', TCP, 23, false],
  ] as const) {
    t.equal(parse(text)?.meets(protocol, port), expected, `${text} ${protocol} ${port}`);
  }
});

t.test('a union is what several bans of one prefix mean', async (t) => {
  for (const [one, other, expected] of [
    ['all', 'tcp/22', 'all'],
    ['all', 'observe', 'all'],
    ['tcp/22', 'tcp/443', 'tcp/22,443'],
    ['tcp/22', 'udp/53', 'tcp/22 udp/53'],
    ['tcp/22', 'tcp/*', 'tcp/*'],
    ['tcp/22', 'observe', 'tcp/22'],
    ['observe tcp/22', 'tcp/443', 'tcp/443'],
    ['observe tcp/22', 'observe', 'observe'],
    ['observe tcp/22', 'observe udp/53', 'observe tcp/22 udp/53'],
    ['tcp/22', 'tcp/22', 'tcp/22'],
  ] as const) {
    t.equal(scopeText(union(parse(one), parse(other))), expected, `${one} and ${other}`);
    t.equal(scopeText(union(parse(other), parse(one))), expected, `${other} and ${one}`);
  }
});

t.test('a union that gets too long becomes whole protocols', async (t) => {
  const odd = (protocol: string, count: number): string =>
    `${protocol}/${Array.from({ length: count }, (_, index) => index * 2)}`;
  t.equal(scopeText(union(parse(odd('tcp', 16)), parse('udp/53'))), 'tcp/* udp/53');
  const both = union(parse(`${odd('tcp', 8)} ${odd('udp', 8)}`), parse('tcp/1000,1002 udp/1000'));
  t.equal(scopeText(both), `tcp/* ${odd('udp', 8)},1000`);
  t.ok(isObserved(union(parse(`observe ${odd('tcp', 16)}`), parse('observe tcp/5000'))));
});

t.test('who is observed', async (t) => {
  t.ok(isObserved(parse('observe tcp/1')));
  t.notOk(isObserved(parse('tcp/1')));
  t.notOk(isObserved(undefined));
  t.equal(String(parse('tcp/22')), 'tcp/22');
});
