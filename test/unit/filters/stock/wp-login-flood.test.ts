import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const DATE = '[21/Nov/2026:15:56:09 +0000]';
const AGENT = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** A line of squid's native format. */
const squid = (url: string, method = 'POST') =>
  `1795276640.620      4 198.51.100.7 TCP_MISS/404 395 ${method} ${url} - FIRSTUP_PARENT/127.0.0.1 text/html`;

const posted = (path: string, behind = '404 153 "-" "-"') =>
  `198.51.100.7 - - ${DATE} "POST ${path} HTTP/1.1" ${behind}`;

t.test('posts to the entrances of WordPress', async (t) => {
  trySamples(t, 'wp-login-flood', {
    sender: '198.51.100.7',
    failures: [
      posted('/wp-login.php'),
      posted('/wp-login.php', `200 1234 "https://www.example.com/" "${AGENT}"`),
      posted('/wp-login.php?action=x', String.raw`404 153 "-" "Mozilla \x22x\x22 \x5C"`),
      posted('/wp-login.php', String.raw`404 474 "-" "Mozilla \"x\" \\" "1.2.3.4, \"x"`),
      posted('/blog/xmlrpc.php', '200 403 "-" "-" "192.0.2.1"'),
      posted('//xmlrpc.php/x'),
      posted('/%77p-login%2Ephp'),
      posted('/wp%2dlogin.ph%70'),
      posted('/x%6Dlrpc.php'),
      posted('/wp-login.php', '200 5'),
      `www.example.com:80 ${posted('/wp-login.php')}`,
      `198.51.100.7 - ann ${DATE} "POST /wp-login.php HTTP/2.0" 302 0 "-" "-"`,
      squid('http://www.example.com/wp-login.php'),
      squid('http://[2001:db8::200]/wp-login.php?x'),
      squid('http://x/ab/xmlrpc.php'),
      '198.51.100.7 - - [21/Nov/2026:15:57:20 +0000] "POST http://192.0.2.200/wp-login.php HTTP/1.1" 404 395 "-" "curl/7.88.1" TCP_MISS:FIRSTUP_PARENT',
    ],
    others: [
      ['2001:db8::7', `2001:db8::7 - - ${DATE} "POST /wp-login.php HTTP/1.1" 404 395 "-" "-"`],
      ['2001:db8::7', squid('http://x/wp-login.php').replace('198.51.100.7', '2001:db8::7')],
    ],
    harmless: [
      posted('/wp-login.php').replace('POST', 'GET'),
      posted('/contact?to=/wp-login.php'),
      posted('/wp-login.phps'),
      posted('/not-wp-login.php'),
      posted('/'),
      squid('http://www.example.com/wp-login.php', 'GET'),
      squid('http://www.example.com/?/wp-login.php'),
      `198.51.100.7 - - ${DATE} "GET / HTTP/1.1" 200 5 "http://x/" "POST /wp-login.php HTTP/1.1"`,
      `wp-login.php - - ${DATE} "POST /wp-login.php HTTP/1.1" 404 395 "-" "-"`,
    ],
    crafted: [
      `198.51.100.7 - 192.0.2.1 - - ${DATE} "POST /wp-login.php HTTP/1.1" 404 1 "-" "-"`,
      `198.51.100.7 - 192.0.2.1 - x [01/Jan/2026:00:00:00 +0000] \\" ${DATE} "POST /wp-login.php HTTP/1.1" 404 1 "-" "-"`,
      `198.51.100.7 - x\\x22 192.0.2.1 - - ${DATE} "POST /wp-login.php HTTP/1.1" 404 1 "-" "-"`,
      `198.51.100.7 - - ${DATE} "POST /192.0.2.1 - - [x] \\x22POST /wp-login.php HTTP/1.1" 404 1 "-" "192.0.2.1"`,
      `192.0.2.1 198.51.100.7 - - ${DATE} "POST /wp-login.php HTTP/1.1" 404 1 "-" "-"`,
      `192.0.2.1:80 198.51.100.7 - - ${DATE} "POST /wp-login.php HTTP/1.1" 404 1 "-" "192.0.2.1" "192.0.2.1"`,
      squid('http://192.0.2.1/wp-login.php'),
    ],
    long: [
      ['198.51.100.7 - ', ' [', `${DATE} "POST /wp-login.php HTTP/1.1" 404 1`],
      ['198.51.100.7 - ', ' [] "', ''],
      [`198.51.100.7 - - ${DATE} "POST `, '/', ' HTTP/1.1" 404 1'],
      [`198.51.100.7 - - ${DATE} "POST `, '/wp-login.php/', ''],
      [`198.51.100.7 - - ${DATE} "POST /wp-login.php HTTP/1.1" 404 1 "`, '" "', 'x'],
      ['1795276640.620 4 198.51.100.7 TCP_MISS/404 395 POST ', '/wp-login.php', ''],
      ['', ' ', ''],
    ],
  });
});
