import t from 'tap';
import { subjectOf } from '../../../src/dates/subject.js';

t.test('columns are offsets where every character is one unit', async (t) => {
  for (const subject of [subjectOf('abc', true), subjectOf('aéc', false)]) {
    t.equal(subject.columnOf(2), 2);
    t.equal(subject.offsetOf(2), 2);
    t.equal(subject.offsetOf(9), 3);
    t.equal(subject.at(2), 'c');
    t.equal(subject.at(3), '');
  }
});

t.test('columns count characters beyond U+FFFF once', async (t) => {
  const subject = subjectOf('a😀b', false);
  t.strictSame(
    [0, 1, 3, 4].map((offset) => subject.columnOf(offset)),
    [0, 1, 2, 3],
  );
  t.strictSame(
    [0, 1, 2, 3, 9].map((column) => subject.offsetOf(column)),
    [0, 1, 3, 4, 4],
  );
  t.strictSame(
    [0, 1, 2, 3].map((column) => subject.at(column)),
    ['a', '😀', 'b', ''],
  );
  t.notOk(subject.isAscii);
  t.equal(subject.line, 'a😀b');
});
