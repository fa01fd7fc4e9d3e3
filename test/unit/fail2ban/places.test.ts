import t from 'tap';
import { Configuration } from '../../../src/fail2ban/configuration.js';
import { DefinitionReader } from '../../../src/fail2ban/definition-reader.js';
import { parseIni } from '../../../src/fail2ban/ini.js';
import { filterPlaces, Places } from '../../../src/fail2ban/places.js';

t.test('expressions belong to the line that makes them', async (t) => {
  const text = `[Definition]
failregex = %(base)s
            <more-<mode>>
            own <HOST> <who>
base = base <who>
more-1 = first
         second
who = w
mode = 1
bad = %(nothing)s
[Init]
init = in init
`;
  const reader = new DefinitionReader('/f', Configuration.of([parseIni(text, '/f.conf')]), new Map(), ['failregex']);
  reader.read();
  const combined = reader.combined();
  const places = filterPlaces(reader, combined);
  const lines = (combined.get('failregex') as string).split('\n').map((line) => places.expression(line, '/f'));
  t.same(lines, [
    { text: 'base w', origin: '/f.conf', line: 2 },
    { text: 'first', origin: '/f.conf', line: 6 },
    { text: 'second', origin: '/f.conf', line: 7 },
    { text: 'own <HOST> w', origin: '/f.conf', line: 4 },
  ]);
  t.same(places.expression('in init', '/f'), { text: 'in init', origin: '/f.conf', line: 12 });
  t.same(places.expression('of several', '/f'), { text: 'of several', origin: '/f' });
});

t.test('the first line of a text keeps it', async (t) => {
  const places = new Places();
  places.add([{ text: 'a\nb\na\n', origin: '/x', lines: [1, 2, 3] }], (line) => line);
  t.same(places.expression('a', ''), { text: 'a', origin: '/x', line: 1 });
  t.same(places.expression('', '/y'), { text: '', origin: '/y' });
});

t.test('what is thrown by accident is not hidden', async (t) => {
  const fail = (): string => {
    throw new TypeError('no');
  };
  t.throws(() => new Places().add([{ text: 'a', origin: '', lines: [1] }], fail), TypeError);
});
