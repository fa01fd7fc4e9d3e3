import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;

const listed = (t: Test, text: string, name = 'list'): string => {
  const path = join(t.testdir(), name);
  writeFileSync(path, text);
  return path;
};

t.test('what was exported comes back as it was, in the formats that keep it', async (t) => {
  const from = await startService(t, { clock });
  await from.client.ban({ addresses: ['192.0.2.7', '2001:db8::/32'], for: '1h', reason: 'a "b", ☃' });
  await from.client.ban({ addresses: ['192.0.2.8'] });
  const before = await type(['export', '--socket', from.socket]);
  for (const format of ['json', 'csv']) {
    const { stdout } = await type(['export', '--format', format, '--socket', from.socket]);
    const to = await startService(t, { clock });
    t.same(await type(['import', '--socket', to.socket], { stdin: stdout }), {
      code: 0,
      stdout: 'banned 3, refused 0\n',
      stderr: '',
    });
    t.same(await type(['export', '--socket', to.socket]), before, format);
  }
});

t.test('a file, with a time and a reason', async (t) => {
  const { socket, ledger } = await startService(t, { clock });
  const path = listed(t, '# drop\n192.0.2.0/24 ; SBL1\n192.0.2.7\n');
  const words = ['import', path, '--for', '1h', '--reason', 'drop list', '--socket', socket];
  t.same(await type(words), { code: 0, stdout: 'banned 2, refused 0\n', stderr: '' });
  t.match([...ledger.bans()].flat(), [
    { jail: 'manual', reason: 'drop list', until: NOW + 3_600_000 },
    { jail: 'manual', reason: 'drop list', until: NOW + 3_600_000 },
  ]);
});

t.test('what is refused is named by its line, and the rest goes through', async (t) => {
  const { socket, held } = await startService(t, { clock });
  const path = listed(t, 'address,until\n192.0.2.1,never\nx,\n127.0.0.1,\n192.0.2.2,2020-01-01\n192.0.2.3,soon\n');
  t.same(await type(['import', path, '--socket', socket]), {
    code: 1,
    stdout: 'banned 1, refused 3, ended already 1\n',
    stderr: [
      'dropset: 3: x: "x" is no IPv4 or IPv6 address or prefix\n',
      'dropset: 4: 127.0.0.1: 127.0.0.1 must never be banned: it is this host\n',
      'dropset: 6: 192.0.2.3: "soon" is no time; write 2026-01-31T12:00:00Z\n',
    ].join(''),
  });
  t.same(await held(), ['192.0.2.1']);
});

t.test('a list that is cut off: what was there is banned, and the fault is told', async (t) => {
  const { socket, held } = await startService(t, { clock });
  const path = listed(t, '[\n{"address":"192.0.2.1"},\n{"address":"192.0');
  t.match(await type(['import', path, '--socket', socket]), {
    code: 1,
    stdout: '',
    stderr: 'dropset: ban 2 does not end: the list is cut off; what stands before it has been imported\n',
  });
  t.same(await held(), ['192.0.2.1']);
});

t.test('as JSON: an event a line', async (t) => {
  const { socket } = await startService(t, { clock });
  const { code, stdout, stderr } = await type(['import', '--json', '--socket', socket], { stdin: 'x\n192.0.2.1\n' });
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.same([code, stderr], [1, '']);
  t.match(events[0], { refused: { line: 1, address: 'x' } });
  t.same(events.at(-1), { banned: 1, refusals: 1, done: true });
});

t.test('what makes no sense, and what cannot be read', async (t) => {
  const { socket } = await startService(t, { clock });
  for (const words of [
    ['a', 'b'],
    ['--format', 'nft'],
    ['--fromat', 'csv'],
    ['--replace'],
    ['--source', 'x', '--shrink'],
  ]) {
    t.match(await type(['import', ...words]), { code: 2, stdout: '' }, words.join(' '));
  }
  for (const path of ['/nowhere/list', '/proc']) {
    const { code, stdout, stderr } = await type(['import', path, '--socket', socket]);
    t.same([code, stdout], [1, '']);
    t.match(stderr, new RegExp(`^dropset: reading .*(?:${path}|EISDIR)`));
  }
  t.match(await type(['import', '--for', 'soon', '--socket', socket], { stdin: '192.0.2.1' }), {
    code: 1,
    stderr: /'soon' is no duration/,
  });
});

