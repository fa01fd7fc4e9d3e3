import t from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { Bell } from '../../../src/sources/bell.js';
import type { SourceEvent } from '../../../src/sources/event.js';
import { Intake, type IntakeOptions } from '../../../src/sources/syslog-intake.js';

const NOW = 1_700_000_000_000;

function intake(options: Partial<IntakeOptions> = {}): { intake: Intake; events: SourceEvent[]; bell: Bell } {
  const events: SourceEvent[] = [];
  const bell = new Bell();
  const onEvent = (event: SourceEvent): number => events.push(event);
  const all = { name: 'syslog', maxLine: 100, allow: undefined, clock: () => NOW, onEvent, bell, ...options };
  return { intake: new Intake(all), events, bell };
}

t.test('messages become a chunk', async (t) => {
  const { intake: open, bell } = intake();
  t.equal(open.take(), undefined);
  open.accept(Buffer.from('<38>sshd[1]: a\nb'), '192.0.2.9');
  open.accept(Buffer.alloc(0), '192.0.2.9');
  open.accept(Buffer.from('<38>1 2023-11-14T22:13:19.5Z web sshd 2 - - \xff', 'latin1'), '192.0.2.9');
  await bell.wait();
  t.same(open.take(), {
    source: 'syslog',
    bytes: Buffer.from('192.0.2.9 sshd[1]: a\\nb\nweb sshd[2]: \xff\n', 'latin1'),
    offset: 0,
    times: [NOW, NOW - 500],
  });
});

t.test('who may send', async (t) => {
  t.equal(intake().intake.admits('192.0.2.9'), true);
  const { intake: closed, events } = intake({ allow: [Prefix.parse('192.0.2.0/24'), Prefix.parse('fe80::/10')] });
  for (const address of ['192.0.2.9', '::ffff:192.0.2.9', 'fe80::1%eth0'])
    t.equal(closed.admits(address), true, address);
  for (const address of ['198.51.100.7', '2001:db8::1', '', 'x']) t.equal(closed.admits(address), false, address);
  closed.refuse();
  t.match(events, [{ kind: 'refused', path: 'syslog', message: 'syslog has turned away 1 that may not send here' }]);
});

t.test('there is an end to what waits', async (t) => {
  const { intake: open } = intake({ maxLine: 65_536 });
  let rooms = 0;
  open.onRoom = () => {
    rooms += 1;
  };
  open.accept(Buffer.from('x'), 'a');
  open.take();
  t.equal(rooms, 0);
  for (let i = 0; i < 15; i++) open.accept(Buffer.alloc(65_536, 0x61), 'a');
  t.equal(open.isFull, false);
  for (let i = 0; i < 2; i++) open.accept(Buffer.alloc(65_536, 0x61), 'a');
  t.equal(open.isFull, true);
  t.equal(open.take()?.times?.length, 17);
  t.equal(open.isFull, false);
  t.equal(rooms, 1);
});

t.test('what is cut or lost is told', async (t) => {
  const { intake: open, events } = intake();
  open.accept(Buffer.alloc(200, 0x61), 'a');
  open.cut();
  open.lose(3);
  open.tell('complaint', 'fails');
  t.match(events, [
    { kind: 'oversized', message: 'syslog has had 1 messages that were cut' },
    { kind: 'lost', message: /^syslog has lost 3 messages/ },
    { kind: 'complaint', message: 'syslog fails' },
  ]);
  t.equal(open.clock(), NOW);
});
