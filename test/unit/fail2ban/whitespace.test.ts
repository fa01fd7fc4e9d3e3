import t from 'tap';
import { indent, isSpace, skipSpace, strip, stripEnd } from '../../../src/fail2ban/whitespace.js';

t.test('space is what Python takes for it', async (t) => {
  for (const space of [
    ' ',
    '\t',
    '\n',
    '\v',
    '\f',
    '\r',
    '\x1c',
    '\x1f',
    '\x85',
    '\xa0',
    '\u2003',
    '\u2028',
    '\u3000',
  ]) {
    t.ok(isSpace(space), `${space.codePointAt(0)}`);
  }
  for (const other of ['', 'a', '\x1b', '\x00', '\u200b', '\ufeff']) t.notOk(isSpace(other), `${other.codePointAt(0)}`);
});

t.test('both ends', async (t) => {
  t.equal(strip('\x85 a b\u3000\n'), 'a b');
  t.equal(strip(' \t'), '');
  t.equal(strip(''), '');
  t.equal(stripEnd(' a '), ' a');
});

t.test('the first that is no space', async (t) => {
  t.equal(indent('  a'), 2);
  t.equal(indent('  '), -1);
  t.equal(skipSpace('a  b', 1), 3);
  t.equal(skipSpace('a  ', 1), 3);
});
