import t from 'tap';
import { escaped } from '../../../../src/cli/report/markup.js';

t.test('what would be markup is text', async (t) => {
  t.equal(escaped(`<a href="x" title='y'>&amp;`), '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;');
  t.equal(escaped('a\nb\u0000c\u202ed\u2028'), 'a\\u{a}b\\u{0}c\\u{202e}d\\u{2028}');
  t.equal(escaped('Grüße, 攻撃'), 'Grüße, 攻撃');
});
