import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { backendOf } from '../../../src/daemon/backends.js';

t.test('the backend that the configuration names, not open yet', async (t) => {
  for (const kind of ['nftables', 'xdp', 'memory']) {
    const { backend } = parseSettings(`[backend]\nkind = "${kind}"\n`, 'dropset.toml');
    t.equal(backendOf(backend, undefined, [], () => undefined).kind, kind);
  }
});

t.test('who cannot log what is dropped says so', async (t) => {
  for (const [kind, dropped, said] of [
    ['nftables', '"kernel"', []],
    ['nftables', '7', []],
    ['memory', '"off"', []],
    ['memory', '"kernel"', [/^warning \[log\] dropped is for the backend nftables: with memory no packet is logged/]],
    ['xdp', '7', [/with xdp no packet is logged/]],
  ] as const) {
    const { backend, log } = parseSettings(
      `[backend]\nkind = "${kind}"\n[log]\ndropped = ${dropped}\n`,
      'dropset.toml',
    );
    const told: string[] = [];
    backendOf(backend, log, [], (level, sentence) => told.push(`${level} ${sentence}`));
    t.match(told, said);
    t.equal(told.length, said.length);
  }
});
