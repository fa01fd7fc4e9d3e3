import t from 'tap';
import { isHostName } from '../../../src/model/host-name.js';

t.test('names of hosts', async (t) => {
  for (const name of ['office.example', 'localhost', 'a', '3com.com', 'x_1.example.', `${'a'.repeat(63)}.example`]) {
    t.ok(isHostName(name), name);
  }
});

t.test('what is none: slips in addresses above all', async (t) => {
  const long = `${'a'.repeat(60)}.`.repeat(5);
  for (const text of [
    '',
    '192.0.2.300',
    '192.0.2',
    '192.0.2.0/33',
    '2001:db8::g',
    'a b',
    '-a.example',
    'a..b',
    `${'a'.repeat(64)}.example`,
    long,
    'ä.example',
    '10',
  ]) {
    t.notOk(isHostName(text), text);
  }
});
