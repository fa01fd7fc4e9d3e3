import t from 'tap';
import { stockJson, stockLines } from '../../../../src/cli/jail/stock.js';
import { type } from '../../../terminal.js';

const PLAIN = (text: string): string => text;

t.test('every preset with what it reads and when it bans', async (t) => {
  const lines = stockLines({ strong: PLAIN, good: PLAIN, bad: PLAIN, doubtful: PLAIN, faint: PLAIN });
  t.match(lines.join('\n'), /^sshd: passwords guessed at OpenSSH\n {2}reads {3}\/var\/log\/auth\.log\n/);
  t.ok(lines.includes('  reads   the journal, where none of these is there'));
  t.ok(lines.includes('  reads   /var/log/btmp'));
  t.ok(lines.includes('  bans    after 1 failure in 10m, for 1h'));
  t.match(lines.at(-1), /preset = "NAME"/);
  for (const line of lines) t.ok(line.length <= 120, line);
});

t.test('and as JSON, in seconds', async (t) => {
  const found = stockJson();
  t.match(found[0], { name: 'sshd', maxretry: 3, findtime: 3600, bantime: 86_400, proxied: 'none' });
  const { code, stdout } = await type(['jail', 'list', '--stock', '--json']);
  t.equal(code, 0);
  t.same(JSON.parse(stdout), found);
});

t.test('no configuration is read for it', async (t) => {
  t.match(await type(['jail', 'list', '--stock', '--config', '/x']), { code: 2, stderr: /leave --config out/ });
  t.match(await type(['jail', 'list', '--stock']), { code: 0, stdout: /^sshd: / });
});
