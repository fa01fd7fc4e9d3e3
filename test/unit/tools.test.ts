import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';

/** native/bpf/tools on a path that has these programs alone. */
function tools(word: string, ...programs: readonly string[]): { stdout: string; stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-'));
  for (const program of programs) symlinkSync(`/usr/bin/${program}`, join(folder, program));
  const { stdout, stderr } = spawnSync('/bin/sh', ['native/bpf/tools', word], {
    encoding: 'utf8',
    env: { PATH: folder },
  });
  rmSync(folder, { recursive: true });
  return { stdout, stderr };
}

t.test('with all tools the XDP backend is built', async (t) => {
  t.same(tools('build', 'cc', 'clang'), { stdout: 'yes\n', stderr: '' });
  t.same(tools('list', 'cc', 'clang'), { stdout: '\n', stderr: '' });
});

t.test('without them it is left out, and what is missing is named with the way out', async (t) => {
  const { stdout, stderr } = tools('build', 'cc');
  t.equal(stdout, 'no\n');
  t.match(stderr, /the XDP backend is not built, because these are missing: clang \(apt-get install clang libbpf-dev/);
  t.equal(tools('list').stdout, 'clang bpf/libbpf.h linux/bpf.h\n');
});
