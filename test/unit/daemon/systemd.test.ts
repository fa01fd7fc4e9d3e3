import { mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Systemd } from '../../../src/daemon/systemd.js';
import { native } from '../../../src/native.js';

const PID = 4711;

/** A manager's socket, and what it hears. */
function manager(t: Test) {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-systemd-'));
  const address = join(folder, 'notify');
  const socket = native.bindDatagram(address);
  const heard: string[] = [];
  native.listen(socket, (datagram) => heard.push(String(datagram)));
  t.teardown(() => {
    native.close(socket);
    rmSync(folder, { recursive: true });
  });
  const next = async (count: number): Promise<string[]> => {
    while (heard.length < count) await sleep(1);
    return heard.splice(0);
  };
  return { address, heard, next };
}

function made(t: Test, environment: NodeJS.ProcessEnv) {
  const problems: string[] = [];
  const systemd = new Systemd({ environment, pid: PID, problem: (sentence) => problems.push(sentence) });
  t.teardown(() => systemd.close());
  return { systemd, problems };
}

t.test('what is told, and when', async (t) => {
  const { address, next } = manager(t);
  const { systemd, problems } = made(t, { NOTIFY_SOCKET: address });
  systemd.ready('nftables,\n7 bans');
  systemd.status(`x${'ü'.repeat(2000)}\u0000y`);
  systemd.stopping();
  const [ready, status, stopping] = await next(3);
  t.equal(ready, 'READY=1\nSTATUS=nftables, 7 bans');
  t.match(status, /^STATUS=xü{499}/);
  t.ok(Buffer.byteLength(status as string) < 1100);
  t.match(stopping, /^STOPPING=1\nSTATUS=/);
  t.same(problems, []);
});

t.test('a descriptor is stored, unwatched; what is not used any more is thrown away', async (t) => {
  const { address, next } = manager(t);
  const { systemd } = made(t, { NOTIFY_SOCKET: address });
  systemd.keep(openSync('/dev/null', 'r'));
  systemd.keep(undefined);
  systemd.forget();
  t.same(await next(2), ['FDSTORE=1\nFDNAME=nftables\nFDPOLL=0', 'FDSTOREREMOVE=1\nFDNAME=nftables']);
  const again = { NOTIFY_SOCKET: address, LISTEN_PID: `${PID}`, LISTEN_FDS: '1', LISTEN_FDNAMES: 'nftables' };
  made(t, again).systemd.keep(undefined);
  t.same(await next(1), ['FDSTOREREMOVE=1\nFDNAME=nftables']);
});

t.test('signs of life: at half the time, from ready on until closed', async (t) => {
  const { address, heard, next } = manager(t);
  const { systemd } = made(t, { NOTIFY_SOCKET: address, WATCHDOG_USEC: '20000', WATCHDOG_PID: `${PID}` });
  await sleep(50);
  t.same(heard, []);
  systemd.ready('x');
  const [, ...signs] = await next(4);
  t.same(new Set(signs), new Set(['WATCHDOG=1']));
  systemd.close();
  await sleep(5);
  heard.splice(0);
  await sleep(50);
  t.same(heard, []);
});

t.test('no signs of life for others, or for what is no time', async (t) => {
  const { address, heard } = manager(t);
  for (const variables of [
    { WATCHDOG_USEC: '20000', WATCHDOG_PID: '1' },
    { WATCHDOG_USEC: '0' },
    { WATCHDOG_USEC: '-5' },
    { WATCHDOG_USEC: 'soon' },
    {},
  ])
    made(t, { NOTIFY_SOCKET: address, ...variables }).systemd.ready('x');
  await sleep(60);
  t.equal(heard.filter((text) => text === 'WATCHDOG=1').length, 0);
});

t.test('what was stored is found by its name', async (t) => {
  const environments: [NodeJS.ProcessEnv, number | undefined][] = [
    [{ LISTEN_PID: `${PID}`, LISTEN_FDS: '1', LISTEN_FDNAMES: 'nftables' }, 3],
    [{ LISTEN_PID: `${PID}`, LISTEN_FDS: '3', LISTEN_FDNAMES: 'a:stored:nftables' }, 5],
    [{ LISTEN_PID: `${PID}`, LISTEN_FDS: '2', LISTEN_FDNAMES: 'a:stored:nftables' }, undefined],
    [{ LISTEN_PID: `${PID}`, LISTEN_FDS: '1', LISTEN_FDNAMES: 'other' }, undefined],
    [{ LISTEN_PID: `${PID}`, LISTEN_FDS: '1' }, undefined],
    [{ LISTEN_PID: '1', LISTEN_FDS: '1', LISTEN_FDNAMES: 'nftables' }, undefined],
    [{ LISTEN_FDS: '1', LISTEN_FDNAMES: 'nftables' }, undefined],
    [{ LISTEN_PID: `${PID}`, LISTEN_FDS: '1e9', LISTEN_FDNAMES: 'nftables' }, undefined],
    [{ LISTEN_PID: `${PID}`, LISTEN_FDS: 'x', LISTEN_FDNAMES: 'nftables' }, undefined],
    [{}, undefined],
  ];
  for (const [environment, inherited] of environments) {
    const given = { ...environment, PATH: '/bin' };
    t.equal(made(t, given).systemd.inherited, inherited, JSON.stringify(environment));
    t.same(given, { PATH: '/bin' }, 'children are not meant');
  }
});

t.test('without systemd nothing is told, and where nobody listens it is a problem', async (t) => {
  const { systemd, problems } = made(t, {});
  systemd.ready('x');
  systemd.keep(0);
  systemd.stopping();
  t.same(problems, []);
  const deaf = made(t, { NOTIFY_SOCKET: '/nowhere/notify' });
  deaf.systemd.keep(0);
  t.same(deaf.problems, ['systemd was not told FDSTORE: No such file or directory; is NotifyAccess=main set?']);
});
