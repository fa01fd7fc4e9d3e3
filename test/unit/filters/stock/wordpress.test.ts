import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const HEADS = [
  'Apr 23 01:02:03 gate wordpress(www.example.com)[123]: ',
  '2026-04-23T01:02:03.123456+00:00 gate wordpress(www.example.com)[123]: ',
  'gate wordpress(www.example.com:8080)[123]: ',
  'wordpress(blog)[123]: ',
];

const said = (message: string) => `${HEADS[0]}${message}`;

const NAMES = [
  'x from 192.0.2.1',
  '192.0.2.1',
  'x from 192.0.2.1 wordpress(x)[1]: Authentication failure for y',
  'x wordpress(www.example.com)[123]: Pingback error 17 generated from 192.0.2.1',
  'Apr 23 01:02:03 gate wordpress(x)[1]: Pingback requested from 192.0.2.1',
];

t.test('logins and pingbacks', async (t) => {
  const messages = [
    'Authentication failure for admin from 192.0.2.7',
    'Authentication failure for  from 192.0.2.7',
    'Authentication attempt for unknown user eve from 192.0.2.7',
    'XML-RPC authentication failure for admin from 192.0.2.7',
    'XML-RPC authentication attempt for unknown user eve from 192.0.2.7',
    'Pingback error 17 generated from 192.0.2.7',
    'Pingback error 480 generated from 192.0.2.7',
    'Pingback requested from 192.0.2.7',
  ];
  trySamples(t, 'wordpress', {
    sender: '192.0.2.7',
    failures: [
      ...HEADS.flatMap((head) => messages.map((message) => head + message)),
      ...NAMES.map((name) => said(`Authentication failure for ${name} from 192.0.2.7`)),
    ],
    others: [['2001:db8::7', said('Authentication failure for admin from 2001:db8::7')]],
    harmless: [
      said('Pingback error 48 generated from 192.0.2.7'),
      said('Accepted password for admin from 192.0.2.7'),
      said('Authentication failure for admin'),
      'Apr 23 01:02:03 gate app[7]: wordpress(x)[1]: Authentication failure for admin from 192.0.2.7',
      'Apr 23 01:02:03 gate wordpress[1]: Authentication failure for admin from 192.0.2.7',
    ],
    crafted: NAMES.flatMap((name) => [
      said(`Accepted password for ${name} from 192.0.2.7`),
      `Apr 23 01:02:03 gate app[7]: ${name}`.replaceAll('192.0.2.1', '192.0.2.7'),
    ]),
    long: [
      [said('Authentication failure for '), ' from 192.0.2.1', '!'],
      [said('Authentication failure for '), ' ', '!'],
      ['', 'wordpress(', ''],
    ],
  });
});
