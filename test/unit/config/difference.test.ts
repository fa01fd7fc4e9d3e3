import t from 'tap';
import type { Config } from '../../../src/config/config.js';
import { parseSettings } from '../../../src/config/config.js';
import { differenceOf } from '../../../src/config/difference.js';
import { resolve } from '../../../src/config/resolve.js';

const read = (text: string): Config => resolve(parseSettings(text, 'dropset.toml'));

const JAIL = '[jail.sshd]\nlogpath = "/var/log/auth.log"\n';

t.test('the same words in other places are no difference', async (t) => {
  const one = read(`${JAIL}[never]\naddresses = ["192.0.2.1", "2001:db8::/32"]\n`);
  const other = read(`# a comment\n[never]\naddresses = ["2001:DB8::/32", "192.0.2.1", "192.0.2.1"]\n${JAIL}`);
  t.same(differenceOf(one, { ...other, jails: other.jails.map((jail) => ({ ...jail, origin: '/elsewhere:7' })) }), {
    keys: [],
    never: { added: [], removed: [] },
    jails: { added: [], removed: [], changed: [], unchanged: ['sshd'] },
    faults: [],
    notes: [],
  });
});

t.test('what came, went and changed', async (t) => {
  const one = read(`${JAIL}[jail.mail]\nfilter = "sshd"\nlogpath = "/a"\n[never]\naddresses = ["192.0.2.1"]\n`);
  const other = read(
    `${JAIL}maxretry = 7\n[jail.web]\nfilter = "sshd"\nlogpath = "/a"\n[never]\naddresses = ["192.0.2.2"]\n` +
      '[service]\ngroup = "adm"\nmax_line = 1024\naudit = "never"\n[backend]\nelement_counters = false\ninterfaces = ["eth0"]\n',
  );
  const { keys, never, jails } = differenceOf(one, other);
  t.same(keys.toSorted(), [
    'backend.element_counters',
    'backend.interfaces',
    'service.audit',
    'service.group',
    'service.max_line',
  ]);
  t.same([never.added.map(String), never.removed.map(String)], [['192.0.2.2'], ['192.0.2.1']]);
  t.same(jails, { added: ['web'], removed: ['mail'], changed: ['sshd'], unchanged: [] });
});

t.test('a jail of a tree that cannot be read any more is a fault; other notes are told once', async (t) => {
  const one = { ...read(JAIL), notes: ['mail is not sent'] };
  const why = "jail 'sshd' is left out: its filter is gone";
  const other = { ...one, jails: [], notes: ['mail is not sent', why, "jail 'x' is left out: it never was"] };
  const { faults, notes } = differenceOf(one, other);
  t.same(faults, [why]);
  t.same(notes, [why, "jail 'x' is left out: it never was"]);
  t.same(differenceOf(one, { ...one, jails: [] }).faults, [], 'nobody wants it');
});
