import { spawnSync } from 'node:child_process';
import t from 'tap';
import { shellWords } from '../../../src/sources/shell-words.js';

const TEXTS = [
  '',
  '   ',
  'a',
  ' a  b\tc\n',
  "_SYSTEMD_UNIT=ssh.service + _COMM='a b'",
  `a'b'"c"d`,
  `''`,
  `a '' ""`,
  `"a\\"b" "a\\\\" "a\\b" "a'b"`,
  `'a\\' b`,
  'a\\ b \\\\ \\" \\x',
  '"a\nb" \\\n',
  '# no comment',
  'ä"ö ü"',
  'a\\',
  '"a',
  "'a",
  '"a\\"',
  `a"b'c`,
];

t.test('as Python splits', async (t) => {
  const script = `import json, shlex, sys
def split(text):
    try: return shlex.split(text)
    except ValueError: return None
print(json.dumps([split(text) for text in json.load(sys.stdin)]))`;
  const { stdout } = spawnSync('python3', ['-c', script], { input: JSON.stringify(TEXTS), encoding: 'utf8' });
  const expected = JSON.parse(stdout) as (string[] | null)[];
  for (const [index, text] of TEXTS.entries()) {
    t.same(shellWords(text), expected[index] ?? undefined, JSON.stringify(text));
  }
});
