import { join } from 'node:path';
import t from 'tap';
import { originOf } from '../../../src/cli/origin.js';

t.test('as sshd has told the shell', async (t) => {
  t.equal(originOf({ SSH_CONNECTION: '203.0.113.9 51234 192.0.2.1 22' }), '203.0.113.9');
  t.equal(originOf({ SSH_CONNECTION: 'fe80::9%eth0 51234 fe80::1%eth0 22' }), 'fe80::9');
  for (const value of ['', 'x', undefined]) t.equal(originOf({ SSH_CONNECTION: value }), undefined);
});

t.test('behind sudo, as a process above has it', async (t) => {
  const processes = t.testdir({
    '30': { environ: 'A=1\0SUDO_USER=x\0', status: 'Name:\tsudo\nPPid:\t20\n' },
    '20': { environ: 'A=1\0SSH_CONNECTION=203.0.113.9 1 2 3\0', status: 'PPid:\t1\n' },
    '40': { environ: 'A=1', status: 'PPid:\t40\n' },
  });
  const environment = { SUDO_USER: 'alice' };
  t.equal(originOf(environment, { processes, pid: 30 }), '203.0.113.9');
  t.equal(originOf({}, { processes, pid: 30 }), undefined);
  t.equal(originOf(environment, { processes, pid: 40 }), undefined, 'and there is an end to it');
  t.equal(originOf(environment, { processes: join(processes, 'none'), pid: 30 }), undefined);
});
