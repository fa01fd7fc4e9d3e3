import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { Lists } from '../../../src/never/lists.js';

function lists(t: Test) {
  const folder = t.testdir();
  const path = join(folder, 'list');
  const state = { now: 1000, told: () => {} };
  const found = new Lists(
    () => state.now,
    () => state.told(),
  );
  t.teardown(() => found.close());
  const listed = () => found.stateOf(path)?.entries.map(({ text }) => text);
  return { path, folder, state, found, listed };
}

t.test('what it lists, since when, and that it was read whole', async (t) => {
  const { path, state, found, listed } = lists(t);
  writeFileSync(path, '192.0.2.1\n');
  found.read([path]);
  t.same(listed(), ['192.0.2.1']);
  t.match(found.stateOf(path), { since: 1000, fault: undefined });
  t.ok(found.isWhole(path));
  state.now = 2000;
  found.read([path]);
  t.equal(found.stateOf(path)?.since, 1000);
  writeFileSync(path, '192.0.2.2\n');
  found.read([path]);
  t.match(found.stateOf(path), { since: 2000 });
  found.read([]);
  t.equal(found.stateOf(path), undefined);
});

t.test('with a fault, or gone: what it listed last stands', async (t) => {
  const { path, found, listed } = lists(t);
  writeFileSync(path, '192.0.2.1\n');
  found.read([path]);
  writeFileSync(path, '192.0.2.2\n192.0.2.300\n');
  found.read([path]);
  t.same(listed(), ['192.0.2.1']);
  t.match(found.stateOf(path)?.fault, /line 2/);
  rmSync(path);
  found.read([path]);
  t.same(listed(), ['192.0.2.1']);
  t.match(found.stateOf(path)?.fault, /ENOENT/);
});

t.test('the first time, what can be read of it', async (t) => {
  const { path, found, listed } = lists(t);
  found.read([path]);
  t.same(listed(), []);
  writeFileSync(path, 'x y z\n192.0.2.300\n192.0.2.2\n');
  found.read([path]);
  t.same(listed(), ['x', '192.0.2.2']);
  t.notOk(found.isWhole(path));
});

t.test('what an earlier life read stands until it can be read', async (t) => {
  const { path, found, listed } = lists(t);
  found.restore(path, { entries: [{ text: '192.0.2.9', line: 1 }], since: 1 });
  found.read([path]);
  t.same(listed(), ['192.0.2.9']);
  t.match(found.stateOf(path), { since: 1, fault: /ENOENT/ });
});

t.test('a change is told: written, or another file in its place', async (t) => {
  const { path, folder, state, found } = lists(t);
  found.read([path, '/nowhere/at/all']);
  for (const change of [() => writeFileSync(path, '192.0.2.1\n'), () => renameSync(join(folder, 'new'), path)]) {
    writeFileSync(join(folder, 'new'), '192.0.2.2\n');
    const told = new Promise<void>((resolve) => {
      state.told = resolve;
    });
    change();
    // The timer behind it keeps no process.
    const alive = setInterval(() => {}, 1000);
    await told;
    clearInterval(alive);
  }
  t.pass('told twice');
});
