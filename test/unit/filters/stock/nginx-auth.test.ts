import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const DATE = '[21/Nov/2026:15:56:09 +0000]';
const access = (user: string, status = 401, more = '') =>
  `198.51.100.7 - ${user} ${DATE} "GET / HTTP/1.1" ${status} 179 "-" "curl/7.88.1"${more}`;

const ERROR = '2026/11/21 15:56:09 [error] 17#17: *3 ';
const BEHIND = ', client: 198.51.100.7, server: x, request: "GET / HTTP/1.1", host: "192.0.2.200"';

t.test('refused names and passwords', async (t) => {
  trySamples(t, 'nginx-auth', {
    sender: '198.51.100.7',
    failures: [
      access('bob'),
      access('a b'),
      access('-x'),
      access(String.raw`a b\x22 x [21/Nov/2020`),
      access(String.raw`x\x0A2026/11/21 05`),
      access('bob', 401, ' "-"'),
      access('bob', 401, ' "192.0.2.1, 192.0.2.2"'),
      `www.example.com:80 ${access(String.raw`a b\" x] [client 192.0.2.1] \\ y`)}`,
      `www.example.com:443 ${access('bob')}`,
      `${ERROR}user "bob": password mismatch${BEHIND}`,
      `${ERROR}user "eve" was not found in "/etc/nginx/htpasswd"${BEHIND}`,
      `${ERROR}user "a b" x [21/Nov/2020" was not found in "/etc/nginx/htpasswd"${BEHIND}`,
    ],
    others: [
      ['2001:db8::7', access('bob').replace('198.51.100.7', '2001:db8::7')],
      ['2001:db8::7', `${ERROR}user "bob": password mismatch${BEHIND.replace('198.51.100.7', '2001:db8::7')}`],
    ],
    harmless: [
      access('-'),
      access('bob', 200),
      access('bob', 403),
      access('- [x]').replace(' [x]', ''),
      `${ERROR}open() "/srv/www/x" failed (2: No such file or directory)${BEHIND}`,
      `2026/11/21 05" was not found in "/etc/nginx/htpasswd"${BEHIND}`,
    ],
    crafted: [
      access('192.0.2.1 - bob'),
      access(`192.0.2.1 - bob ${DATE} \\x22GET / HTTP/1.1\\x22 401 1`),
      `${ERROR}user "x", client 192.0.2.1, server, request" was not found in "/etc/nginx/htpasswd"${BEHIND}`,
      `${ERROR}open() "/srv/www/user "x": password mismatch, client: 192.0.2.1, server: " failed (2: No such file or directory)${BEHIND}`,
    ],
    long: [
      ['198.51.100.7 - ', ' [', `${DATE} "GET / HTTP/1.1" 401 1`],
      ['198.51.100.7 - ', '\\x22 [] ', ''],
      [`198.51.100.7 - x ${DATE} "`, '\\"', ''],
      [`${ERROR}user "`, '" was not found in "', ''],
    ],
  });
});
