import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { backendOf } from '../../../src/daemon/backends.js';

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
