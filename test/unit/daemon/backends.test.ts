import t from 'tap';
import { parseSettings } from '../../../src/config/config.js';
import { backendOf } from '../../../src/daemon/backends.js';

t.test('the backend that the configuration names, not open yet', async (t) => {
  for (const kind of ['nftables', 'xdp', 'memory']) {
    const { backend } = parseSettings(`[backend]\nkind = "${kind}"\n`, 'dropset.toml');
    t.equal(backendOf(backend, [], () => undefined).kind, kind);
  }
});
