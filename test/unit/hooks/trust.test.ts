import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { programFault } from '../../../src/hooks/trust.js';

const folder = mkdtempSync(join(tmpdir(), 'dropset-'));
t.teardown(() => rmSync(folder, { recursive: true }));

function program(path: string, mode = 0o755): string {
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, mode);
  return path;
}

t.test("root's own is run, through root's links too", async (t) => {
  const path = program(join(folder, 'good'));
  t.equal(programFault(path), undefined);
  symlinkSync('good', join(folder, 'link'));
  symlinkSync(join(folder, 'link'), join(folder, 'further'));
  t.equal(programFault(join(folder, 'further')), undefined);
  t.equal(programFault('/bin/sh'), undefined);
});

t.test('what others may write, or put in its place, is not', async (t) => {
  const others = /others than root may write it/;
  t.match(programFault(program(join(folder, 'group'), 0o775)), others);
  t.match(programFault(program(join(folder, 'world'), 0o757)), others);
  const foreign = program(join(folder, 'foreign'));
  chownSync(foreign, 65_534, 65_534);
  t.match(programFault(foreign), new RegExp(`^${foreign}: others`));
  const open = join(folder, 'open');
  mkdirSync(open);
  const inside = program(join(open, 'inside'));
  chmodSync(open, 0o777);
  t.match(programFault(inside), new RegExp(`^${open}: others`));
  chmodSync(open, 0o1777);
  t.equal(programFault(inside), undefined, 'nobody replaces it there');
  symlinkSync('/bin/sh', join(open, 'link'));
  chmodSync(open, 0o777);
  t.match(programFault(join(open, 'link')), others, 'the link can be another one');
  symlinkSync(inside, join(folder, 'there'));
  t.match(programFault(join(folder, 'there')), others, 'where it leads to');
});

t.test('what is no program', async (t) => {
  t.match(programFault(join(folder, 'none')), /is not there$/);
  t.match(programFault(folder), /is no file$/);
  t.match(programFault(program(join(folder, 'plain'), 0o644)), /may not be run by the user of the service/);
  symlinkSync('round', join(folder, 'round'));
  t.match(programFault(join(folder, 'round')), /too many symbolic links/);
  t.match(programFault(join(folder, 'good', 'x')), /not there|ENOTDIR/);
});
