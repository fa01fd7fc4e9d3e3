import { closeSync, openSync } from 'node:fs';
import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { backendsOf } from '../../../src/daemon/backends.js';

const around = { allow: [], say: () => undefined };

t.test('the backends that the configuration names, not open yet', async (t) => {
  const settings = parseSettings(
    '[service]\nbackends = ["nftables", "xdp", "route", "denyfile", "memory"]\n' +
      '[denyfile.web]\nformat = "nginx"\npath = "/tmp/deny.conf"\n',
    'dropset.toml',
  );
  t.same(
    backendsOf(settings, around).map(({ choice, backend }) => [choice.name, backend.kind]),
    [
      ['nftables', 'nftables'],
      ['xdp', 'xdp'],
      ['route', 'route'],
      ['denyfile.web', 'denyfile'],
      ['memory', 'memory'],
    ],
  );
});

t.test('what an earlier nftables kept is closed where there is none', async (t) => {
  for (const [kind, isOpen] of [
    ['nftables', true],
    ['route', false],
  ] as const) {
    const inherited = openSync('/dev/null', 'r');
    backendsOf(parseSettings(`[backend]\nkind = "${kind}"\n`, 'dropset.toml'), { ...around, inherited });
    if (isOpen) closeSync(inherited);
    else t.throws(() => closeSync(inherited), { code: 'EBADF' });
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
    const settings = parseSettings(`[backend]\nkind = "${kind}"\n[log]\ndropped = ${dropped}\n`, 'dropset.toml');
    const told: string[] = [];
    backendsOf(settings, {
      ...around,
      logging: settings.log,
      say: (level, sentence) => told.push(`${level} ${sentence}`),
    });
    t.match(told, said);
    t.equal(told.length, said.length);
  }
});
