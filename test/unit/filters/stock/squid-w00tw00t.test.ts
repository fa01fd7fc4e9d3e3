import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const squid = (url: string, method = 'GET') =>
  `1795276640.604      1 198.51.100.7 TCP_MISS/404 395 ${method} ${url} - FIRSTUP_PARENT/127.0.0.1 text/html`;

const combined = (url: string, behind = '"-" "-" TCP_MISS:FIRSTUP_PARENT') =>
  `198.51.100.7 - - [21/Nov/2026:15:57:20 +0000] "GET ${url} HTTP/1.1" 404 395 ${behind}`;

t.test('probes by their path', async (t) => {
  trySamples(t, 'squid-w00tw00t', {
    sender: '198.51.100.7',
    failures: [
      squid('http://www.example.com/w00tw00t.at.ISC.SANS.DFind:)'),
      `${squid('http://x/w00tw00t.at.blackhats.romanian.anti-sec:)')} [Host: x\\r\\n] [HTTP/1.1 404 Not Found\\r\\n\\r\\n]`,
      squid('/w00tw00t.at.ISC.SANS.DFind:)'),
      squid('http://x//w00tw00t', 'HEAD'),
      combined('http://192.0.2.200/w00tw00t.at.ISC.SANS.DFind:)'),
      combined('/w00tw00t.at.ISC.SANS.DFind:)', '"-" "-"'),
    ],
    others: [['2001:db8::7', squid('http://x/w00tw00t').replace('198.51.100.7', '2001:db8::7')]],
    harmless: [
      squid('http://x/blog/w00tw00t'),
      squid('http://x/?/w00tw00t'),
      combined('http://x/', '"http://x/w00tw00t" "GET /w00tw00t"'),
      '1795276640.757      0 198.51.100.7 NONE_NONE/000 0 - error:transaction-end-before-headers - HIER_NONE/- -',
    ],
    crafted: [
      squid('http://192.0.2.1/w00tw00t'),
      combined('http://x/w00tw00t', '"a" 192.0.2.1 TCP_MISS/404 1 GET /w00tw00t" "-" TCP_MISS:FIRSTUP_PARENT'),
    ],
    long: [
      ['1795276640.604 1 198.51.100.7 TCP_MISS/404 395 GET ', '/', 'x'],
      ['198.51.100.7 - ', ' [', ''],
    ],
  });
});
