import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { WholeMark } from '../../../src/daemon/whole-mark.js';

t.test('it is there as long as the ledger has all, and its lack is known to the next run', async (t) => {
  const state = t.testdir();
  const path = join(state, 'whole');
  const first = new WholeMark(state);
  t.notOk(first.isMissing, 'there was no run before');
  first.put();
  first.put();
  writeFileSync(join(state, 'ledger.db'), '');
  t.ok(existsSync(path));
  const second = new WholeMark(state);
  t.notOk(second.isMissing);
  second.remove();
  second.remove();
  t.notOk(existsSync(path));
  t.ok(new WholeMark(state).isMissing);
});

t.test('where it cannot be written nothing else fails', async (t) => {
  const state = join(t.testdir(), 'gone');
  const mark = new WholeMark(state);
  mark.put();
  t.notOk(mark.isMissing);
  mkdirSync(join(state, 'whole', 'in the way'), { recursive: true });
  const another = new WholeMark(state);
  another.remove();
  t.ok(existsSync(join(state, 'whole')));
  rmSync(state, { recursive: true });
});

t.test('a dry run marks nothing', async (t) => {
  const mark = new WholeMark(undefined);
  mark.remove();
  mark.put();
  t.notOk(mark.isMissing);
});
