import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { parseSettings } from '../../src/config/config.js';
import { Engine } from '../../src/detection/engine.js';
import { Never } from '../../src/jails/never.js';
import { connect } from '../../src/library.js';
import type { Prefix } from '../../src/model/prefix.js';
import { chunk, jail, line, NOW } from '../jail.js';
import { startService } from '../service.js';
import { type } from '../terminal.js';

/** RFC 4291, 2.5.5.2: the same address, in all notations that programs write. */
const MAPPED = ['::ffff:192.0.2.1', '::FFFF:192.0.2.1', '::ffff:c000:201', '0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'];

const OWN = '192.0.2.1';

t.test('a mapped address is the IPv4 address: by hand, in lists, and where it is asked for', async (t) => {
  const { socket, held } = await startService(t);
  const say = (...words: string[]) => type([...words, '--socket', socket]);
  for (const [index, written] of MAPPED.entries()) {
    const other = MAPPED[(index + 1) % MAPPED.length] as string;
    t.equal((await say('ban', written)).code, 0, written);
    t.same(await held(), [OWN]);
    t.match(JSON.parse((await say('list', '--json', '--prefix', other)).stdout), [{ address: OWN }], other);
    t.match(JSON.parse((await say('why', other, '--json')).stdout), { address: OWN }, other);
    t.equal((await say('unban', other)).code, 0, other);
    t.same(await held(), []);
  }
  const file = join(t.testdir(), 'list');
  writeFileSync(file, MAPPED.join('\n'));
  t.equal((await say('import', file)).code, 0);
  t.same(await held(), [OWN], 'once, however often it is named');
  t.equal((await say('ban', '::ffff:192.0.2.0/120')).code, 0);
  t.same(await held(), ['192.0.2.0/24'], 'which it is folded into');
  for (const scoped of ['fe80::1%eth0', '::ffff:192.0.2.1%eth0']) {
    t.match(await say('ban', scoped), { code: 1, stderr: /is no IPv4 or IPv6 address/ }, scoped);
  }
  t.match(await say('ban', '::ffff:0.0.0.0/96'), { code: 1, stderr: /0\.0\.0\.0\/0/ }, 'everybody');
});

t.test('the library', async (t) => {
  const { socket, held } = await startService(t);
  const dropset = connect(socket);
  await dropset.ban('::ffff:c000:201', { for: '1h', reason: 'test' });
  t.same(await held(), [OWN]);
  await dropset.unban('::ffff:192.0.2.1');
  t.same(await held(), []);
});

t.test('in a log, on the never-list, and in ignoreip', async (t) => {
  const counted = (never: readonly Prefix[], ignoreip: readonly string[]): string[] => {
    const config = jail('door', { maxretry: 1, ignoreip });
    const engine = new Engine([config], {
      never: new Never(never),
      now: () => NOW,
      report: () => undefined,
      onLate: () => undefined,
    });
    const text = MAPPED.map((written) => line(`knock from ${written}`)).join('');
    return [...engine.judge(chunk(text), ['door'])].flat().map(({ ban }) => ban.prefix.text);
  };
  // What no daemon writes is nobody's address to a filter.
  t.same(counted([], []), [OWN, OWN, OWN]);
  for (const written of MAPPED) {
    const { never } = parseSettings(`[never]\naddresses = ["${written}"]\n`, 'dropset.toml');
    t.same(counted(never.addresses, []), [], written);
    t.same(counted([], [written]), [], written);
  }
});
