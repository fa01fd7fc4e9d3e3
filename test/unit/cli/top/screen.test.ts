import { PassThrough, Writable } from 'node:stream';
import t from 'tap';
import { Screen } from '../../../../src/cli/top/screen.js';

function terminal() {
  const state = { written: '', isRaw: false };
  const paper = new Writable({
    write: (part, _encoding, done) => {
      state.written += part;
      done();
    },
  });
  const stdin = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => (state.isRaw = isRaw),
  });
  const stdout = Object.assign(paper, { isTTY: true, columns: 0, rows: 3 });
  return { state, stdin, stdout, screen: new Screen({ stdin, stdout }) };
}

const LEFT = '\u001b[?25h\u001b[?1049l';

t.test('it is entered, drawn on as far as there is room, and left as it was', async (t) => {
  const { screen, state, stdin, stdout } = terminal();
  const before = process.listenerCount('SIGINT');
  let resizes = 0;
  screen.open(() => resizes++);
  t.equal(state.isRaw, true);
  t.equal(state.written, '\u001b[?1049h\u001b[?25l');
  t.same([screen.columns, screen.rows], [80, 3]);
  state.written = '';
  screen.draw(['a', 'b', 'c', 'd']);
  t.equal(state.written, '\u001b[Ha\u001b[K\r\nb\u001b[K\r\nc\u001b[K\u001b[J');
  stdout.emit('resize');
  t.equal(resizes, 1);
  screen.close();
  t.ok(state.written.endsWith(LEFT));
  t.equal(state.isRaw, false);
  t.equal(process.listenerCount('SIGINT'), before);
  t.same([stdin.listenerCount('data'), stdout.listenerCount('resize')], [0, 0]);
});

t.test('q, Ctrl-C and signals want to leave; other keys do not', async (t) => {
  for (const leave of ['q', 'Q', '\u0003', 'SIGTERM', 'SIGHUP', 'SIGINT', 'SIGQUIT']) {
    const { screen, stdin } = terminal();
    screen.open(() => undefined);
    stdin.emit('data', Buffer.from('x\u001b[A'));
    t.equal(screen.signal.aborted, false);
    if (leave.startsWith('SIG')) process.emit(leave as NodeJS.Signals);
    else stdin.emit('data', Buffer.from(leave));
    t.equal(screen.signal.aborted, true, leave);
    screen.close();
  }
});

t.test('an end that nobody catches restores it too', async (t) => {
  const { screen, state } = terminal();
  screen.open(() => undefined);
  const [restore] = process.listeners('exit').slice(-1);
  (restore as () => void)();
  t.ok(state.written.endsWith(LEFT));
  t.equal(state.isRaw, false);
  screen.close();
});
