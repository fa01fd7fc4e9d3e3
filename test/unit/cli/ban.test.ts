import t from 'tap';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

const NOW = 1_700_000_000_000;
const clock = (): number => NOW;
const END = new Date(NOW + 3_600_000).toISOString();

t.test('says what is banned and until when', async (t) => {
  const { socket, held } = await startService(t, { clock });
  const words = ['ban', '192.0.2.7', '2001:DB8::/32', '--for', '1h', '--reason', 'spam run', '--socket', socket];
  t.same(await type(words), {
    code: 0,
    stdout: `banned 192.0.2.7 until ${END}\nbanned 2001:db8::/32 until ${END}\n`,
    stderr: '',
  });
  t.same(await type(['ban', '192.0.2.8', '--socket', socket]), {
    code: 0,
    stdout: 'banned 192.0.2.8 for ever\n',
    stderr: '',
  });
  t.same(await held(), ['192.0.2.7', '2001:db8::/32', '192.0.2.8']);
});

t.test('some ports only, or observed only', async (t) => {
  const { socket, client } = await startService(t, { clock });
  const ban = (...words: string[]) => type(['ban', ...words, '--socket', socket]);
  t.equal((await ban('192.0.2.1', '--port', 'ssh,1000-1010')).stdout, 'banned 192.0.2.1 for ever\n');
  t.equal((await ban('192.0.2.2', '--port', '53', '--protocol', 'tcp,udp')).code, 0);
  t.equal((await ban('192.0.2.3', '--protocol', 'udp')).code, 0);
  t.equal((await ban('192.0.2.4', '--observe')).stdout, 'observing 192.0.2.4 for ever\n');
  t.equal((await ban('192.0.2.5', '--observe', '--port', '22')).code, 0);
  const listed: string[] = [];
  for await (const { address, scope } of client.bans()) listed.push(`${address} ${scope}`);
  t.same(listed, [
    '192.0.2.1 tcp/22,1000-1010',
    '192.0.2.2 tcp/53 udp/53',
    '192.0.2.3 udp/*',
    '192.0.2.4 observe',
    '192.0.2.5 observe tcp/22',
  ]);
  t.match(await ban('192.0.2.6', '--port', 'shh'), { code: 2, stderr: /did you mean 'ssh'\?/ });
  t.match(await ban('192.0.2.6', '--port', '22', '--protocol', 'icmp'), { code: 2, stderr: /--protocol takes "tcp"/ });
  const { stdout } = await type(['list', '--socket', socket]);
  t.match(stdout, /\[tcp\/22,1000-1010\] /);
  t.match(stdout, /\[observed, not dropped\] /);
  t.match(stdout, /\[observed, not dropped: tcp\/22\] /);
});

t.test('who must never be banned is refused, and the others go through', async (t) => {
  const { socket, held } = await startService(t, { clock });
  const addresses = ['0.0.0.0/0', '192.0.2.7', '127.0.0.1', 'nonsense', '::/0'];
  t.same(await type(['ban', ...addresses, '--socket', socket]), {
    code: 1,
    stdout: 'banned 192.0.2.7 for ever\n',
    stderr: [
      'dropset: 0.0.0.0/0: 0.0.0.0/0 must never be banned: it is this host\n',
      'dropset: 127.0.0.1: 127.0.0.1 must never be banned: it is this host\n',
      'dropset: nonsense: "nonsense" is no IPv4 or IPv6 address or prefix\n',
      'dropset: ::/0: ::/0 is too wide\n',
    ].join(''),
  });
  t.same(await held(), ['192.0.2.7']);
});

