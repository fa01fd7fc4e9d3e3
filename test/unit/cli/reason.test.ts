import t from 'tap';
import { parted } from '../../../src/cli/reason.js';

t.test('addresses, and the last word where it is none', async (t) => {
  for (const [words, addresses, reason] of [
    [['192.0.2.7'], 1, undefined],
    [['nonsense'], 1, undefined],
    [['192.0.2.7', '2001:db8::/32'], 2, undefined],
    [['192.0.2.7', 'wp login flood'], 1, 'wp login flood'],
    [['192.0.2.7', '192.0.2.0/24', 'spam'], 2, 'spam'],
    [['192.0.2.7', 'the same as 192.0.2.9'], 1, 'the same as 192.0.2.9'],
    [['192.0.2.7', 'scan: port 22'], 1, 'scan: port 22'],
    [['192.0.2.7', 'CVE-2024-1'], 1, 'CVE-2024-1'],
    [['192.0.2.7', 'spam, and more'], 1, 'spam, and more'],
    [['-', 'a feed'], 1, 'a feed'],
    [['127.0.0.1', 'nonsense', '192.0.2.7'], 3, undefined],
  ] as const) {
    const expected = { addresses: words.slice(0, addresses), ...(reason !== undefined && { reason }) };
    t.same(parted(words), expected, words.join(' | '));
  }
});

t.test('what may be a mistyped address, or stands in the wrong place', async (t) => {
  for (const word of [
    ...['192.0.2.300', '192.0.2', '192.0.2.7.', '192.0.2.7/33', '2001:db8::g', 'l92.O.2.7', 'example.org'],
    ...['10.0.0.1-10.0.0.9', '192.0.2.7,192.0.2.8', '192.0.2.8 192.0.2.9', '192.0.2.8, 192.0.2.9', '4711', ''],
    ...['fe80::1%eth0', 'wp-login.php'],
  ]) {
    const sentence = `'${word}' is no address. If it is the reason, write --reason '${word}'; addresses come first`;
    t.throws(
      () => parted(['192.0.2.7', word]),
      { name: 'UsageError', message: new RegExp(`^${escaped(sentence)}`) },
      word,
    );
  }
  for (const words of [
    ['192.0.2.7', 'spam', 'run'],
    ['spam run', '192.0.2.7'],
    ['192.0.2.7', 'spam run', 'again'],
  ]) {
    t.throws(() => parted(words), {
      name: 'UsageError',
      message: /^'spam(?: run)?' is no address: addresses come first/,
    });
  }
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
