import { spawnSync } from 'node:child_process';
import t from 'tap';
import type { Explanation } from '../../src/control/api.js';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR } from './guarded.js';

const guarded = await Guarded.for(t, '[never]\naddresses = ["192.0.2.0/24"]\n');

const why = (address: string): Explanation & { code: number | null } => {
  const words = ['dist/cli/main.js', '--socket', guarded.socket, 'why', '--json', address];
  const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { code: status, ...JSON.parse(stdout) };
};

t.test('banned by a jail and as a part of a prefix: lines, packets, and where', async (t) => {
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  guarded.dropset('ban', '198.51.100.64/26', '--reason', 'by hand');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  const found = why(ATTACKER);
  t.match(found, {
    code: 0,
    banned: true,
    bans: [
      { address: '198.51.100.64/26', jail: 'manual', reason: 'by hand', lines: [] },
      { address: ATTACKER, jail: 'sshd', reason: /^3 failures/ },
    ],
    elements: [{ set: 'ban4_26' }],
    folded: '198.51.100.64/26',
    past: [{ jail: 'manual' }, { jail: 'sshd', bans: 1 }],
    unban: { lifts: [{ jail: 'sshd' }], stays: [{ jail: 'manual' }] },
    table: { name: 'dropset', hook: 'prerouting', priority: -300 },
  });
  t.equal(found.bans[1]?.lines.length, 3);
  t.ok(
    found.bans[1]?.lines.every((line) => line.endsWith(`Failed password for root from ${ATTACKER} port 40022 ssh2`)),
  );
  t.ok(found.elements.some(({ packets }) => (packets ?? 0) > 0));
});

t.test('an unban does what was said, and the past is remembered over a restart', async (t) => {
  guarded.dropset('unban', ATTACKER);
  t.match(why(ATTACKER), { code: 0, bans: [{ jail: 'manual' }], elements: [{ set: 'ban4_26' }] });
  guarded.dropset('unban', '198.51.100.64/26');
  await guarded.stop();
  await guarded.start();
  t.match(why(ATTACKER), { code: 1, banned: false, bans: [], past: [{ jail: 'manual' }, { jail: 'sshd', bans: 1 }] });
  t.match(why(NEIGHBOUR), { code: 1, bans: [], past: [], never: null });
});
