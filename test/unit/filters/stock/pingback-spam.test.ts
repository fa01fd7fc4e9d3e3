import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const CHUNKED = String.raw`Transfer-Encoding: chunked\r\n`;
const AGENT = String.raw`User-Agent: PHP/5.2.10\r\n`;

/** A line of squid's native format with headers (`log_mime_hdrs on`). */
const squid = (headers: string, url = 'http://www.example.com/xmlrpc.php', result = 'TCP_MISS/400', method = 'POST') =>
  `1795276640.633      0 198.51.100.7 ${result} 401 ${method} ${url} - FIRSTUP_PARENT/127.0.0.1 text/html [${headers}] [HTTP/1.1 400 Bad Request\\r\\n\\r\\n]`;

const combined = (agent: string, status = 400, url = 'http://x/xmlrpc.php') =>
  `198.51.100.7 - - [21/Nov/2026:15:57:20 +0000] "POST ${url} HTTP/1.1" ${status} 401 "-" "${agent}" TCP_MISS:FIRSTUP_PARENT`;

t.test('all of the signature, in any order', async (t) => {
  trySamples(t, 'pingback-spam', {
    sender: '198.51.100.7',
    failures: [
      squid(`${AGENT}Accept: */*\\r\\n${CHUNKED}Content-Type: text/xml\\r\\nHost: x\\r\\n`),
      squid(`Host: x\\r\\n${CHUNKED}${AGENT}`),
      squid(AGENT + CHUNKED, 'http://x/blog/xmlrpc.php?y', 'NONE/400'),
      combined('PHP/5.2.10'),
      combined('PHP/5.2.10', 400, '/xmlrpc.php').replace(' TCP_MISS:FIRSTUP_PARENT', ''),
    ],
    others: [['2001:db8::7', combined('PHP/5.2.10').replace('198.51.100.7', '2001:db8::7')]],
    harmless: [
      squid(AGENT),
      squid(CHUNKED),
      squid(AGENT + CHUNKED, 'http://x/xmlrpc.php', 'TCP_MISS/200'),
      squid(AGENT + CHUNKED, 'http://x/xmlrpc.php', 'TCP_MISS/400', 'GET'),
      squid(AGENT + CHUNKED, 'http://x/'),
      squid(`X-${AGENT}${CHUNKED}`),
      squid(`Referer: ${AGENT}${CHUNKED}`),
      squid(String.raw`User-Agent: PHP/5.2.100\r\n${CHUNKED}`),
      squid('').replace('[]', `[] [${AGENT}${CHUNKED}]`).replace(' [HTTP', ''),
      combined('PHP/5.2.100'),
      combined('PHP/8.2.1'),
      combined('PHP/5.2.10', 200),
      combined('PHP/5.2.10', 400, 'http://x/'),
    ],
    crafted: [
      combined('x" "PHP/5.2.10'),
      combined('192.0.2.1 - - [] "POST /xmlrpc.php HTTP/1.1" 400 1 "-" "PHP/5.2.10'),
      squid(`${AGENT}${CHUNKED}X: 1795276640.633      0 192.0.2.1 TCP_MISS/400 401 POST http://x/xmlrpc.php\\r\\n`),
    ],
    long: [
      ['1795276640.633 0 198.51.100.7 TCP_MISS/400 401 POST http://x/xmlrpc.php - A/- t [', AGENT, '] ['],
      ['1795276640.633 0 198.51.100.7 TCP_MISS/400 401 POST http://x/xmlrpc.php - A/- t [', '\\n', '] ['],
      ['198.51.100.7 - - [x] "POST /xmlrpc.php HTTP/1.1" 400 401 "', '" "PHP/5.2.1', '0'],
    ],
  });
});
