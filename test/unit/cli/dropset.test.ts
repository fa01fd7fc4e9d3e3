import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Status } from '../../../src/control/api.js';
import { VERSION } from '../../../src/version.js';
import { shortDirectory, startService } from '../../service.js';
import { type } from '../../terminal.js';

const NAMES = ['run', 'ban', 'unban', 'list', 'export', 'import', 'status'];

/** Words that others follow. */
const GROUPS = { filter: ['test', 'list', 'check'], jail: ['list'], config: ['check'] };

t.test('version', async (t) => {
  for (const word of ['--version', '-V']) t.same(await type([word]), { code: 0, stdout: `${VERSION}\n`, stderr: '' });
});

t.test('help names every command', async (t) => {
  const first = await type(['--help']);
  for (const words of [['-h'], ['help'], ['help', 'help']]) t.same(await type(words), first, words.join(' '));
  t.equal(first.code, 0);
  for (const name of [...NAMES, ...Object.keys(GROUPS)]) {
    t.match(first.stdout, new RegExp(`^  ${name} +\\w`, 'm'));
  }
});

t.test('each command has its help, asked for in any way, and needs no service for it', async (t) => {
  for (const name of NAMES) {
    const { code, stdout, stderr } = await type([name, '--help']);
    t.equal(code, 0);
    t.equal(stderr, '');
    t.match(stdout, new RegExp(`^Usage: dropset ${name} `));
    t.match(stdout, /--socket PATH/);
    t.match(stdout, new RegExp(`\nExamples?:\n  dropset ${name}`));
    for (const words of [
      ['help', name],
      [name, '-h'],
      [name, 'x', '-h'],
      ['--socket', '/x', name, '--help'],
    ]) {
      t.equal((await type(words)).stdout, stdout, words.join(' '));
    }
  }
});

t.test('words that others follow have their help, and so do those', async (t) => {
  for (const [group, names] of Object.entries(GROUPS)) {
    const { code, stdout } = await type([group, '--help']);
    t.equal(code, 0);
    t.match(stdout, new RegExp(`^Usage: dropset ${group} COMMAND`));
    for (const words of [
      ['help', group],
      [group, '-h'],
    ]) {
      t.equal((await type(words)).stdout, stdout, words.join(' '));
    }
    for (const name of names) {
      t.match(stdout, new RegExp(`^  ${name} +\\w`, 'm'));
      const help = await type([group, name, '--help']);
      t.match(
        help.stdout,
        new RegExp(`^Usage: dropset ${group} ${name} [\\s\\S]*\nExamples?:\n  .*dropset ${group} ${name}`),
      );
      t.same(await type(['help', group, name]), help);
      for (const line of help.stdout.split('\n')) t.ok(line.length <= 130, line);
    }
    t.match(await type([group]), { code: 2, stdout: '', stderr: /^dropset: a command is missing\nUsage: dropset / });
    const wrong = await type([group, 'constructor']);
    const all = names.map((name) => `${group} ${name}`).join(', ');
    t.equal(wrong.code, 2);
    t.equal(
      wrong.stderr,
      `dropset: there is no command '${group} constructor'; there are ${all}\nTry: dropset --help\n`,
    );
  }
});

t.test('without a command: the help, on standard error', async (t) => {
  for (const words of [[], ['--socket', '/x'], ['--socket=/x']]) {
    const { code, stdout, stderr } = await type(words);
    t.equal(code, 2);
    t.equal(stdout, '');
    t.match(stderr, /^dropset: a command is missing\n[\s\S]*Usage: dropset/);
  }
});

t.test('commands that are none', async (t) => {
  for (const name of ['baan', '', '--json', 'constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    const { code, stdout, stderr } = await type([name]);
    t.equal(code, 2, name);
    t.equal(stdout, '');
    t.match(
      stderr,
      new RegExp(
        `^dropset: there is no command '${name}'; there are run, ban, confirm, unban, [a-z0-9, ]+\nTry: dropset --help\n$`,
      ),
    );
  }
});

t.test('options that are none, and options without their value', async (t) => {
  for (const words of [
    ['list', '--jsn'],
    ['list', '--for', '1h'],
    ['ban', '-x', '192.0.2.7'],
    ['ban', '192.0.2.7', '--for'],
    ['ban', '--for', '--json', '192.0.2.7'],
    ['unban', '--all=yes'],
    ['status', '--socket'],
    ['run', '--json'],
    ['--socket=', 'list'],
    ['list', '--socket='],
    ['--socket', '', 'list'],
  ]) {
    const { code, stdout, stderr } = await type(words);
    t.equal(code, 2, words.join(' '));
    t.equal(stdout, '');
    t.match(stderr, /^dropset: .+\nTry: dropset --help\n$/s);
  }
});

t.test('the socket: behind the command, before it, from the environment; the nearest wins', async (t) => {
  const { socket } = await startService(t);
  const nobody = join(shortDirectory(t), 'nobody');
  const environment = { DROPSET_SOCKET: nobody };
  for (const words of [
    ['--socket', socket, 'list'],
    [`--socket=${socket}`, 'list'],
    ['list', '--socket', socket],
    ['list', `--socket=${socket}`],
    ['--socket', nobody, 'list', '--socket', socket],
  ]) {
    t.same(await type(words, { environment }), { code: 0, stdout: 'nobody is banned\n', stderr: '' }, words.join(' '));
  }
  t.equal((await type(['list'], { environment: { DROPSET_SOCKET: socket } })).code, 0);
  t.match((await type(['list'], { environment })).stderr, nobody);
  t.match((await type(['--socket', socket, 'list', '--socket', nobody])).stderr, nobody);
});

t.test('no service: the sentence says the way out', async (t) => {
  const socket = join(shortDirectory(t), 'nobody');
  for (const words of [
    ['list'],
    ['list', '--json'],
    ['status'],
    ['ban', '192.0.2.7'],
    ['ban', '-'],
    ['unban', '--all'],
  ]) {
    t.same(
      await type([...words, '--socket', socket]),
      {
        code: 1,
        stdout: '',
        stderr: `dropset: no service answers at ${socket}: start the service with: dropset run; or name its socket with --socket\n`,
      },
      words.join(' '),
    );
  }
});

t.test('a socket that may not be used', async (t) => {
  const { socket } = await startService(t);
  chmodSync(join(socket, '..'), 0o755);
  process.seteuid?.(65534);
  t.teardown(() => process.seteuid?.(0));
  const { code, stderr } = await type(['list', '--socket', socket]);
  process.seteuid?.(0);
  t.equal(code, 1);
  t.equal(
    stderr,
    `dropset: you may not use ${socket}: run this as root, with sudo, or join the group that [service] names\n`,
  );
});

t.test('a defect is not hidden', async (t) => {
  const { socket } = await startService(t, { operations: { status: async () => ({}) as Status } });
  await t.rejects(type(['status', '--socket', socket]), TypeError);
});
