import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { FilePosition } from '../../../src/sources/chunk.js';
import { UtmpFollower, type UtmpFollowerOptions } from '../../../src/sources/utmp-follower.js';
import { loginRecord } from '../../login-records.js';

const users = (names: string): Buffer => Buffer.concat([...names].map((user) => loginRecord({ user })));

class Following {
  readonly path: string;
  readonly events: string[] = [];
  readonly #follower: UtmpFollower;
  position: FilePosition | undefined;

  constructor(t: Test, path: string, options: Partial<UtmpFollowerOptions> = {}) {
    this.path = path;
    this.#follower = new UtmpFollower({
      path,
      log: 'btmp',
      layout: undefined,
      start: 'beginning',
      position: undefined,
      onChange: () => undefined,
      onEvent: ({ kind }) => this.events.push(kind),
      ...options,
    });
    t.teardown(() => this.#follower.close());
  }

  /** The users of all that can be read now, a letter each. */
  read(): string {
    let text = '';
    for (const { bytes, position } of this.#follower.read()) {
      text += [...bytes.toString().matchAll(/"(.*?)" on/g)].map((found) => found[1]).join('');
      this.position = position as FilePosition;
    }
    return text;
  }
}

const log = (t: Test, names?: string): string => {
  const path = join(t.testdir(), 'btmp');
  if (names !== undefined) writeFileSync(path, users(names));
  return path;
};

t.test('from the beginning, or from the end', async (t) => {
  const path = log(t, 'ab');
  const [all, end] = [new Following(t, path), new Following(t, path, { start: 'end' })];
  t.equal(all.read(), 'ab');
  t.equal(end.read(), '');
  appendFileSync(path, users('c'));
  t.equal(all.read(), 'c');
  t.equal(end.read(), 'c');
  t.equal(all.read(), '');
  t.same(all.events, ['opened']);
});

t.test('appears later: all of it is read', async (t) => {
  const following = new Following(t, log(t), { start: 'end' });
  t.equal(following.read(), '');
  t.equal(following.read(), '');
  writeFileSync(following.path, users('a'));
  t.equal(following.read(), 'a');
  t.same(following.events, ['missing', 'opened']);
});

t.test('renamed: the rest of the old file first, and what comes late', async (t) => {
  const following = new Following(t, log(t, 'a'));
  t.equal(following.read(), 'a');
  const old = `${following.path}.1`;
  appendFileSync(following.path, users('b'));
  renameSync(following.path, old);
  t.equal(following.read(), 'b');
  writeFileSync(following.path, '');
  appendFileSync(old, users('c'));
  t.equal(following.read(), 'c');
  appendFileSync(old, users('d'));
  appendFileSync(following.path, users('e'));
  t.equal(following.read(), 'de');
  t.same(following.events, ['opened', 'missing', 'rotated']);
});

t.test('rotated twice between two looks', async (t) => {
  const following = new Following(t, log(t, 'a'));
  t.equal(following.read(), 'a');
  renameSync(following.path, `${following.path}.1`);
  writeFileSync(following.path, users('b'));
  t.equal(following.read(), 'b');
  renameSync(following.path, `${following.path}.2`);
  writeFileSync(following.path, users('c'));
  t.equal(following.read(), 'c');
});

t.test('truncated, and written anew with as much', async (t) => {
  const following = new Following(t, log(t, 'ab'));
  t.equal(following.read(), 'ab');
  copyFileSync(following.path, `${following.path}.1`);
  truncateSync(following.path);
  appendFileSync(following.path, users('c'));
  t.equal(following.read(), 'c');
  truncateSync(following.path);
  appendFileSync(following.path, users('defg'));
  t.equal(following.read(), 'defg');
  t.same(following.events, ['opened', 'truncated', 'truncated']);
});

t.test('a partial record waits for its end', async (t) => {
  const following = new Following(t, log(t, 'a'));
  following.read();
  appendFileSync(following.path, users('b').subarray(0, 200));
  t.equal(following.read(), '');
  t.equal(following.position?.offset, 384);
  appendFileSync(following.path, users('b').subarray(200));
  t.equal(following.read(), 'b');
});

t.test('goes on at a position', async (t) => {
  const path = log(t, 'ab');
  const { position, ...first } = new Following(t, path);
  t.equal(position, undefined);
  const before = new Following(t, first.path);
  before.read();
  appendFileSync(path, users('c'));
  const same = new Following(t, path, { position: before.position, start: 'end' });
  t.equal(same.read(), 'c');
  renameSync(path, `${path}.1`);
  writeFileSync(`${path}.2.gz`, 'x');
  const renamed = new Following(t, path, { position: before.position, start: 'end' });
  t.equal(renamed.read(), 'c');
  writeFileSync(path, users('d'));
  t.equal(renamed.read(), 'd');
  const rotated = new Following(t, path, { position: before.position, start: 'end' });
  t.equal(rotated.read(), 'cd');
  rmSync(`${path}.1`);
  const gone = new Following(t, path, { position: before.position, start: 'end' });
  t.equal(gone.read(), 'd', 'another file, from its beginning');
});

t.test('what cannot be read is told once, and read when it can be', async (t) => {
  const path = log(t);
  mkdirSync(path);
  const following = new Following(t, path);
  t.equal(following.read(), '');
  t.equal(following.read(), '');
  rmdirSync(path);
  writeFileSync(path, users('a'));
  t.equal(following.read(), 'a');
  t.same(following.events, ['denied', 'opened']);
  const loop = join(t.testdir({ loop: t.fixture('symlink', 'loop') }), 'loop');
  t.equal(new Following(t, loop).read(), '');
});

t.test('records that are no logins are told', async (t) => {
  const following = new Following(t, log(t));
  writeFileSync(following.path, Buffer.concat([loginRecord({ type: 8 }), users('a')]));
  t.equal(following.read(), 'a');
  t.same(following.events, ['missing', 'opened', 'skipped']);
});

t.test('without its directory there is nothing to watch', async (t) => {
  const path = join(t.testdir(), 'none', 'btmp');
  t.throws(() => new Following(t, path), { code: 'source', message: /btmp cannot be followed: ENOENT/ });
});
