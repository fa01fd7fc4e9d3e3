import t from 'tap';
import type { Place } from '../../../src/regex/ast.js';
import { isPlace } from '../../../src/regex/place.js';

t.test('where the places of a text are', async (t) => {
  const table: [Place, string, number[]][] = [
    ['start', 'a\nb\n', [0]],
    ['line-start', 'a\nb\n', [0, 2, 4]],
    ['end', 'a\nb\n', [4]],
    ['final-end', 'a\nb\n', [3, 4]],
    ['final-end', 'ab', [2]],
    ['line-end', 'a\nb\n', [1, 3, 4]],
    ['boundary', 'ж a', [0, 1, 2, 3]],
    ['ascii-boundary', 'ж a', [2, 3]],
    ['no-boundary', 'жa -', [1, 3, 4]],
    ['ascii-no-boundary', 'жa -', [0, 3, 4]],
    ['boundary', '\u{1f600}a', [2, 3]],
    ['boundary', '\u{10400}-', [0, 2]],
    ['boundary', '', []],
    ['no-boundary', '', []],
    ['ascii-no-boundary', '', []],
    ['end', '', [0]],
  ];
  for (const [place, text, positions] of table) {
    const found = Array.from({ length: text.length + 1 }, (_, at) => at).filter((at) =>
      text.codePointAt(at - 1) === text.charCodeAt(at - 1) || at === 0 ? isPlace(place, text, at) : false,
    );
    t.same(found, positions, `${place} in ${JSON.stringify(text)}`);
  }
});
