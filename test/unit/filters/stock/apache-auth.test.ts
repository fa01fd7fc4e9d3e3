import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const CLIENT = '[Sat Nov 21 15:57:23.624040 2026] [auth_basic:error] [pid 37:tid 43] [client 198.51.100.7:45488] ';

const NAMES = [
  String.raw`a b" x] [client 192.0.2.1] \\ y`,
  String.raw`x\n[Sat Nov 21 15:57:23 2026] [auth_basic:error] [pid 1] [client 192.0.2.1:1] AH01617: user y`,
  '192.0.2.1',
  'x: authentication failure for "/": Password Mismatch',
];

t.test('refused names and passwords', async (t) => {
  trySamples(t, 'apache-auth', {
    sender: '198.51.100.7',
    failures: [
      `${CLIENT}AH01617: user bob: authentication failure for "/": Password Mismatch`,
      `${CLIENT}AH01617: user bob: authentication failure for "/": Password Mismatch, referer: http://x/ "q`,
      `${CLIENT}AH01618: user eve not found: /`,
      `${CLIENT}user eve not found: /private/`,
      `${CLIENT.replace('basic', 'digest')}AH01794: user bob: password mismatch: /digest/`,
      `${CLIENT.replace('basic', 'digest')}AH01790: user ${'`'}eve' in realm ${'`'}x' not found: /digest/`,
      `${CLIENT.replace(':tid 43', '')}AH01618: user eve not found: /`,
      ...NAMES.map((name) => `${CLIENT}AH01618: user ${name} not found: /, referer: http://x/`),
      ...NAMES.map((name) => `${CLIENT}AH01617: user ${name}: authentication failure for "/": Password Mismatch`),
    ],
    others: [
      ['2001:db8::7', `${CLIENT.replace('198.51.100.7', '2001:db8::7')}AH01618: user eve not found: /`],
      // A port of four digits could be a part of the address.
      ['2001:db8::7', `${CLIENT.replace('198.51.100.7:45488', '2001:db8::7:4242')}AH01618: user eve not found: /`],
      [
        '2001:db8:1:2:3:4:5:6',
        `${CLIENT.replace('198.51.100.7:45488', '2001:db8:1:2:3:4:5:6:80')}AH01618: user x not found: /`,
      ],
    ],
    harmless: [
      `${CLIENT.replace('basic', 'core')}AH01631: user bob: authorization failure for "/digest/": `,
      `${CLIENT}AH01614: client used wrong authentication scheme: /`,
      `${CLIENT.replace('198.51.100.7:45488', '2001:db8::7')}AH01618: user eve not found: /`,
      '[Sat Nov 21 15:57:22.582840 2026] [mpm_event:notice] [pid 34:tid 34] AH00489: Apache/2.4.71 (Debian) configured -- resuming normal operations',
    ],
    crafted: NAMES.map((name) => `${CLIENT}AH00128: File does not exist: /srv/www/${name} not found: /`),
    long: [
      [`${CLIENT}AH01617: user `, ': authentication failure for "', ''],
      [`${CLIENT}AH01618: user `, ' not found: ', ''],
      [`${CLIENT}AH01790: user ${'`'}`, "' in realm `", ''],
    ],
  });
});
