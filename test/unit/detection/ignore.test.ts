import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { spares } from '../../../src/detection/ignore.js';

t.test('exit code 0 spares, anything else does not', async (t) => {
  t.equal(await spares('true', '192.0.2.7'), true);
  t.equal(await spares('exit 0', '192.0.2.7'), true);
  t.equal(await spares('false', '192.0.2.7'), false);
  t.equal(await spares('exit 3', '192.0.2.7'), false);
  t.equal(await spares('kill -9 $$', '192.0.2.7'), false, 'ended by a signal');
  t.equal(await spares('/nowhere/command <ip>', '192.0.2.7'), false);
  t.equal(await spares('if then', '192.0.2.7'), false, 'no shell understands it');
});

t.test('<ip> is the address, wherever it stands', async (t) => {
  t.equal(await spares('test <ip> = 192.0.2.7 && test <ip> != 192.0.2.8', '192.0.2.7'), true);
  t.equal(await spares('test <ip> = 2001:db8::1', '2001:db8::1'), true);
  t.equal(await spares('test <ip> = 192.0.2.7', '192.0.2.8'), false);
});

t.test('a command has nothing to read, and what it prints goes nowhere', async (t) => {
  const file = join(t.testdir(), 'read');
  t.equal(await spares(`cat > ${file}; echo printed; echo printed >&2`, '192.0.2.7'), true);
  t.ok(existsSync(file));
  t.equal(readFileSync(file, 'utf8'), '');
});
