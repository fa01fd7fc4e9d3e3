import t from 'tap';
import { describeCounted, describeSource } from '../../../src/config/describe.js';
import type { SourceConfig } from '../../../src/config/types.js';

t.test('a source, as an operator would name it', async (t) => {
  const table: [SourceConfig, string][] = [
    [{ kind: 'file', pattern: '/var/log/*.log', start: 'end' }, '/var/log/*.log'],
    [{ kind: 'journal', matches: [] }, 'journal'],
    [{ kind: 'journal', matches: ['_COMM=sshd', '_COMM=su'] }, 'journal _COMM=sshd + _COMM=su'],
    [{ kind: 'btmp', path: '/var/log/btmp' }, '/var/log/btmp'],
    [{ kind: 'syslog', listen: 'udp://127.0.0.1:5514' }, 'syslog udp://127.0.0.1:5514'],
    [{ kind: 'stdin' }, 'standard input'],
  ];
  for (const [source, name] of table) t.equal(describeSource(source), name);
});

t.test('whose bans are counted', async (t) => {
  t.equal(describeCounted('*'), 'bans of all jails');
  t.equal(describeCounted('sshd'), 'bans of sshd');
});
