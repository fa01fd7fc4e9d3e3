import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { Client } from '../../src/control/client.js';
import { ATTACKER, GUARD, Guarded, NEIGHBOUR } from './guarded.js';

const guarded = await Guarded.for(t);
const client = new Client(guarded.socket);
const never = (...addresses: string[]): string => `[never]\naddresses = ${JSON.stringify(addresses)}\n`;
const stateOf = (): string => guarded.status().configuration.state;
/** Nobody confirms: the time is made shorter, since what came before may take long on a busy machine. */
async function undone(): Promise<void> {
  await client.reload('1s');
  await guarded.until('it is undone', () => stateOf() === 'undone');
}

t.test('a never-entry that nobody confirms: its ban was never lifted, and drops again', async (t) => {
  guarded.dropset('ban', ATTACKER, '--reason', 'before');
  guarded.configure(never(ATTACKER));
  const told = guarded.dropset('reload', '--confirm-within', '60s');
  t.match(told, /never-rules added: 198\.51\.100\.66\nundone at 20.*Z unless it is confirmed: dropset confirm\n/);
  t.ok(await guarded.ping(ATTACKER, GUARD), 'it is in force');
  t.match(guarded.dropset('status'), /^confirm {3}the configuration is undone in (?:\d\ds|1m) /m);
  t.equal(guarded.list().length, 1, 'the ban waits in the ledger');
  await undone();
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  t.match(guarded.list(), [{ address: ATTACKER, reason: 'before' }]);
  t.match(guarded.dropset('status'), /^reload {4}the configuration before that of the file is in force/m);
  t.match(guarded.status().problems.at(-1), /nobody confirmed the configuration that was tried/);
  t.match((await client.verify()[Symbol.asyncIterator]().next()).value, { differed: 0, faults: [] });
});

t.test('confirmed, it stays, and what it covers is lifted', async (t) => {
  t.match(await client.reload('30s'), { never: { added: [ATTACKER] }, lifted: 0, until: String });
  t.match(guarded.dropset('confirm'), 'confirmed: the configuration stays in force\n');
  await guarded.until('the ban is lifted', () => guarded.list().length === 0);
  t.match(guarded.status().configuration, { state: 'file', until: null });
  t.ok(await guarded.ping(ATTACKER, GUARD));
  await t.rejects(client.confirm(), { code: 'request', message: /no ban and no configuration waits/ });
});

t.test('a never-entry that is gone for a while: who was banned meanwhile is free again', async (t) => {
  guarded.configure('');
  t.match(await client.reload('60s'), { never: { removed: [ATTACKER] } });
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  t.notOk(await guarded.ping(ATTACKER, GUARD));
  await undone();
  await guarded.until('the ban is lifted', () => guarded.list().length === 0);
  t.ok(await guarded.ping(ATTACKER, GUARD));
});

t.test('bans of a jail that was changed go with the change; those from before stay', async (t) => {
  guarded.configure('');
  await client.reload();
  t.equal(stateOf(), 'file', 'a reload takes the file');
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  const strict = `[jail.sshd]\nlogpath = ["${guarded.log}"]\nmaxretry = 1\nfindtime = "10m"\nbantime = "1h"\n`;
  guarded.configure('', strict);
  t.match(await client.reload('60s'), { jails: { changed: ['sshd'] } });
  guarded.fail(NEIGHBOUR, 1);
  await guarded.banned(NEIGHBOUR);
  await undone();
  await guarded.until('the ban is lifted', () => guarded.list().length === 1);
  t.ok(await guarded.ping(NEIGHBOUR, GUARD));
  t.notOk(await guarded.ping(ATTACKER, GUARD));
});

t.test('more reloads while one waits: its time goes on, and the first configuration comes back', async (t) => {
  guarded.configure(never('192.0.2.1'));
  const { until } = await client.reload('60s');
  guarded.configure(never('192.0.2.2'));
  guarded.said = '';
  guarded.signal('SIGHUP');
  await guarded.until('it is reloaded', () => guarded.said.includes('reloaded: never-rules added: 192.0.2.2'));
  t.same(guarded.status().configuration, { state: 'trial', until });
  t.equal((await client.reload()).until, until, 'nothing has changed');
  guarded.configure('[backend]\nkind = 3\n');
  await t.rejects(client.reload('1s'), { code: 'config' });
  t.same(guarded.status().configuration, { state: 'trial', until }, 'a refused one changes nothing');
  guarded.configure(never('192.0.2.3'));
  await undone();
  t.notMatch(guarded.dropset('never'), /192\.0\.2\./);
  guarded.configure('');
  t.match(await client.reload('60s'), { until: null }, 'the same as before: nothing waits');
  t.equal(stateOf(), 'file');
});

t.test('killed, or started anew, before it is confirmed: the one before, until the file is another', async (t) => {
  guarded.configure(never(ATTACKER));
  await client.reload('60s');
  t.ok(await guarded.ping(ATTACKER, GUARD));
  await guarded.stop('SIGKILL');
  const file = readFileSync(join(guarded.folder, 'dropset.toml'), 'utf8');
  for (const how of ['SIGTERM', 'SIGKILL'] as const) {
    await guarded.start(never(ATTACKER));
    t.equal(readFileSync(join(guarded.folder, 'dropset.toml'), 'utf8'), file, 'the file as it was tried');
    t.equal(stateOf(), 'undone');
    t.notOk(await guarded.ping(ATTACKER, GUARD));
    t.match(guarded.status().problems.join('\n'), /nobody confirmed/);
    await guarded.stop(how);
  }
  await guarded.start(`${never(ATTACKER)}# looked at once more\n`);
  t.equal(stateOf(), 'file');
  t.ok(await guarded.ping(ATTACKER, GUARD));
});