t.test('a list of a source takes the place of what the source said before', async (t) => {
  const { socket, ledger, client } = await startService(t, { clock });
  await client.ban({ addresses: ['192.0.2.2'] });
  const words = (...more: string[]): string[] => ['import', '--source', 'drop', ...more, '--socket', socket];
  const names = (): string[] =>
    [...ledger.bans()]
      .flat()
      .map(({ prefix, jail }) => `${prefix} ${jail}`)
      .sort();
  t.match(await type(words(), { stdin: 'address,jail\n192.0.2.1,sshd\n192.0.2.2,\n192.0.2.3,\n' }), { code: 0 });
  const before = ['192.0.2.1 list.drop', '192.0.2.2 list.drop', '192.0.2.2 manual', '192.0.2.3 list.drop'];
  t.same(names(), before);
  t.same(await type(words('--replace'), { stdin: '192.0.2.3\n198.51.100.0/24\nx\n' }), {
    code: 1,
    stdout: 'banned 2, refused 1, lifted 2\n',
    stderr: 'dropset: 3: x: "x" is no IPv4 or IPv6 address or prefix\n',
  });
  t.same(names(), ['192.0.2.2 manual', '192.0.2.3 list.drop', '198.51.100.0/24 list.drop']);
  const { code, stdout, stderr } = await type(words('--replace'), { stdin: '# nothing\n' });
  t.same([code, stdout], [1, 'banned 0, refused 0, lifted 0\n']);
  t.match(
    stderr,
    /^dropset: the list names nobody: no other ban of list\.drop is lifted; if that is meant, say --shrink$/m,
  );
  t.equal(names().length, 3);
  t.match(await type(words('--replace', '--shrink')), { code: 0, stdout: 'banned 0, refused 0, lifted 2\n' });
  t.same(names(), ['192.0.2.2 manual']);
});

t.test('a list that is cut off replaces nothing', async (t) => {
  const { socket, held } = await startService(t, { clock });
  const words = ['import', '--source', 'drop', '--replace', '--socket', socket];
  t.match(await type(words, { stdin: '192.0.2.1\n192.0.2.2\n' }), { code: 0 });
  t.match(await type(words, { stdin: '[{"address":"192.0.2.1"},\n{"address":"192.0' }), { code: 1, stderr: /cut off/ });
  t.same((await held()).sort(), ['192.0.2.1', '192.0.2.2']);
  t.match(
    await type(words, { stdin: '192.0.2.1\n' }),
    { code: 0, stdout: 'banned 1, refused 0, lifted 1\n' },
    'and again',
  );
});

t.test('who must never be banned, and what is wide, are refused and counted', async (t) => {
  const { socket, held } = await startService(t, { clock });
  const words = ['import', '--source', 'wall', '--socket', socket];
  const stdin = '10.0.0.0/12\n127.0.0.1\n2001::/20\n192.0.2.1\n';
  const { code, stdout, stderr } = await type(words, { stdin });
  t.same([code, stdout], [1, 'banned 1, refused 3\n']);
  t.match(stderr, /1: 10\.0\.0\.0\/12: .* is wider than the \/16 .*--force/);
  t.match(stderr, /2: 127\.0\.0\.1: .*never/);
  t.match(stderr, /3: 2001::\/20: .* is wider than the \/32 /);
  t.match(await type([...words, '--force'], { stdin }), { stdout: 'banned 3, refused 1\n', stderr: /never/ });
  t.same((await held()).sort(), ['10.0.0.0/12', '192.0.2.1', '2001::/20']);
});

t.test("what dropset's own reports say can be imported", async (t) => {
  const from = await startService(t, { clock: () => Date.now() });
  await from.client.ban({ addresses: [...Array.from({ length: 9 }, (_, index) => `192.0.2.${index}`), '2001:db8::7'] });
  for (const format of ['json', 'csv', 'text']) {
    const { stdout } = await type(['export', '--format', format, '--since', '1d', '--socket', from.socket]);
    const to = await startService(t, { clock });
    t.same(await type(['import', '--source', 'friend', '--socket', to.socket], { stdin: stdout }), {
      ...{ code: 0, stdout: 'banned 2, refused 0\n', stderr: '' },
    });
    t.same((await to.held()).sort(), ['192.0.2.0/24', '2001:db8::7'], format);
  }
  const { stdout } = await type(['export', '--format', 'html', '--socket', from.socket]);
  t.match(await type(['import', '--socket', from.socket], { stdin: stdout }), { code: 1, stderr: /is a page of HTML/ });
});
