import t from 'tap';
import { Captures } from '../../../src/filters/captures.js';
import { type Compiled, compileExpressions } from '../../../src/filters/compiled.js';
import type { Groups } from '../../../src/filters/groups.js';
import { definitionOf } from '../../filter-definition.js';

/** What prefregex and the failregex captured together in a text; prefregex may be absent. */
function joined(prefregex: string | undefined, failregex: string, text: string): Groups {
  const expressions = compileExpressions(
    definitionOf({ ...(prefregex && { prefregex }), failregex: [failregex] }),
    true,
  );
  const captures = new Captures(expressions);
  const search = (compiled: Compiled) => {
    const match = compiled.pattern.exec(text);
    if (!match) throw new Error(`${compiled.python} does not match`);
    return match;
  };
  const outer = expressions.prefregex && captures.of(expressions.prefregex, search(expressions.prefregex));
  const [inner] = expressions.failregex as [Compiled];
  const groups = captures.joined(inner, search(inner), outer);
  return Object.fromEntries(Object.entries(groups).filter(([, value]) => value !== undefined));
}

t.test('without prefregex, the groups of the failregex, completed', async (t) => {
  t.same(joined(undefined, 'from <IP4>', 'from 192.0.2.7'), { ip4: '192.0.2.7' });
  t.same(joined(undefined, '<F-ALT_USER>x</F-ALT_USER> <IP4>', 'x 192.0.2.7'), {
    ip4: '192.0.2.7',
    alt_user: 'x',
    user: 'x',
  });
});

t.test('those of prefregex are there too, but for the content', async (t) => {
  const outer = '<F-MLFID>s\\d</F-MLFID> <F-CONTENT>.*</F-CONTENT>';
  t.same(joined(outer, 'from <IP4>', 's1 from 192.0.2.7'), { mlfid: 's1', ip4: '192.0.2.7' });
});

t.test('those of the failregex win, unless they took no part', async (t) => {
  const outer = 'a=<F-USER>\\w*</F-USER>';
  t.equal(joined(outer, 'b=<F-USER>\\w*</F-USER>.* <IP4>', 'a=ann b=bob 192.0.2.7').user, 'bob');
  t.equal(joined(outer, 'b=<F-USER>\\w*</F-USER>.* <IP4>', 'a=ann b= 192.0.2.7').user, '', 'an empty group is one');
  t.equal(joined(outer, '(?:c=<F-USER>\\w*</F-USER>)?.* <IP4>', 'a=ann b=bob 192.0.2.7').user, 'ann');
});

t.test('what prefregex completed alone is handed on', async (t) => {
  t.equal(joined('a=<F-ALT_USER>\\w+</F-ALT_USER>', '<IP4>', 'a=ann 192.0.2.7').user, 'ann');
  t.equal(joined('a=<F-TUPLE_ID>\\w+</F-TUPLE_ID>', '<IP4>', 'a=ann 192.0.2.7').fid, "(None, 'ann')");
});

t.test('each of several expressions is completed by its own groups', async (t) => {
  const failregex = ['<F-ALT_USER>x</F-ALT_USER> <IP4>', 'y <IP4>'];
  const expressions = compileExpressions(definitionOf({ failregex }), true);
  const captures = new Captures(expressions);
  const users = ['x 192.0.2.7', 'y 192.0.2.7'].map((text, index) => {
    const compiled = expressions.failregex[index] as Compiled;
    const match = compiled.pattern.exec(text);
    return match && captures.of(compiled, match).user;
  });
  t.strictSame(users, ['x', undefined]);
});
