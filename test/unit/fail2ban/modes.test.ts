import t from 'tap';
import { filterModes } from '../../../src/fail2ban/modes.js';
import { CONFIGURATION } from '../../fail2ban.js';

t.test('modes are what the tables say', async (t) => {
  const directory = t.testdir({
    'none.conf': '[Definition]\nfailregex = <HOST> <mode>\nmdre-x = y\n',
    'some.conf': [
      '[Definition]',
      'failregex = <pre-<mode>-end><HOST><mdre-<mode>>',
      'mdre-normal =',
      'mdre-Extra = a',
      'pre-normal-end = b',
      'pre-other-end = c',
      'pre--end = d',
      '[Init]',
      'mdre-late = e',
    ].join('\n'),
    'fault.conf': 'x',
  });
  t.same(filterModes('none', [directory]), []);
  t.same(filterModes('some[mode=normal]', [directory]), ['extra', 'late', 'normal', 'other']);
  t.throws(() => filterModes('absent', [directory]), { code: 'filter' });
  t.throws(() => filterModes('fault', [directory]), { code: 'config' });
});

t.test("those of fail2ban's own filters", async (t) => {
  const modes = (name: string): string[] => filterModes(name, [`${CONFIGURATION}/filter.d`]);
  t.same(modes('sshd'), ['aggressive', 'ddos', 'extra', 'normal']);
  t.same(modes('nginx-http-auth'), ['aggressive', 'auth', 'fallback', 'normal']);
  t.same(modes('recidive'), []);
});
