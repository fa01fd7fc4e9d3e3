import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { backendOf, unlogged } from '../../../src/daemon/backends.js';

t.test('the backends that the configuration names, not open yet', async (t) => {
  const { backend, backends } = parseSettings(
    '[service]\nbackends = ["nftables", "xdp", "route", "denyfile", "memory"]\n' +
      '[denyfile.web]\nformat = "nginx"\npath = "/tmp/deny.conf"\n',
    'dropset.toml',
  );
  const around = { allow: [], say: () => undefined };
  t.same(
    backends.map((choice) => backendOf(choice, backend, around).kind),
    ['nftables', 'xdp', 'route', 'denyfile', 'memory'],
  );
});

t.test('who cannot log what is dropped says so', async (t) => {
  for (const [names, dropped, said] of [
    ['"nftables"', '"kernel"', []],
    ['"memory", "nftables"', '7', []],
    ['"memory"', '"off"', []],
    ['"memory"', '"kernel"', [/^\[log\] dropped is for the backend nftables: with memory no packet is logged/]],
    ['"xdp", "route"', '7', [/with xdp, route no packet is logged/]],
  ] as const) {
    const { backends, log } = parseSettings(
      `[service]\nbackends = [${names}]\n[log]\ndropped = ${dropped}\n`,
      'dropset.toml',
    );
    const told = unlogged(backends, log);
    t.match(told, said);
    t.equal(told.length, said.length);
  }
});
