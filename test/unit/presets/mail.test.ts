import t from 'tap';
import { MAIL_SERVERS } from '../../../src/presets/mail.js';

t.test('what Exim refused is banned at once for an hour, and passwords after some', async (t) => {
  const limits = MAIL_SERVERS.map(({ name, maxretry, bantime }) => `${name} ${maxretry} ${bantime}`);
  t.same(limits, ['exim-dos 1 1h', 'exim-auth 5 1h', 'postfix-sasl 5 1h', 'dovecot 5 1h']);
});
