import { parse } from 'smol-toml';
import t from 'tap';
import { type Path, Places } from '../../../src/config/locate.js';

const TEXT = `# [no.section] x = 1
title = "a # no comment"
[service]
state = '''
[not.a.section]
x = 1
''' # end
socket = """ \\" \\"\\"\\" = [
"""""
[backend] # comment = [
"quoted key" . plain = 1.5
'literal' = 2001-02-03T04:05:06.7Z
"\\u0061bc" = true

[never]
addresses = [ # [
  "192.0.2.0/24", '2001:db8::/32', # ]
  [ "nested",
    "deeper" ],

  """last
"""
]
after = {a = 1, b.c = [
  2], "d" = {e = "}"}}
dotted.key.path = 1
[jail."a.b"]
maxretry = 5
[[list]]
x = 1
[ jail . sshd ]\r
  bantime = "1h"\r
`;

const lines: [Path, number, string][] = [
  [['title'], 2, 'a plain key'],
  [['service'], 3, 'a section'],
  [['service', 'state'], 4, 'a multi-line literal'],
  [['service', 'socket'], 8, 'behind it, a multi-line string with escapes'],
  [['backend'], 10, 'a section with a comment'],
  [['backend', 'quoted key', 'plain'], 11, 'quoted and dotted'],
  [['backend', 'literal'], 12, 'a literal key'],
  [['backend', 'abc'], 13, 'a key with an escape'],
  [['never', 'addresses'], 16, 'a list'],
  [['never', 'addresses', 1], 17, 'an item'],
  [['never', 'addresses', 2, 1], 19, 'an item of an inner list'],
  [['never', 'addresses', 3], 21, 'an item on more than one line'],
  [['never', 'after', 'a'], 24, 'a key of an inline table'],
  [['never', 'after', 'b', 'c', 0], 25, 'a list in an inline table'],
  [['never', 'after', 'd', 'e'], 25, 'an inline table in an inline table'],
  [['never', 'dotted', 'key', 'path'], 26, 'a dotted key'],
  [['jail'], 27, 'a section that is only implied'],
  [['jail', 'a.b', 'maxretry'], 28, 'a quoted section'],
  [['list'], 29, 'a list of tables'],
  [['jail', 'sshd', 'bantime'], 32, 'blanks and carriage returns'],
  [['jail', 'sshd', 'logpath'], 31, 'missing: the header'],
  [['jail', 'sshd', 'bantime', 0], 32, 'missing: the key'],
  [['nothing', 'here'], 1, 'missing with its section: the start'],
  [[], 1, 'the file'],
];

t.test('lines of keys, sections and items', async (t) => {
  t.ok(parse(TEXT), 'the parser takes the text');
  const places = new Places(TEXT);
  for (const [path, line, name] of lines) t.equal(places.line(path), line, name);
});

t.test('a byte order mark and an empty text', async (t) => {
  t.equal(new Places('\uFEFF\n[a]\n').line(['a']), 2);
  t.equal(new Places('').line(['a']), 1);
});

t.test('any text ends, and none throws', async (t) => {
  const pieces = ['[', ']', '{', '}', '"', "'", '"""', "'''", '\\', '=', '.', ',', '\n', '#', 'a', ' ', '\u00a0', '\v'];
  let seed = 1;
  const random = (below: number): number => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return (seed >> 8) % below;
  };
  for (let round = 0; round < 5000; round++) {
    const text = Array.from({ length: random(14) }, () => pieces[random(pieces.length)]).join('');
    if (!Number.isInteger(new Places(text).line(['a', 0]))) t.fail(JSON.stringify(text));
  }
});

t.test('a megabyte stays cheap', async (t) => {
  const name = 'n'.repeat(300_000);
  const text = `[${name}]\nlist = [\n${'1,\n'.repeat(200_000)}]\nlong = """${'\\\\'.repeat(50_000)}"""\nend = 1`;
  const places = new Places(text);
  t.equal(places.line([name, 'list', 199_999]), 200_002);
  t.equal(places.line([name, 'end']), 200_005);
});
