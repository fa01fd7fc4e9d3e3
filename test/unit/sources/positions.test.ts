import { appendFileSync, mkdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import t, { type Test } from 'tap';
import type { FilePosition } from '../../../src/sources/chunk.js';
import { OpenFile } from '../../../src/sources/open-file.js';
import { Positions, renamedTo } from '../../../src/sources/positions.js';
import { at, followed } from './followed.js';

/** Follows for one life; says what was read, and where it ended. */
async function live(t: Test, pattern: string, positions: readonly FilePosition[] = []) {
  const { files, read, kinds } = followed(t, pattern, { positions });
  const lines = await read();
  files.close();
  return { lines, kinds, positions: files.positions };
}

t.test('a file is read on, whatever its pattern starts with', async (t) => {
  const path = at(t);
  const { positions } = await live(t, path);
  appendFileSync(path, 'while away\n');
  t.match(await live(t, path, positions), { lines: ['while away'], kinds: ['opened'] });
});

t.test('an unfinished line was not handed over', async (t) => {
  const path = at(t, { log: 'old\nhalf' });
  const { positions } = await live(t, path);
  t.match(positions, [{ path, offset: 4 }]);
  appendFileSync(path, ' and half\n');
  t.same((await live(t, path, positions)).lines, ['half and half']);
});

t.test('renamed while away: the rest of the old file first', async (t) => {
  const path = at(t);
  const { positions } = await live(t, path);
  appendFileSync(path, 'rest\n');
  renameSync(path, `${path}.1`);
  t.same((await live(t, path, positions)).lines, ['rest'], 'the new one is not there yet');
  writeFileSync(path, 'new\n');
  const life = await live(t, path, positions);
  t.match(life, { lines: ['rest', 'new'], kinds: ['rotated'] });
  t.same((await live(t, path, life.positions)).lines, []);
});

t.test('renamed while away to a name that the pattern has too', async (t) => {
  const path = at(t);
  const { positions } = await live(t, `${path}*`);
  appendFileSync(path, 'rest\n');
  renameSync(path, `${path}.1`);
  writeFileSync(path, 'new\n');
  t.same((await live(t, `${path}*`, positions)).lines, ['rest', 'new']);
});

t.test('gone while away, or rewritten, or a directory now: from the beginning', async (t) => {
  const path = at(t);
  const { positions } = await live(t, path);
  writeFileSync(path, 'rewritten in place\n');
  t.match(await live(t, path, positions), { lines: ['rewritten in place'], kinds: ['rotated'] });
  unlinkSync(path);
  t.match(await live(t, path, positions), { lines: [], kinds: ['missing'] });
  writeFileSync(path, 'new\n');
  t.match(await live(t, path, positions), { lines: ['new'], kinds: ['rotated'] });
  unlinkSync(path);
  mkdirSync(path);
  t.match(await live(t, path, positions), { lines: [], kinds: ['denied'] });
});

t.test('of a glob, a log that was rotated and not made again', async (t) => {
  const path = at(t);
  const pattern = path.replace(/log$/, 'l?g');
  const { positions } = await live(t, pattern);
  appendFileSync(path, 'rest\n');
  renameSync(path, `${path}.1`);
  t.same((await live(t, pattern, positions)).lines, ['rest']);
});

t.test('device numbers may change under an old name, and not under a new one', async (t) => {
  const path = at(t);
  const moved = (await live(t, path)).positions.map((position) => ({ ...position, device: '1' }));
  appendFileSync(path, 'a\n');
  t.same((await live(t, path, moved)).lines, ['a']);
  renameSync(path, `${path}.1`);
  t.same((await live(t, path, moved)).lines, []);
});

t.test('what was let go is remembered, the last 4,096 of them', async (t) => {
  const path = at(t);
  const file = new OpenFile(path, { maxLine: 9, onChange: () => 0, onOversized: () => 0 });
  t.teardown(() => file.close());
  file.seekEnd();
  const positions = new Positions([]);
  const fill = (count: number): void => {
    for (let i = 0; i < count; i++) positions.add({ ...file.position, inode: `x${i}` });
  };
  positions.add(file.position);
  fill(4095);
  t.ok(positions.resume(file));
  t.notOk(positions.resume(file), 'once');
  positions.add(file.position);
  fill(4096);
  t.notOk(positions.resume(file));
});

t.test('stored paths, each asked once', async (t) => {
  const { positions } = await live(t, at(t));
  const stored = new Positions(positions);
  const [position] = positions;
  t.same(stored.paths, [position?.path]);
  t.same(stored.takeStored(position?.path ?? ''), position);
  t.equal(stored.takeStored(position?.path ?? ''), undefined);
});

t.test('the search for a new name', async (t) => {
  const path = at(t);
  const [position] = (await live(t, path)).positions as [FilePosition];
  t.equal(renamedTo(position), undefined, 'it has its old one');
  renameSync(path, `${path}.1`);
  t.equal(renamedTo(position), `${path}.1`);
  t.equal(renamedTo({ ...position, device: '1' }), undefined);
  t.equal(renamedTo({ ...position, path: '/none/log' }), undefined);
});
