import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import t from 'tap';
import { isTracking } from '../../../../src/backends/nftables/tracking.js';
import { enterNamespace, track } from '../../../namespace.js';

enterNamespace();

t.test('connections are tracked once a rule asks for them', async (t) => {
  t.notOk(isTracking());
  await track();
  t.ok(isTracking());
});

t.test('a kernel that cannot track has no such file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'dropset-test-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'nf_conntrack_count');
  t.notOk(isTracking(file));
  for (const [text, expected] of [
    ['0\n', false],
    ['12\n', true],
    ['', false],
  ] as const) {
    writeFileSync(file, text);
    t.equal(isTracking(file), expected, text);
  }
});
