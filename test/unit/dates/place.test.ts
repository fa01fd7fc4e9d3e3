import t from 'tap';
import { mayBeAgain, placeOf } from '../../../src/dates/place.js';
import { subjectOf } from '../../../src/dates/subject.js';

const subject = (line: string) => subjectOf(line, /^[\0-\x7f]*$/.test(line));

t.test('the characters at both ends of a date', async (t) => {
  const place = { column: 2, end: 5, before: ' ', first: '1', last: '3', behind: ' ' };
  t.strictSame(placeOf(subject('x 1:3 y'), 2, 5), place);
  t.strictSame(placeOf(subject('1:3'), 0, 3), { column: 0, end: 3, before: '', first: '1', last: '3', behind: '' });
});

t.test('where a date of the same form may be', async (t) => {
  const place = placeOf(subject('x 1:3 y'), 2, 5);
  for (const line of ['y 4:5 z', 'x 456 y']) t.ok(mayBeAgain(place, subject(line)), line);
  for (const line of ['x-1:3 y', 'x 1:34y', 'x 1:3', '']) t.notOk(mayBeAgain(place, subject(line)), line);
});

t.test('a mark at the date end may stand for the character outside, a letter or digit may not', async (t) => {
  const place = placeOf(subject('x[1:3]y'), 1, 6);
  t.ok(mayBeAgain(place, subject('z[4:5]w')));
  t.notOk(mayBeAgain(place, subject('z 4:5]w')));
  const letters = placeOf(subject('xé1éy'), 1, 4);
  t.notOk(mayBeAgain(letters, subject('zé1éw')));
});
