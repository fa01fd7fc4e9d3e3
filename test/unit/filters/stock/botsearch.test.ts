import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const DATE = '[21/Nov/2026:15:56:09 +0000]';
const asked = (path: string, status = 404, method = 'GET') =>
  `198.51.100.7 - - ${DATE} "${method} ${path} HTTP/1.1" ${status} 153 "-" "-"`;

t.test('searches for what is not there', async (t) => {
  trySamples(t, 'botsearch', {
    sender: '198.51.100.7',
    failures: [
      ...['/.env', '/api/.env.bak', '/.git/config', '/phpMyAdmin-5.1/index.php', '/phpmyadmin/', '/pma', '/backup.sql'],
      ...['/cgi-bin/luci', '/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php', '/wp-login.php', '//xmlrpc.php?rsd'],
      ...[
        '/actuator/health',
        '/HNAP1',
        '/manager/html',
        '/wp-content/wp-config.php~',
        '/.aws/credentials',
        '/shell?cd+/tmp',
      ],
    ]
      .map((path) => asked(path))
      .concat([
        asked('/.env', 403),
        asked('/.env', 444, 'POST'),
        `www.example.com:80 ${asked('/.env')}`,
        asked(String.raw`/.env\" 200 1`),
        '1795276640.604      1 198.51.100.7 TCP_MISS/404 395 GET http://www.example.com/.env - FIRSTUP_PARENT/127.0.0.1 text/html',
        asked('http://www.example.com/.env').replace('"-" "-"', '"-" "-" TCP_MISS:FIRSTUP_PARENT'),
      ]),
    others: [['2001:db8::7', asked('/.env').replace('198.51.100.7', '2001:db8::7')]],
    harmless: [
      asked('/.env', 200),
      asked('/phpmyadmin/', 302),
      asked('/favicon.ico'),
      asked('/robots.txt'),
      asked('/.well-known/security.txt'),
      asked('/apple-touch-icon.png'),
      asked('/environment'),
      asked('/?x=/.env'),
      asked('/pmail/'),
      asked('/').replace('"-" "-"', '"http://x/.env" "GET /.env HTTP/1.1 404 "'),
    ],
    crafted: [asked('/.env').replace(' - - ', ' - 192.0.2.1 - - '), asked('/192.0.2.1 - - [] \\x22GET /.env')],
    long: [
      [`198.51.100.7 - - ${DATE} "GET `, '/', ' HTTP/1.1" 404 1'],
      [`198.51.100.7 - - ${DATE} "GET `, '/.env', '" 200 1'],
      [`198.51.100.7 - - ${DATE} "GET `, '/.env/" 404 1', ''],
      ['1795276640.604 1 198.51.100.7 TCP_MISS/404 395 GET ', '/phpmyadmin', ''],
    ],
  });
});
