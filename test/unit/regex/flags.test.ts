import t from 'tap';
import { Cursor } from '../../../src/regex/cursor.js';
import { isFlag, parseFlags } from '../../../src/regex/flags.js';

/** Of `(?...` what follows the question mark. */
const flags = (text: string) => {
  const cursor = new Cursor(`(?${text}`);
  cursor.get();
  cursor.get();
  return parseFlags(cursor, cursor.get() as string, 0);
};

t.test('which there are', async (t) => {
  for (const token of ['i', 'm', 's', 'x', 'a', 'u', '-', 'L', 't']) t.ok(isFlag(token), token);
  for (const token of ['P', ':', 'I', '\\i']) t.notOk(isFlag(token), token);
});

t.test('for the whole pattern and for a group', async (t) => {
  t.same(flags('i)'), { isGlobal: true, change: { ignoreCase: true } });
  t.same(flags('msx)'), { isGlobal: true, change: { multiline: true, dotAll: true, verbose: true } });
  t.same(flags('a:x)'), { isGlobal: false, change: { ascii: true } });
  t.same(flags('u-is:x)'), { isGlobal: false, change: { ascii: false, ignoreCase: false, dotAll: false } });
  t.same(flags('-i:x)'), { isGlobal: false, change: { ignoreCase: false } });
});

t.test('what is refused', async (t) => {
  const table: [string, RegExp][] = [
    ['-)', /end with a colon/],
    ['-i)', /end with a colon/],
    ['i-)', /end with a colon/],
    ['i-:', /end with a colon/],
    ['i-i:', /on and off/],
    ['i-a:', /cannot be turned off/],
    ['au:', /exclude each other/],
    ['L:', /'L' is not known/],
    ['i', /have no end/],
    ['i-', /have no end|end with a colon/],
    ['i-q:', /'q' is not known/],
  ];
  for (const [text, message] of table) t.throws(() => flags(text), { code: 'filter', message }, text);
});
