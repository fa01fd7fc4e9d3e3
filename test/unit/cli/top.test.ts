import { PassThrough, Writable } from 'node:stream';
import t, { type Test } from 'tap';
import { dropset } from '../../../src/cli/dropset.js';
import type { Top } from '../../../src/control/top.js';
import { startService } from '../../service.js';
import { type } from '../../terminal.js';

const TOP: Top = {
  time: '2023-11-14T22:13:20.000Z',
  seconds: 2,
  dropped: { packets: 1000, bytes: 60_000 },
  rate: { packets: 12.34, bytes: 740 },
  bans: 3,
  elements: 2,
  looked: 2,
  busiest: [],
  newest: [],
  jails: [],
};

/** A service whose looks are counted. */
async function watched(t: Test) {
  const state = { looks: 0 };
  const top = async (): Promise<Top> => ({ ...TOP, bans: ++state.looks });
  const { socket } = await startService(t, { operations: { top } });
  return { state, socket };
}

t.test('blocks of text, from the second look on: the first is what rates are counted from', async (t) => {
  const { socket, state } = await watched(t);
  const { code, stdout } = await type(['top', '--count', '2', '--interval', '500ms', '--socket', socket], {
    isOutTTY: true,
  });
  t.equal(code, 0);
  t.equal(state.looks, 3);
  t.same(stdout.match(/^bans {6}\d+/gm), ['bans      2', 'bans      3']);
  t.match(stdout, '\u001b[1mbusiest', 'a terminal has colours');
});

t.test('once, as JSON, and without colours', async (t) => {
  const { socket } = await watched(t);
  const { stdout } = await type(['top', '--once', '--json', '--interval', '500ms', '--socket', socket]);
  t.same(JSON.parse(stdout), { ...TOP, bans: 2 });
  const words = ['top', '--once', '--no-color', '--interval', '500ms', '--socket', socket];
  t.notMatch((await type(words, { isOutTTY: true })).stdout, '\u001b');
});

t.test('a terminal is filled until q, also when it changes its size, and is left as it was', async (t) => {
  const { socket, state } = await watched(t);
  let written = '';
  const paper = new Writable({
    write: (part, _encoding, done) => {
      written += part;
      done();
    },
  });
  const stdin = new PassThrough();
  const stdout = Object.assign(paper, { isTTY: true, columns: 40, rows: 20 });
  const running = dropset(['top', '--interval', '1h', '--socket', socket], {
    ...{ stdin, stdout, stderr: process.stderr, environment: {} },
    stdin: Object.assign(stdin, { isTTY: true, setRawMode: () => stdin }),
  });
  while (state.looks === 0 || !written.includes('q leaves')) await new Promise(setImmediate);
  written += '|';
  stdout.columns = 10;
  stdout.emit('resize');
  t.ok((written.split('|')[1] as string).startsWith('\u001b[H') && written.split('\n').length > 20, 'drawn again');
  stdin.write('q');
  t.equal(await running, 0);
  t.ok(written.endsWith('\u001b[?25h\u001b[?1049l'));
});

t.test('a service that goes leaves the terminal as it was, and an error', async (t) => {
  const top = async (): Promise<Top> => {
    throw new Error('gone');
  };
  const { socket } = await startService(t, { operations: { top } });
  const { code, stdout, stderr } = await type(['top', '--socket', socket], { isOutTTY: true });
  t.equal(code, 1);
  t.match(stderr, 'gone');
  t.ok(stdout.endsWith('\u001b[?25h\u001b[?1049l'));
});

t.test('what makes no sense', async (t) => {
  for (const [words, message] of [
    [['sshd'], /top takes no 'sshd'/],
    [['--interval', '1ms'], /--interval: '1ms' is no time from 500ms to 1h/],
    [['--interval', 'soon'], /--interval: 'soon' is no time/],
    [['--interval', 'never'], /--interval: 'never'/],
    [['--count', '0'], /--count: '0' is no number from 1 on/],
  ] as const) {
    t.match(await type(['top', ...words]), { code: 2, stderr: message });
  }
});
