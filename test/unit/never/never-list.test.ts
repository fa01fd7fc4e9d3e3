import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Prefix } from '../../../src/model/prefix.js';
import { NeverList, type NeverSettings } from '../../../src/never/never-list.js';

const p = Prefix.parse;

/** Of a test's own, beside its fixtures. */
function folderFor(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-never-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  return folder;
}

function listed(t: Test, more: Partial<NeverSettings>, folder = folderFor(t)) {
  const state = { now: 1000, hosts: {} as Record<string, string[]> };
  const problems: string[] = [];
  const changes: string[][] = [];
  const settings = { addresses: [], names: [], files: [], refresh: 300_000, ...more };
  const list = new NeverList(settings, {
    now: () => state.now,
    problem: (sentence) => problems.push(sentence),
    changed: ({ added }) => changes.push(added.map(String)),
    memory: join(folder, 'never.json'),
    lookup: async (name) => {
      if (!state.hosts[name]) throw new Error('EAI_AGAIN');
      return state.hosts[name].map((address) => ({ address }));
    },
  });
  t.teardown(() => list.stop());
  const rules = () => list.rules.map(({ prefix, clause }) => `${prefix} ${clause}`);
  return { state, problems, changes, settings, list, rules, folder };
}

t.test('addresses, names and files, each with where it stands', async (t) => {
  const file = join(t.testdir({ list: '# us\n198.51.100.0/24\nhome.example\n' }), 'list');
  const { state, list, rules, changes, problems } = listed(t, {
    addresses: [p('192.0.2.1')],
    names: ['office.example'],
    files: [file],
  });
  state.hosts = { 'office.example': ['203.0.113.1'], 'home.example': ['203.0.113.2'] };
  t.same(changes, [['192.0.2.1', '198.51.100.0/24']]);
  await list.start();
  t.same(rules(), [
    '192.0.2.1 stands in the configuration',
    '203.0.113.1 is what office.example of the configuration resolves to',
    `198.51.100.0/24 stands in ${file}:2`,
    `203.0.113.2 is what home.example of ${file}:3 resolves to`,
  ]);
  t.same(changes.slice(1), [['203.0.113.1', '203.0.113.2']]);
  t.match(list.entries[1], { entry: 'office.example', from: 'configuration', since: 1000 });
  t.same(problems, []);
});

t.test('a name that moves: what is new is told, and what is gone is no rule', async (t) => {
  const { state, list, rules, changes } = listed(t, { names: ['office.example'] });
  state.hosts = { 'office.example': ['203.0.113.1', '203.0.113.2'] };
  await list.start();
  state.hosts = { 'office.example': ['203.0.113.2', '203.0.113.3'] };
  state.now = 2000;
  await list.refresh();
  t.same(changes, [['203.0.113.1', '203.0.113.2'], ['203.0.113.3']]);
  t.equal(rules().length, 2);
  await list.refresh();
  t.equal(changes.length, 2, 'nothing has changed');
});

t.test('the last answer stands while nobody answers, also after a restart; it is told once', async (t) => {
  const folder = folderFor(t);
  const first = listed(t, { names: ['office.example'] }, folder);
  first.state.hosts = { 'office.example': ['203.0.113.1'] };
  await first.list.start();
  first.state.hosts = {};
  await first.list.refresh();
  await first.list.refresh();
  t.equal(first.rules().length, 1);
  t.same(first.problems, [
    'never-list: office.example is not resolved (EAI_AGAIN); what was last known of it holds (1)',
  ]);
  first.list.stop();
  const second = listed(t, { names: ['office.example'] }, folder);
  t.match(second.rules(), [/^203\.0\.113\.1 is what office\.example/]);
  await second.list.start();
  await second.list.refresh();
  t.match(second.list.entries, [{ since: 1000, fault: 'EAI_AGAIN' }]);
});

t.test('a file that changes, breaks and goes', async (t) => {
  const file = join(t.testdir({ list: '192.0.2.1\n' }), 'list');
  const { list, rules, changes, problems, folder } = listed(t, { files: [file] });
  await list.start();
  writeFileSync(file, '192.0.2.1\n192.0.2.2\n');
  const alive = setInterval(() => {}, 1000);
  while (changes.length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
  clearInterval(alive);
  t.same(changes[1], ['192.0.2.2']);
  writeFileSync(file, '192.0.2.3\n192.0.2.300\n');
  await list.refresh();
  t.equal(rules().length, 2);
  t.match(problems, [/list cannot be used \(line 2: .*\); what was last known of it holds \(2\)/]);
  t.match(list.entries[0], { entry: file, from: 'configuration', fault: /line 2/ });
  rmSync(file);
  list.stop();
  const again = listed(t, { files: [file] }, folder);
  t.equal(again.rules().length, 2, 'an earlier life has read it');
});

t.test('other settings are taken up at once', async (t) => {
  const { state, list, rules, changes, settings } = listed(t, { addresses: [p('192.0.2.1'), p('192.0.2.2')] });
  state.hosts = { 'office.example': ['203.0.113.1'] };
  list.replace({ ...settings, addresses: [p('192.0.2.2'), p('192.0.2.3')], names: ['office.example'] });
  t.same(changes.at(-1), ['192.0.2.3']);
  t.equal(rules().length, 2);
  while (rules().length < 3) await new Promise(setImmediate);
  t.same(changes.at(-1), ['203.0.113.1']);
});

t.test('names and rules are bounded', async (t) => {
  const names = Array.from({ length: 1001 }, (_, index) => `n${index}.example`);
  const { list, problems } = listed(t, { names });
  await list.refresh();
  t.ok(problems.some((problem) => /has 1001 names/.test(problem)));
  t.match(list.entries[1000], { entry: 'n1000.example', fault: /not been looked up/ });
  const lines = (part: number) =>
    Array.from({ length: 20_000 }, (_, index) => `10.${part}.${index >> 8}.${index & 255}`).join('\n');
  const files = t.testdir({ a: lines(1), b: lines(2), c: lines(3) });
  const many = listed(t, { files: ['a', 'b', 'c'].map((name) => join(files, name)) });
  t.equal(many.list.rules.length, 50_000);
  t.match(many.problems, [/has 60000 addresses and prefixes: only the first 50000 hold/]);
});

t.test('what cannot be recalled is told', async (t) => {
  const { problems, rules } = listed(t, { addresses: [p('192.0.2.1')] }, t.testdir({ 'never.json': '{' }));
  t.match(problems, [/what was last known of the never-list is lost/]);
  t.equal(rules().length, 1);
});
