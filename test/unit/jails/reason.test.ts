import t from 'tap';
import { reasonOf, siegeReasonOf, spanOf } from '../../../src/jails/reason.js';

t.test('counts and spans', async (t) => {
  t.equal(reasonOf(5, 42_000, ' sshd: x '), '5 failures in 42s, the last: sshd: x');
  t.equal(reasonOf(5, 0, 'x'), '5 failures at once, the last: x');
  t.equal(reasonOf(1, 0, 'x'), '1 failure, the last: x');
});

t.test('what a terminal would obey is escaped', async (t) => {
  const reason = reasonOf(1, 0, 'a\u001b[2J\0\n\u2028\u202e\ud800\u0085b');
  t.equal(reason, '1 failure, the last: a\\u{1b}[2J\\u{0}\\u{a}\\u{2028}\\u{202e}\\u{d800}\\u{85}b');
});

t.test('at most 200 characters', async (t) => {
  for (const text of ['x'.repeat(9999), '\0'.repeat(9999), '😀'.repeat(9999)]) {
    const characters = Array.from(reasonOf(1, 0, text));
    t.ok(characters.length <= 200);
    t.match(characters.join(''), /^[\x20-\x7e😀\\]+$/u);
  }
  t.match(reasonOf(1, 0, 'x'.repeat(9999)), /xxx\.\.\.$/);
});

t.test('in a siege, less than maxretry were enough', async (t) => {
  t.equal(siegeReasonOf([7], 'no', ''), 'siege: 1 failure, the last: no');
  t.equal(siegeReasonOf([0, 2000], 'no', 'root'), 'siege of user root: 2 failures in 2s, the last: no');
  t.equal(siegeReasonOf([0], 'no', 'a\nb'), 'siege of user a\\u{a}b: 1 failure, the last: no');
  t.equal(siegeReasonOf([0], 'x'.repeat(300), 'y'.repeat(300)).length, 200);
  t.equal(spanOf([3, 5, 9]), 6);
});
