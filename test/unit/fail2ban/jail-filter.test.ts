import t from 'tap';
import { Configuration } from '../../../src/fail2ban/configuration.js';
import { Files } from '../../../src/fail2ban/file.js';
import { parseIni } from '../../../src/fail2ban/ini.js';
import { JailFilter } from '../../../src/fail2ban/jail-filter.js';
import type { FilterDefinition } from '../../../src/model/definition.js';

const FILTER = `[Definition]
failregex = ^f <HOST> <bantime>
ignoreregex = ignored
journalmatch = A=<logtype>
maxlines = 2
`;

interface Given {
  readonly reference?: string;
  readonly jail?: string;
  readonly options?: Readonly<Record<string, string>>;
}

function definition(directory: string, { reference = 'f', jail = '', options = {} }: Given): FilterDefinition {
  const configuration = Configuration.of([parseIni(`[j]\n${jail}`, '/jail.conf')]);
  const filter = new JailFilter(reference, 'j', directory, new Files());
  const given = new Map(Object.entries({ backend: 'auto', bantime: '1h', ...options }));
  filter.announce(given, configuration);
  for (const name of configuration.options('j')) {
    if (!name.startsWith('known/')) given.set(name, configuration.get('j', name) as string);
  }
  return filter.definition(given, configuration);
}

t.test("the filter's own", async (t) => {
  const directory = t.testdir({ 'filter.d': { 'f.conf': FILTER } });
  const path = `${directory}/filter.d/f.conf`;
  t.same(definition(directory, {}), {
    name: 'f',
    origin: path,
    failregex: [{ text: '^f <HOST> 1h', origin: path, line: 2 }],
    ignoreregex: [{ text: 'ignored', origin: path, line: 3 }],
    maxlines: 2,
    journalmatch: ['A=file'],
  });
  t.same(definition(directory, { options: { backend: 'systemd[x=1]' } }).journalmatch, ['A=journal']);
  t.same(definition(directory, { reference: 'f[logtype=short]' }).journalmatch, ['A=short']);
  t.same(definition(directory, { reference: `${directory}/filter.d/f` }).origin, path);
});

t.test("the jail's instead", async (t) => {
  const directory = t.testdir({ 'filter.d': { 'f.conf': FILTER } });
  const jail =
    'failregex = %(known/failregex)s\n  ^own <HOST>\nignoreregex =\nmaxlines = 3\nusedns = no\njournalmatch = B=c\n';
  const { failregex, ignoreregex, maxlines, usedns, journalmatch } = definition(directory, { jail });
  t.same(failregex, [
    { text: '^f <HOST> 1h', origin: `${directory}/filter.d/f.conf`, line: 2 },
    { text: '^own <HOST>', origin: '/jail.conf', line: 3 },
  ]);
  t.same([ignoreregex, maxlines, usedns, journalmatch], [[], 3, 'no', ['B=c']]);
});

t.test("beside those that are the filter's parameters", async (t) => {
  const directory = t.testdir({ 'filter.d': { 'f.conf': FILTER } });
  const { failregex } = definition(directory, {
    reference: 'f[failregex="^p <HOST>"]',
    jail: 'failregex = ^own <HOST>\n',
  });
  t.same(
    failregex.map(({ text }) => text),
    ['^p <HOST>', '^own <HOST>'],
  );
});

t.test('no filter at all', async (t) => {
  t.same(definition(t.testdir(), { reference: '', jail: 'failregex = ^own <HOST>\n' }), {
    name: 'j',
    origin: 'jail j',
    failregex: [{ text: '^own <HOST>', origin: '/jail.conf', line: 2 }],
    ignoreregex: [],
    maxlines: 1,
    journalmatch: [],
  });
});

t.test('faults', async (t) => {
  const directory = t.testdir({ 'filter.d': { 'f.conf': FILTER } });
  t.throws(() => definition(directory, { reference: 'g' }), { code: 'filter', message: /there is no filter 'g'/ });
  t.throws(() => definition(directory, { reference: '/g' }), { code: 'filter', message: 'there is no filter /g.conf' });
  t.throws(() => definition(directory, { reference: 'f[x]' }), { code: 'config', message: /is not name=value/ });
  t.throws(() => definition(directory, { jail: 'failregex =\n' }), { message: /filter 'f' has no failregex/ });
});
