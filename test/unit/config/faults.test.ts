import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { errorOf, keyText, shown } from '../../../src/config/faults.js';
import { Places } from '../../../src/config/locate.js';

t.test('faults stand in the order of their lines', async (t) => {
  const places = new Places('[a]\nx = 1\ny = 2');
  const error = errorOf(
    [
      { path: ['a', 'y'], sentence: 'second' },
      { path: ['a', 'x', 3], sentence: 'first' },
    ],
    'FILE',
    places,
  );
  t.equal(error.code, 'config');
  t.equal(error.message, 'FILE:2: a.x: first\nFILE:3: a.y: second');
});

t.test('a value is shown short and harmless', async (t) => {
  const table: [unknown, string][] = [
    ['text', '"text"'],
    ['x'.repeat(61), `"${'x'.repeat(60)}..."`],
    ['\u001b[2J\r\n', '"\\u001b[2J\\r\\n"'],
    ['\u007f\u009b2J', '"\\u007f\\u009b2J"'],
    ['\u202Eevil', '"\\u202eevil"'],
    [3, '3'],
    [-0.5, '-0.5'],
    [false, 'false'],
    [[], 'an empty list'],
    [[1], 'a list'],
    [{ a: 1 }, 'a section'],
    [new Date(0), 'a date or time'],
  ];
  for (const [value, text] of table) t.equal(shown(value), text);
});

t.test('a key is bare where TOML takes it bare', async (t) => {
  t.equal(keyText('element_counters'), 'element_counters');
  t.equal(keyText('a.b'), '"a.b"');
  t.equal(keyText('\u001b]0;'), '"\\u001b]0;"');
  t.equal(keyText('k'.repeat(1000)), `"${'k'.repeat(60)}..."`);
});

t.test('a hundred faults are printed, the rest is counted', async (t) => {
  const text = `[never]\naddresses = [${'1,'.repeat(100_000)}]\n`;
  t.throws(() => parseSettings(text, 'FILE'), {
    code: 'config',
    message: /^(?:FILE:2: [^\n]*\n){100}FILE: 99900 more faults$/,
  });
});
