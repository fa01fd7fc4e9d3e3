import t from 'tap';
import { TrustedProxies } from '../../../src/jails/trusted-proxies.js';
import { Prefix } from '../../../src/model/prefix.js';

const proxies = new TrustedProxies(['10.0.0.0/8', '2001:db8:ffff::/48']);

const client = (peer: string, forwarded?: string) => proxies.clientOf(Prefix.parse(peer), forwarded)?.text;

t.test('who is no trusted proxy is to blame himself, whatever he says', async (t) => {
  for (const forwarded of [undefined, '-', '192.0.2.1', '192.0.2.1, 10.0.0.1', '10.0.0.1']) {
    t.equal(client('198.51.100.7', forwarded), '198.51.100.7', String(forwarded));
  }
});

t.test('the rightmost address that is no trusted proxy is the client', async (t) => {
  const table: [string, string][] = [
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.1, 192.0.2.7', '192.0.2.7'],
    ['192.0.2.7, 10.0.0.9', '192.0.2.7'],
    ['192.0.2.1,192.0.2.7,10.0.0.9 , 2001:db8:ffff::1', '192.0.2.7'],
    ['x"; drop, 192.0.2.7', '192.0.2.7'],
    ['192.0.2.7:4711', '192.0.2.7'],
    ['2001:db8::7', '2001:db8::7'],
    ['2001:DB8:0::7', '2001:db8::7'],
    ['[2001:db8::7]', '2001:db8::7'],
    ['[2001:db8::7]:4711', '2001:db8::7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    [`${'192.0.2.1, '.repeat(10_000)}192.0.2.7`, '192.0.2.7'],
  ];
  for (const [forwarded, address] of table) t.equal(client('10.0.0.2', forwarded), address, forwarded.slice(0, 60));
  t.equal(client('2001:db8:ffff::2', '192.0.2.7'), '192.0.2.7');
  t.equal(client('::ffff:10.0.0.2', '192.0.2.7'), '192.0.2.7');
});

t.test('where the proxies do not say, nobody is: never the proxy, and never who stands before', async (t) => {
  const silent = [
    ...[undefined, '', '-', 'unknown', '192.0.2.7, unknown', '192.0.2.7, ', '192.0.2.7, 10.0.0.9, _hidden'],
    ...['10.0.0.3', '10.0.0.3, 10.0.0.4', '192.0.2.0/24', '192.0.2.7, 0.0.0.0/0', '192.0.2.300', '3221225991'],
    ...['192.0.2.7 10.0.0.3', '192.0.2.7:', 'for=192.0.2.7', '[192.0.2.7', '1.2.3.4:80:90', '192.0.2.7\\x22'],
    ...[`192.0.2.7${', 10.0.0.3'.repeat(64)}`, `192.0.2.7${' '.repeat(5000)}`, `192.0.2.7, ${'1'.repeat(5000)}`],
  ];
  for (const forwarded of silent) t.equal(client('10.0.0.2', forwarded), undefined, String(forwarded).slice(0, 60));
});

t.test('a prefix that holds more than the proxies is trusted nowhere', async (t) => {
  t.equal(client('10.0.0.0/7'), '10.0.0.0/7');
});