t.test('the reason as people type it, also for a list', async (t) => {
  const { socket, ledger } = await startService(t, { clock });
  const reasons = (): string[] =>
    [...ledger.bans()].flat().map(({ prefix, jail, reason }) => `${prefix} ${jail} ${reason}`);
  const say = (...words: string[]) => type(['ban', ...words, '--socket', socket]);
  t.match(await say('192.0.2.7', '2001:db8::/32', 'wp login flood'), { code: 0 });
  t.same(reasons(), ['192.0.2.7 manual wp login flood', '2001:db8::/32 manual wp login flood']);
  t.match(await say('192.0.2.7', '192.0.2.300'), {
    code: 2,
    stderr: /'192\.0\.2\.300' is no address\. If it is the reason/,
  });
  t.match(await say('192.0.2.8', '--reason', '192.0.2.300'), { code: 0 });
  await type(['ban', '-', 'a feed', '--socket', socket], { stdin: '192.0.2.9\n' });
  t.same(reasons().slice(2), ['192.0.2.8 manual 192.0.2.300', '192.0.2.9 manual a feed']);
  t.match((await type(['list', '--socket', socket])).stdout, / wp login flood$/m);
  t.match((await type(['why', '192.0.2.7', '--socket', socket])).stdout, /wp login flood/);
});

t.test('as JSON', async (t) => {
  const { socket } = await startService(t, { clock });
  const { code, stdout, stderr } = await type([
    'ban',
    '192.0.2.7',
    '127.0.0.1',
    '--for=1h',
    '--json',
    '--socket',
    socket,
  ]);
  t.equal(code, 1);
  t.equal(stderr, '');
  t.match(JSON.parse(stdout), [
    { address: '192.0.2.7', until: END },
    { address: '127.0.0.1', error: { code: 'never', message: String } },
  ]);
});

t.test('a command line that makes no sense', async (t) => {
  for (const [words, sentence] of [
    [['ban'], 'ban needs an address, or - for standard input'],
    [['ban', '-', '192.0.2.7'], '- stands for all addresses: give no others beside it'],
    [['ban', '192.0.2.7', '-'], '- stands for all addresses: give no others beside it'],
    [['ban', '-', '-'], '- stands for all addresses: give no others beside it'],
  ] as const) {
    t.same(await type(words), { code: 2, stdout: '', stderr: `dropset: ${sentence}\nTry: dropset --help\n` });
  }
});

t.test('a time that is none', async (t) => {
  const { socket, ledger } = await startService(t, { clock });
  for (const word of ['192.0.2.7', '-']) {
    const { code, stdout, stderr } = await type(['ban', word, '--for', 'soon', '--socket', socket], {
      stdin: '192.0.2.7\n',
    });
    t.equal(code, 1);
    t.equal(stdout, '');
    t.match(stderr, /^dropset: 'soon' is no duration; write 90 \(seconds\)/);
  }
  t.equal(ledger.count(), 0);
});

t.test('a list from standard input', async (t) => {
  const { socket, ledger } = await startService(t, { clock });
  const good = await type(['ban', '-', '--socket', socket], { stdin: '# feed\r\n192.0.2.1\r\n\r\n192.0.2.2' });
  t.same(good, { code: 0, stdout: 'banned 2, refused 0\n', stderr: '' });
  const mixed = await type(['ban', '-', '--for', '1h', '--socket', socket], { stdin: '192.0.2.3\n\n127.0.0.1\nx\n' });
  t.same(mixed, {
    code: 1,
    stdout: 'banned 1, refused 2\n',
    stderr: [
      'dropset: line 3: 127.0.0.1: 127.0.0.1 must never be banned: it is this host\n',
      'dropset: line 4: x: "x" is no IPv4 or IPv6 address or prefix\n',
    ].join(''),
  });
  t.equal(ledger.count(), 3);
  t.same(await type(['ban', '-', '--socket', socket], { stdin: '' }), {
    code: 0,
    stdout: 'banned 0, refused 0\n',
    stderr: '',
  });
});

t.test('a list from standard input, as JSON: an event a line', async (t) => {
  const { socket } = await startService(t, { clock });
  const { code, stdout, stderr } = await type(['ban', '-', '--json', '--socket', socket], { stdin: 'x\n192.0.2.1\n' });
  t.equal(code, 1);
  t.equal(stderr, '');
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  t.match(events[0], { refused: { line: 1, address: 'x', error: { code: 'address' } } });
  t.same(events.at(-1), { banned: 1, refusals: 1, done: true });
});

t.test('a terminal sees how far it is, in one line', async (t) => {
  const { socket } = await startService(t, { clock });
  const { stderr } = await type(['ban', '-', '--socket', socket], { stdin: '192.0.2.1\n', isTTY: true });
  t.equal(stderr, '\r\u001b[K1 banned, 0 refused ...\r\u001b[K');
});
