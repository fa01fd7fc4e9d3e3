import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const HEAD = 'Nov 21 05:48:17 mail postfix/smtpd[99]: ';

t.test('refused passwords', async (t) => {
  trySamples(t, 'postfix-sasl', {
    sender: '198.51.100.7',
    failures: [
      `${HEAD}warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6`,
      `${HEAD}warning: unknown[198.51.100.7]: SASL PLAIN authentication failed:`,
      `${HEAD}warning: mail.example.org[198.51.100.7]: SASL CRAM-MD5 authentication failed: authentication failure`,
      `${HEAD}warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: (reason unavailable), sasl_username=admin`,
      '2026-11-21T05:48:17.123456+00:00 mail postfix/submission/smtpd[99]: warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: x',
      'mail postfix-out/smtps/smtpd[99]: warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: x',
    ],
    others: [['2001:db8::7', `${HEAD}warning: unknown[2001:db8::7]: SASL LOGIN authentication failed: x`]],
    harmless: [
      `${HEAD}warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: Connection lost to authentication server`,
      `${HEAD}connect from unknown[198.51.100.7]`,
      `${HEAD}ABCDEF: client=unknown[198.51.100.7], sasl_method=LOGIN, sasl_username=ann`,
      `${HEAD}NOQUEUE: reject: RCPT from unknown[198.51.100.7]: 554 5.7.1 <a@b>: Relay access denied; from=<a@b>`,
      'Nov 21 05:48:17 mail app[7]: postfix/smtpd[99]: warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: x',
    ],
    crafted: [
      `${HEAD}warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: x, sasl_username=warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: x`,
      `${HEAD}NOQUEUE: reject: RCPT from unknown[198.51.100.7]: helo=<warning: unknown[192.0.2.1]: SASL LOGIN authentication failed: x>`,
    ],
    long: [
      [`${HEAD}warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: `, ', sasl_username=', ''],
      [`${HEAD}warning: `, 'a.', '[198.51.100.7]'],
    ],
  });
});
