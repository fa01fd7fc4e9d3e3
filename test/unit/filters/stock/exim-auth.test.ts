import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const failed = (who: string, id = ' (set_id=admin)', head = '2026-11-21 05:48:17 ') =>
  `${head}plain_server authenticator failed for ${who}: 535 Incorrect authentication data${id}`;

t.test('refused passwords', async (t) => {
  trySamples(t, 'exim-auth', {
    sender: '198.51.100.7',
    failures: [
      failed('(ylmf-pc) [198.51.100.7]'),
      failed('([192.0.2.1]) [198.51.100.7]'),
      failed('([192.0.2.1]:25) [198.51.100.7]:4242', '', '2026-11-21 05:48:17.795 [328] '),
      failed('(a b c) [198.51.100.7]:4242 I=[192.0.2.200]:587'),
      failed('mail.example.org [198.51.100.7]'),
      failed('mail.example.org (helo) [198.51.100.7] U=ident'),
      failed('[198.51.100.7]', ' (set_id=a b: 535 (c)'),
    ],
    others: [['2001:db8::7', failed('(a) [2001:0db8:0000:0000:0000:0000:0000:0007]')]],
    harmless: [
      failed('(a) [198.51.100.7]').replace(
        '535 Incorrect authentication data',
        '435 Unable to authenticate at present',
      ),
      '2026-11-21 05:48:17 rejected EHLO from [198.51.100.7]: syntactically invalid argument(s): x',
      '2026-11-21 05:48:17 1abcde-000000-00 <= ann@example.org H=(x) [198.51.100.7] P=esmtpa A=plain_server:ann S=4711',
    ],
    crafted: [
      failed('(x) [192.0.2.1]: 535 y) [198.51.100.7]:4242', String.raw` (set_id=x) [192.0.2.1]: 535 y\n2026 z)`),
      failed('(x) [192.0.2.1]: 535 Incorrect authentication data (set_id=y) [198.51.100.7]'),
      failed('(x) [192.0.2.1]: 535 Incorrect authentication data) [198.51.100.7]'),
      failed('(x) [198.51.100.7]', ' (set_id=x) [192.0.2.1]: 535 Incorrect authentication data (set_id=y)'),
      failed('([192.0.2.1]: 535 Incorrect authentication data (set_id=y) [198.51.100.7]'),
      failed('(x [192.0.2.1]) [198.51.100.7]'),
      failed('([192.0.2.1] [192.0.2.1]) [198.51.100.7]'),
      failed('(x) I=[192.0.2.1]:25) [198.51.100.7]'),
    ],
    long: [
      ['2026-11-21 05:48:17 plain_server authenticator failed for (', ') ', '[198.51.100.7]: 535'],
      [
        '2026-11-21 05:48:17 plain_server authenticator failed for (x) [198.51.100.7]: 535 Incorrect authentication data (set_id=',
        ')',
        '[',
      ],
      ['2026-11-21 05:48:17 ', 'a', ' authenticator failed for'],
    ],
  });
});
