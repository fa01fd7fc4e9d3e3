import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const HEADS = [
  'Nov 21 05:48:17 mail dovecot: imap-login: ',
  'mail dovecot[99]: pop3-login: ',
  'Nov 21 15:59:45 imap-login: Info: ',
];

const REASON = 'Disconnected: Connection closed (auth failed, 1 attempts in 4 secs)';

const failed = (user: string, behind = ', session=<qEcFc8tg9ZvGM2QH>', reason = REASON) =>
  `${reason}: user=<${user}>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.200${behind}`;

const NAMES = [
  'x>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.200, session=<abcdefgh>',
  'x>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.200, TLS, session=<a',
  'x>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.200, TLS: ',
  '192.0.2.1',
  '',
];

t.test('refused passwords', async (t) => {
  const messages = [
    failed('admin'),
    failed('admin', ''),
    failed('admin', ', TLS, session=<+qAWdMtgM9cgAQ24AAAAAAAAAAAAAAAH>'),
    failed(
      'admin',
      ', TLS handshaking: SSL_accept() failed: error:0A00010B:SSL routines::wrong version number, session=<x>',
    ),
    failed('admin', ', secured, mpid=4711, session=<x>'),
    failed('admin', '', 'Aborted login (auth failed, 3 attempts in 16 secs)'),
    failed('admin', '', 'Login aborted: Logged out (auth failed, 1 attempts in 0 secs) (auth_failed)'),
    failed('admin', '', 'Disconnected (auth failed, 2 attempts)'),
    ...NAMES.map((name) => failed(name)),
  ];
  trySamples(t, 'dovecot', {
    sender: '198.51.100.7',
    failures: HEADS.flatMap((head) => messages.map((message) => head + message)),
    others: [['2001:db8::7', HEADS[0] + failed('a').replace('198.51.100.7', '2001:db8::7')]],
    harmless: [
      `${HEADS[0]}Disconnected: Connection closed (no auth attempts in 3 secs): user=<>, rip=198.51.100.7, lip=192.0.2.200, session=<x>`,
      `${HEADS[0]}Disconnected: Aborted login by logging out (tried to use unsupported auth mechanism): user=<>, method="X,, rip=198.51.100.7, lip=192.0.2.200, session=<x>`,
      `${HEADS[0]}Login: user=<ann>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.200, mpid=1, session=<x>`,
      `Nov 21 05:48:17 mail app: dovecot: imap-login: ${failed('a')}`,
      'Nov 21 15:59:45 imap(ann)<1><x>: Info: Disconnected: Logged out in=1 out=2',
    ],
    crafted: NAMES.flatMap((name) => [
      `${HEADS[0]}Login: user=<${name}>, method=PLAIN, rip=198.51.100.7, lip=192.0.2.200, mpid=1, session=<x>`,
      `${HEADS[0]}Disconnected (no auth attempts): user=<(auth failed, 1 attempts): user=<${name}>, rip=198.51.100.7, lip=192.0.2.200, session=<x>`,
    ]),
    long: [
      [`${HEADS[0]}${REASON}: user=<`, '>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.200', '!'],
      [`${HEADS[0]}${REASON}: user=<x>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.200`, ', TLS', '!'],
      [`${HEADS[0]}${REASON}: user=<x>, method=PLAIN, rip=192.0.2.1, lip=192.0.2.200`, ', TLS: ', '!'],
      [`${HEADS[0]}`, '(auth failed, 1 attempts', ''],
    ],
  });
});
