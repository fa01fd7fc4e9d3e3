import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { Program } from '../../../src/hooks/program.js';

const folder = mkdtempSync(join(tmpdir(), 'dropset-'));
t.teardown(() => rmSync(folder, { recursive: true }));
let made = 0;

/** A program of the shell's language, whose first argument is this folder. */
function program(text: string, timeout = 5000, words: readonly string[] = []): Program {
  const path = join(folder, `program-${made++}`);
  writeFileSync(path, `#!/bin/sh\nset -eu\ncd ${folder}\n${text}\n`);
  chmodSync(path, 0o755);
  return new Program({ name: 'notify', target: { kind: 'program', path, arguments: words }, timeout });
}

const { signal } = new AbortController();
/** Processes of a group; those that only wait to be collected have ended. */
function alive(group: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      const [state, , of] = readFileSync(`/proc/${pid}/stat`, 'utf8')
        .replace(/^.*\) /, '')
        .split(' ');
      return of === group && state !== 'Z';
    } catch {
      return false;
    }
  });
}

const written = (name: string): string => readFileSync(join(folder, name), 'utf8');

t.test('words as they are, the body at standard input, an environment of its own', async (t) => {
  const words = ['a b', '$(touch hacked)', '; exit 9'];
  const it = program('printf "%s\\n" "$@" >words; cat >body; env -0 >env; pwd >where', 5000, words);
  t.equal(it.fault(), undefined);
  process.env.DROPSET_SECRET = 'x';
  await it.call('{"events":[]}\n', 'id-1', signal);
  t.equal(written('words'), `${words.join('\n')}\n`);
  t.equal(written('body'), '{"events":[]}\n');
  t.same(
    written('env')
      .split('\0')
      .map((line) => line.split('=')[0])
      // Some are the shell's, some are tap's, which goes into every process that a test starts.
      .filter((name) => !/^(?:|PWD|OLDPWD|_|SHLVL|NODE_OPTIONS|_TAPJS.*)$/.test(String(name)))
      .sort(),
    ['DROPSET_CALL', 'DROPSET_HOOK', 'LC_ALL', 'PATH'],
  );
  t.match(written('env'), /DROPSET_HOOK=notify\0/);
  it.close();
});

t.test('it has three descriptors, a session of its own, and no advantage when memory is short', async (t) => {
  const leaked = openSync('/etc/hostname', 'r');
  t.ok(leaked > 2);
  await program('ls /proc/self/fd >fds; ps -o pid=,pgid=,sid= -p $$ >ids; cat /proc/self/oom_score_adj >oom').call(
    '',
    'x',
    signal,
  );
  // ls itself has the directory open.
  t.same(written('fds').trim().split('\n'), ['0', '1', '2', '3']);
  const [pid, group, session] = written('ids').trim().split(/\s+/);
  t.same([group, session], [pid, pid]);
  t.equal(written('oom'), '0\n');
});

t.test('exit codes and signals, with the last of what it said', async (t) => {
  await t.rejects(program('echo begun; echo "no such room" >&2; exit 3').call('', 'x', signal), {
    name: 'Failed',
    isPassing: false,
    message: new RegExp(`^${folder}/program-\\d+: exit code 3: begun.*no such room$`),
  });
  await t.rejects(program('kill -9 $$').call('', 'x', signal), { message: /was killed \(SIGKILL\)$/ });
  await t.rejects(program('printf "\\033[2J%01000d" 7; exit 1').call('', 'x', signal), {
    message: /exit code 1: 0{290,}7$/,
  });
  await program('exec true').call('x'.repeat(1_000_000), 'x', signal);
});

t.test('endless output takes no memory, and the time ends it', async (t) => {
  const before = process.memoryUsage().rss;
  await t.rejects(program('exec cat /dev/zero', 300).call('', 'x', signal), { message: /took longer than 300 ms/ });
  t.ok(process.memoryUsage().rss - before < 100 * 1024 * 1024);
});

t.test('after its time it and what it has started are gone, also who ignores SIGTERM', async (t) => {
  const begun = performance.now();
  const it = program("trap '' TERM; sleep 47.11 & sleep 47.11 & echo $$ >pid; wait", 200);
  await t.rejects(it.call('', 'x', signal), { message: /took longer than 200 ms/ });
  t.ok(performance.now() - begun < 5000);
  await sleep(50);
  t.same(alive(written('pid').trim()), [], 'its group is empty');
});

t.test('what it leaves behind ends with it, though it holds the output open', async (t) => {
  const begun = performance.now();
  await program('sleep 48.11 & echo $$ >pid').call('', 'x', signal);
  t.ok(performance.now() - begun < 3000);
  await sleep(50);
  t.same(alive(written('pid').trim()), []);
});

t.test('told to stop, it is killed', async (t) => {
  const over = new AbortController();
  const going = program('sleep 49.11').call('', 'x', over.signal);
  setTimeout(() => over.abort(), 50);
  await t.rejects(going, { message: /was killed \(SIGKILL\)/ });
  await t.rejects(program('sleep 49.11').call('', 'x', over.signal), { message: /was killed/ });
});

t.test('what is not to be run, and what cannot', async (t) => {
  const open = program('true');
  chmodSync(open.target, 0o777);
  t.match(open.fault(), /others than root/);
  await t.rejects(open.call('', 'x', signal), { message: /others than root/ });
  writeFileSync(join(folder, 'none'), '#!/no/such/shell\n', { mode: 0o755 });
  const target = { kind: 'program', path: join(folder, 'none'), arguments: [] } as const;
  await t.rejects(new Program({ name: 'n', target, timeout: 1000 }).call('', 'x', signal), {
    message: /cannot be run: No such file/,
  });
});

t.test('a service that is no root hands none of its capabilities on, and keeps its own', async (t) => {
  // As systemd starts it: a user, ambient capabilities. The program tells what it got.
  const got = join(folder, 'got');
  writeFileSync(got, '');
  chmodSync(got, 0o666);
  chmodSync(folder, 0o755);
  const status = program(`grep ^Cap /proc/self/status >${got}`);
  const script = `
    const { Program } = await import('${new URL('../../../src/hooks/program.ts', import.meta.url).href}');
    const { readFileSync } = await import('node:fs');
    const own = () => readFileSync('/proc/thread-self/status', 'utf8').match(/^Cap(?:Inh|Prm|Eff|Amb).*$/gm).join();
    const before = own();
    const it = new Program({ name: 'n', target: { kind: 'program', path: '${status.target}', arguments: [] }, timeout: 5000 });
    await it.call('', 'x', new AbortController().signal);
    console.log(JSON.stringify({ before, after: own() }));`;
  const held = '+net_admin,+dac_read_search';
  const words = ['--reuid=65534', '--regid=65534', '--clear-groups', `--inh-caps=${held}`, `--ambient-caps=${held}`];
  const hooks = process.execArgv;
  const said = execFileSync('setpriv', [...words, process.execPath, ...hooks, '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  const { before, after } = JSON.parse(said);
  t.match(before, /CapAmb:\s+0000000000001004/);
  t.equal(after, before, 'its own are as they were');
  const none = '0000000000000000';
  for (const set of ['CapInh', 'CapPrm', 'CapEff', 'CapAmb'])
    t.match(readFileSync(got, 'utf8'), new RegExp(`^${set}:\\s+${none}$`, 'm'));
});
