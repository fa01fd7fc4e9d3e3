import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';
import { DenyfileBackend } from '../../src/backends/denyfile/backend.js';
import { Prefix } from '../../src/model/prefix.js';
import { documentedRewrite, isDenied } from '../rewrite-conditions.js';
import { conformance } from './suite.js';

const folder = mkdtempSync(join(tmpdir(), 'dropset-'));
t.teardown(() => rmSync(folder, { recursive: true }));

/** What stands in a file, whatever the words around the prefixes are. Servers read them in test/integration/denyfile.test.ts. */
function drops(path: string, address: string): boolean {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('/rewritemap')) return isDenied(documentedRewrite(path), text, address);
  const lines = text.split('\n');
  const words = lines.filter((line) => !line.startsWith('#')).flatMap((line) => line.split(/[ ;]/));
  return words.some((word) => Prefix.tryParse(word)?.covers(Prefix.parse(address)));
}

for (const format of ['plain', 'nginx', 'nginx-geo', 'apache24', 'apache22', 'rewritemap', 'haproxy'] as const) {
  t.test(format, async (t) => {
    const path = join(folder, format);
    conformance(t, {
      now: Date.now,
      scopes: false,
      counts: false,
      drops: async (backend, address) => {
        await (backend as DenyfileBackend).written();
        return drops(path, address);
      },
      pass: (milliseconds) => sleep(milliseconds),
      make: async (size) => {
        const backend = new DenyfileBackend({ path, format, size, interval: 1000, allow: [], say: () => undefined });
        await backend.open();
        await backend.settle();
        return backend;
      },
    });
  });
}
