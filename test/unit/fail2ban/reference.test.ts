import t from 'tap';
import { parseReference, splitReferences } from '../../../src/fail2ban/reference.js';

const parse = (text: string): [string, Record<string, string>] => {
  const { name, parameters } = parseReference(text);
  return [name, Object.fromEntries(parameters)];
};

t.test('names and parameters', async (t) => {
  const table: [string, string, Record<string, string>][] = [
    ['sshd', 'sshd', {}],
    ['/x/y.conf', '/x/y.conf', {}],
    ['sshd[mode=aggressive]', 'sshd', { mode: 'aggressive' }],
    ['f[k=v, k2="v,]2"][k4=\'v "4"\']', 'f', { k: 'v', k2: 'v,]2', k4: 'v "4"' }],
    ['f[a= b , c="d\n e"]  ', 'f', { a: 'b', c: 'd\n e' }],
    ['f[a=1, a=2,]', 'f', { a: '2' }],
    ['f[]', 'f', {}],
    ['f[a=1][]', 'f', { a: '1' }],
    ['f[a="unclosed]', 'f', { a: '"unclosed' }],
    ['f[Größe_1.x-y=]', 'f', { 'Größe_1.x-y': '' }],
    ['f[blocktype?family=inet6=DROP]', 'f', { 'blocktype?family=inet6': 'DROP' }],
    ['f[__proto__=1]', 'f', JSON.parse('{"__proto__":"1"}')],
  ];
  for (const [text, name, parameters] of table) t.same(parse(text), [name, parameters], text);
});

t.test('what is out of place', async (t) => {
  const table: [string, string][] = [
    ['', "'': there is no name"],
    ['[a=1]', "'[a=1]': there is no name"],
    ['f[a=1', "'f[a=1': the last ] is missing, or something stands behind it"],
    ['f[a=1] x', "'f[a=1] x': the last ] is missing, or something stands behind it"],
    ['f[', "'f[': the last ] is missing, or something stands behind it"],
    ['f[x]', "'f[x]': 'x' is not name=value"],
    ['f[a = b]', "'f[a = b]': 'a = b' is not name=value"],
    ['f[a=1,,b=2]', "'f[a=1,,b=2]': ',b=2' is not name=value"],
    ['f[a="1"b=2]', "'f[a=\"1\"b=2]': 'b=2' follows a value; write a comma right behind the value"],
    ['f[a="1"\n, b=2]', "'f[a=\"1\"\\n, b=2]': '\\n, b=2' follows a value; write a comma right behind the value"],
    ['f[a=1]b]', "'f[a=1]b]': ']b' follows a value; write a comma right behind the value"],
  ];
  for (const [text, message] of table) t.throws(() => parse(text), { code: 'config', message }, text);
});

t.test('lists', async (t) => {
  const table: [string, string[]][] = [
    ['', []],
    ['a b\n  c', ['a', 'b', 'c']],
    ['a[x=1] b[y="1 2", z=3][v=4]\n c', ['a[x=1]', 'b[y="1 2", z=3][v=4]', 'c']],
    ['a [x=1]', ['a [x=1]']],
    ['a[x=1]b c', ['a[x=1]b', 'c']],
    ['a[x y] c', ['a[x', 'y]', 'c']],
    ['a[x="1 2 c', ['a[x="1', '2', 'c']],
    ['[x=1] a', ['[x=1]', 'a']],
    ['a[x=1\n  2]', ['a[x=1\n  2]']],
  ];
  for (const [text, pieces] of table) t.same(splitReferences(text), pieces, text);
});
