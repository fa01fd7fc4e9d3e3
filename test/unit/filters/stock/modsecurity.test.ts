import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const HEAD =
  '[Sat Nov 21 15:57:23.746126 2026] [security2:error] [pid 37:tid 57] [client 198.51.100.7:45570] [client 198.51.100.7] ';

const DENIED =
  'ModSecurity: Access denied with code 403 (phase 1). String match "/xmlrpc.php" at REQUEST_FILENAME. [file "/etc/x.conf"] [line "26"] [id "1"] [msg "pingback"] [hostname "192.0.2.200"] [uri "/open/xmlrpc.php"] [unique_id "awG_Y1-f9Ipi_Noi51rt_gAAAFI"]';

t.test('refused requests', async (t) => {
  trySamples(t, 'modsecurity', {
    sender: '198.51.100.7',
    failures: [
      HEAD + DENIED,
      `[Sat Nov 21 15:57:23 2026] [:error] [pid 37] [client 198.51.100.7] ${DENIED}`,
      `[Sat Nov 21 15:57:23 2026] [error] [client 198.51.100.7] ${DENIED}`,
      `2026/11/21 05:48:17 [error] 123#123: *45 [client 198.51.100.7] ${DENIED}, client: 198.51.100.7, server: x, request: "GET / HTTP/1.1", host: "x"`,
      `${HEAD}ModSecurity: Access denied with connection close (phase 2).`,
    ],
    others: [
      [
        '2001:db8::7',
        `${HEAD.replace('198.51.100.7:', '2001:db8::7:').replace('198.51.100.7]', '2001:db8::7]')}${DENIED}`,
      ],
      [
        '2001:db8::7',
        `${HEAD.replace('198.51.100.7:45570', '2001:db8::7:4242').replace('198.51.100.7]', '2001:db8::7]')}${DENIED}`,
      ],
    ],
    harmless: [
      `${HEAD}ModSecurity: Warning. String match "x" at REQUEST_HEADERS:X-Warn. [msg "only a warning"]`,
      '[Sat Nov 21 15:57:22.544862 2026] [security2:notice] [pid 33:tid 33] ModSecurity for Apache/2.9.7 (http://www.modsecurity.org/) configured.',
    ],
    crafted: [
      `${HEAD}ModSecurity: Warning. Pattern match "x" at ARGS:x. [data "] [client 192.0.2.1] ModSecurity: Access denied with code 403"]`,
      `${HEAD}${DENIED.replace('/open/', '/[client 192.0.2.1] ModSecurity: Access denied with code 403/')}`,
    ],
    long: [
      [HEAD, '[client 192.0.2.1] ', 'ModSecurity'],
      ['[Sat Nov 21 15:57:22.544862 2026] ', '[x:error] ', ''],
    ],
  });
});
