import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Random } from '../random.js';
import { Guarded } from './guarded.js';

type Told = 'address' | 'jail' | 'since' | 'until' | 'reason';

const AGAIN = '[jail.again]\nrecidive = "sshd"\nmaxretry = 1\nbantime = "1d"\nescalation = { across = true }\n';

const guarded = await Guarded.for(t, `${AGAIN}[never]\naddresses = ["198.51.100.200"]\n`);
const random = new Random(1);

/** In milliseconds. */
const FINDTIME = 600_000;

/** Failures of the last minutes, each at a second of its own, by attackers who stop when they are banned. */
function attack(): string {
  const failures = new Map<string, number>();
  let time = Math.floor((Date.now() - FINDTIME / 2) / 1000) * 1000;
  const lines = Array.from({ length: 280 }, () => {
    time += 1000;
    const address = random.below(9) === 0 ? '198.51.100.200' : `198.18.0.${random.below(90)}`;
    const count = (failures.get(address) ?? 0) + 1;
    failures.set(address, count);
    if (count > 3 && !address.endsWith('.200')) return '';
    return `${new Date(time).toISOString()} host sshd[4711]: Failed password for root from ${address} port 40022 ssh2\n`;
  });
  return lines.join('');
}

t.test('a replay says whom the running service has banned, and when', async (t) => {
  const text = attack();
  for (let at = 0; at < text.length; at += 1000) {
    appendFileSync(guarded.log, text.slice(at, at + 1000));
    await sleep(random.below(10));
  }
  const lines = text.split('\n').length - 1;
  await guarded.until('all is read', () => guarded.status().lines === lines);
  const before = readFileSync(join(guarded.folder, 'dropset.toml'));
  const { bans, jails } = JSON.parse(
    guarded.host.dropset('replay', '--config', join(guarded.folder, 'dropset.toml'), '--json', guarded.log),
  );
  const key = ({ address, jail, since, until, reason }: Record<Told, string | null>) =>
    `${address} ${jail} ${since} ${until} ${reason}`;
  const replayed = bans.filter((ban: { never: string | null }) => ban.never === null);
  t.ok(replayed.filter(({ jail }: { jail: string }) => jail === 'again').length > 20, `${replayed.length} bans`);
  t.same(
    replayed.map(key).sort(),
    guarded
      .list()
      .map((ban) => key(ban))
      .sort(),
  );
  t.match(
    bans.filter((ban: { never: string | null }) => ban.never !== null),
    [{ address: '198.51.100.200', never: /198\.51\.100\.200/ }],
  );
  t.equal(jails[0].lines, lines);
  t.same(readFileSync(join(guarded.folder, 'dropset.toml')), before);
});
