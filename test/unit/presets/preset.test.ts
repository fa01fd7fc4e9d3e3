import t from 'tap';
import { AUTH_JOURNAL, AUTH_LOGS } from '../../../src/presets/preset.js';

t.test('what facility auth writes to, on Debian and on Red Hat', async (t) => {
  t.same(AUTH_LOGS, ['/var/log/auth.log', '/var/log/secure']);
  // RFC 5424 section 6.2.1: 4 is "security/authorization messages".
  t.same(AUTH_JOURNAL, ['SYSLOG_FACILITY=4']);
});
