import t from 'tap';
import { loadFilter } from '../../../../src/fail2ban/filter.js';
import { STOCK } from '../../../stock-filter.js';
import { trySamples } from '../../../stock-samples.js';

t.test('refused connections', async (t) => {
  trySamples(t, 'exim-dos', {
    sender: '192.0.2.7',
    failures: [
      '2026-11-21 05:48:17 Connection from [192.0.2.7] refused: too many connections',
      '2026-11-21 05:48:17 Connection from [192.0.2.7] refused: too many connections from that IP address',
      '2026-11-21 05:48:17.123 [4711] Connection from [192.0.2.7]:4242 I=[192.0.2.200]:25 refused: too many connections',
      '2026-11-21 05:48:17 +0100 [4711] Connection from [192.0.2.7]:4242 I=[2001:db8::200]:25 refused: too many connections',
    ],
    others: [['2001:db8::7', '2026-11-21 05:48:17 Connection from [2001:db8::7] refused: too many connections']],
    harmless: [
      '2026-11-21 05:48:17 no immediate delivery: too many connections (21, max 20)',
      '2026-11-21 05:48:17 Connection from [192.0.2.7] refused: load average = 20.00',
      '2026-11-21 05:48:17 SMTP connection from [192.0.2.7] (TCP/IP connection count = 2)',
    ],
    crafted: [
      '2026-11-21 05:48:17 rejected EHLO from [192.0.2.7]: syntactically invalid argument(s): Connection from [192.0.2.1] refused: too many connections',
    ],
    long: [['2026-11-21 05:48:17 Connection from [192.0.2.7] refused: too many connections', ' ', 'x']],
  });
});

t.test('in mode host only who holds too many himself', async (t) => {
  const [text] = loadFilter('exim-dos[mode=host]', { directories: [STOCK] }).failregex.map((one) => one.text);
  t.match(text, /too many connections \*from that IP address\\s\*\$$/);
});
