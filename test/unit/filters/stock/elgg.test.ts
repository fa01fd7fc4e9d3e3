import t from 'tap';
import { trySamples } from '../../../stock-samples.js';

const HEADS = [
  'Apr 23 01:02:03 gate elgg(www.example.com)[123]: ',
  'Apr 23 01:02:03 gate Elgg(www.example.com)[123]: ',
  'gate elgg(www.example.com)[123]: ',
];

const said = (message: string) => `${HEADS[0]}${message}`;

const NAMES = [
  'x from 192.0.2.1',
  '192.0.2.1',
  'x from 192.0.2.1 elgg(x)[1]: Invalid user y',
  'Invalid user x from 192.0.2.1',
];

t.test('failed logins', async (t) => {
  trySamples(t, 'elgg', {
    sender: '192.0.2.7',
    failures: [
      ...HEADS.flatMap((head) => [
        `${head}Authentication failure for ann from 192.0.2.7`,
        `${head}Invalid user eve@example.org from 192.0.2.7`,
      ]),
      ...NAMES.map((name) => said(`Invalid user ${name} from 192.0.2.7`)),
    ],
    others: [['2001:db8::7', said('Invalid user eve from 2001:db8::7')]],
    harmless: [
      said('Accepted login for ann from 192.0.2.7'),
      said('User logged out ann from 192.0.2.7'),
      'Apr 23 01:02:03 gate app[7]: elgg(x)[1]: Invalid user eve from 192.0.2.7',
      'Apr 23 01:02:03 gate sshd[7]: Invalid user eve from 192.0.2.7',
    ],
    crafted: NAMES.map((name) => said(`Accepted login for ${name} from 192.0.2.7`)),
    long: [
      [said('Invalid user '), ' from 192.0.2.1', '!'],
      ['', ' ', ''],
    ],
  });
});
