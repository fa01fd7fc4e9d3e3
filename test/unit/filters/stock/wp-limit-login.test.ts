import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

t.test('lockouts', async (t) => {
  trySamples(t, 'wp-limit-login', {
    sender: '192.0.2.7',
    failures: [
      'Apr 23 01:02:03 IP locked out by wp-limit-login: 192.0.2.7',
      '2026-04-23 01:02:03 IP locked out by wp-limit-login: 192.0.2.7 ',
    ],
    others: [['2001:db8::7', 'Apr 23 01:02:03 IP locked out by wp-limit-login: 2001:db8::7']],
    harmless: [
      'Apr 23 01:02:03 IP locked out by wp-limit-login: www.example.com',
      'Apr 23 01:02:03 x IP locked out by wp-limit-login: 192.0.2.7',
      'Apr 23 01:02:03 IP locked out by wp-limit-login: 192.0.2.7, 192.0.2.8',
    ],
    crafted: ['Apr 23 01:02:03 IP locked out by wp-limit-login: 192.0.2.1 192.0.2.7'],
    long: [['Apr 23 01:02:03 IP locked out by wp-limit-login: ', ' ', 'x']],
  });
});
