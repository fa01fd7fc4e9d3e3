import t, { type Test } from 'tap';
import { startService } from '../../service.js';
import { type Terminal, type } from '../../terminal.js';

/** Follows; when it does, things happen, and the service stops. */
async function followed(t: Test, words: readonly string[], terminal: Terminal = {}) {
  const service = await startService(t, { clock: () => 1_700_000_000_000, stream: { heartbeat: 1 } });
  const { events, client, stream } = service;
  const follow = stream.follow.bind(stream);
  stream.follow = (...wanted) => {
    const parts = follow(...wanted);
    setImmediate(async () => {
      await client.ban({ addresses: ['192.0.2.7'], reason: 'a\u001bb' });
      events.problem('disk full');
      events.tell({ kind: 'refused', address: '192.0.2.8', error: 'no room', more: 0, kept: false });
      events.tell({ kind: 'note', level: 'debug', message: 'so' });
      await stream.close();
    });
    return parts;
  };
  return type(['events', ...words, '--socket', service.socket], terminal);
}

const STOPPED = 'dropset: the service has stopped\n';

t.test('a line each for people', async (t) => {
  t.same(await followed(t, []), {
    code: 1,
    stderr: STOPPED,
    stdout: `2023-11-14 22:13:20Z banned 192.0.2.7 for ever (manual: a\\u{1b}b)
2023-11-14 22:13:20Z disk full
2023-11-14 22:13:20Z 192.0.2.8 was not written: no room
2023-11-14 22:13:20Z so
`,
  });
});

t.test('a terminal sees what is wrong, and that it goes on', async (t) => {
  const { stdout, stderr } = await followed(t, [], { isTTY: true, isOutTTY: true });
  t.match(stdout, '\u001b[33mdisk full\u001b[0m');
  t.match(stdout, '\u001b[31m192.0.2.8 was not written');
  t.equal(stderr, `following; end with Ctrl-C\n${STOPPED}`);
});

t.test('as JSON, and by name and jail', async (t) => {
  const { stdout } = await followed(t, ['--json', '--event', 'ban,problem', '--jail', 'manual']);
  const [ban, problem, ...rest] = stdout.split('\n');
  t.match(ban, '"reason":"a\\u001bb"');
  t.match(JSON.parse(ban as string), { event: 'ban', address: '192.0.2.7', until: null });
  t.match(JSON.parse(problem as string), { event: 'problem', level: 'warning' });
  t.same(rest, ['']);
});

t.test('it takes no words, and knows its events', async (t) => {
  t.match(await type(['events', 'sshd']), { code: 2, stderr: /^dropset: events takes no 'sshd'\n/ });
  t.match(await followed(t, ['--event', 'bann']), { code: 1, stderr: /^dropset: there is no event "bann"; there are/ });
});
