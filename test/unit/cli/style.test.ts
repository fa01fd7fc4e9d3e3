import { Readable, Writable } from 'node:stream';
import t from 'tap';
import { styleOf } from '../../../src/cli/style.js';

const style = (isTTY: boolean, environment: NodeJS.ProcessEnv = {}) =>
  styleOf({
    stdin: Readable.from([]),
    stdout: Object.assign(new Writable(), { isTTY }),
    stderr: new Writable(),
    environment,
  });

t.test('colours are for terminals, where nobody forbids them', async (t) => {
  t.equal(style(true).good('x'), '\u001b[32mx\u001b[0m');
  t.equal(style(true, { NO_COLOR: '' }).bad('x'), '\u001b[31mx\u001b[0m', 'an empty NO_COLOR is none');
  t.equal(style(true, { NO_COLOR: '1' }).good('x'), 'x');
  const plain = style(false);
  for (const paint of Object.values(plain)) t.equal(paint('x'), 'x');
});
