import t from 'tap';
import { expandTags, groupOf } from '../../../src/filters/tags.js';
import { compilePattern } from '../../../src/regex/pattern.js';

/** What the tags of an expression capture. */
function captured(expression: string, text: string, resolvesNames = true): Record<string, string> | undefined {
  const match = compilePattern(expandTags(expression, resolvesNames)).exec(text);
  const groups = Object.entries(match?.groups ?? {});
  return match && Object.fromEntries(groups.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

t.test('what stands for somebody', async (t) => {
  const table: [string, string, Record<string, string> | undefined][] = [
    ['^<HOST>$', '192.0.2.7', { ip4: '192.0.2.7' }],
    ['^<HOST>$', '[2001:db8::7]', { ip6: '2001:db8::7' }],
    ['^<HOST>$', '::ffff:192.0.2.7', { ip4: '192.0.2.7' }],
    ['^<HOST>$', '::1', { ip6: '::1' }],
    ['^<HOST>$', '::', { ip6: '::' }],
    ['^<HOST>$', 'host.example', { dns: 'host.example' }],
    ['^<HOST>$', '999.1.1.1', { ip4: '999.1.1.1' }],
    ['^<HOST>$', 'a b', undefined],
    ['^<ADDR>$', 'host.example', undefined],
    ['^<F-ADDR/>$', '[192.0.2.7]', { ip4: '192.0.2.7' }],
    ['^<IP4>$', '2001:db8::7', undefined],
    ['^<F-IP4/> <IP6>$', '192.0.2.7 2001:db8::7', { ip4: '192.0.2.7', ip6: '2001:db8::7' }],
    ['^<F-IP6/>$', '192.0.2.7', undefined],
    ['^<DNS>$', '192.0.2.7', { dns: '192.0.2.7' }],
    ['^<F-DNS/> ', 'a-b_c.d. x', undefined],
    ['^<ADDR>/<CIDR>$', '192.0.2.0/24', { ip4: '192.0.2.0', cidr: '24' }],
    ['^<ADDR>/<F-CIDR/>$', '2001:db8::/32', { ip6: '2001:db8::', cidr: '32' }],
    ['^<SUBNET>$', '[2001:db8::/32]', { ip6: '2001:db8::', cidr: '32' }],
    ['^<F-SUBNET/>$', '192.0.2.7', { ip4: '192.0.2.7' }],
    ['^<F-ID/> <F-PORT/>$', 'a:b ssh', { fid: 'a:b', fport: 'ssh' }],
  ];
  for (const [expression, text, expected] of table)
    t.strictSame(captured(expression, text), expected, `${expression} ${text}`);
});

t.test('where names are not resolved, <HOST> is an address', async (t) => {
  t.equal(captured('^<HOST>$', 'host.example', false), undefined);
  t.strictSame(captured('^<HOST>$', '192.0.2.7', false), { ip4: '192.0.2.7' });
  t.strictSame(
    captured('^<DNS>$', 'host.example', false),
    { dns: 'host.example' },
    'a tag for names is one all the same',
  );
});

t.test('groups of their own', async (t) => {
  t.equal(expandTags('<F-USER>.*</F-USER> <F-RHOST_2>x</F-RHOST_2>', true), '(?P<user>.*) (?P<rhost_2>x)');
  t.equal(expandTags('<F-ID>x</F-ID><F-PORT>1</F-PORT>', true), '(?P<fid>x)(?P<fport>1)');
  t.equal(expandTags('<F-A>x|y</F-A></F-A>', true), '(?P<a>x|y))', 'an opened tag may be closed again, as in fail2ban');
  t.equal(groupOf('ID'), 'fid');
  t.equal(groupOf('PORT'), 'fport');
  t.equal(groupOf('ALT_USER'), 'alt_user');
});

t.test('what is no tag stays', async (t) => {
  for (const text of [
    '<host>',
    '</F-USER>',
    '<F-user>x',
    '<unknown>',
    '<F-USER',
    '(?P<x>y)',
    '<>',
    '< HOST>',
    '(?<=a)',
  ])
    t.equal(expandTags(text, true), text);
});

t.test('lines to skip are numbered', async (t) => {
  const expanded = expandTags('a<SKIPLINES>b<SKIPLINES>c', true);
  t.match(expanded, /^a\\n\(\?P<skiplines0>.*b\\n\(\?P<skiplines1>.*c$/);
  t.strictSame(captured('a<SKIPLINES>b', 'a\nx\ny\nb'), { skiplines0: 'x\ny\n' });
});

t.test('flags behind a parenthesis count inside it', async (t) => {
  const table: [string, string][] = [
    ['(?:(?i)expn|vrfy) x', '(?i:expn|vrfy) x'],
    ['((?i)a)', '(?i:a)'],
    ['((?im)a)', '(?im:a)'],
    ['\\((?i)a)', '\\((?i)a)'],
    ['(?i)a', '(?i)a'],
    ['((?:x)a)', '((?:x)a)'],
  ];
  for (const [expression, expected] of table) t.equal(expandTags(expression, true), expected);
});
