import { execFileSync, spawnSync } from 'node:child_process';
import t from 'tap';
import { readHooks } from '../../../../src/backends/nftables/hooks.js';
import { enterNamespace } from '../../../namespace.js';

enterNamespace();

t.test('an empty ruleset', async (t) => {
  t.same(await readHooks(), { chains: [], tables: new Map(), flowtables: [] });
});

t.test('tables of every family', async (t) => {
  const input = `
    table inet one {
      chain early { type filter hook prerouting priority -310; policy drop; }
      chain helper { }
    }
    table ip two {
      chain out { type nat hook postrouting priority 100; }
    }
    table netdev three {
      chain in { type filter hook ingress device lo priority 5; }
    }`;
  execFileSync('nft', ['-f', '-'], { input });
  const { chains, tables, flowtables } = await readHooks();
  t.same(chains, [
    { family: 'inet', table: 'one', name: 'early', hook: 'prerouting', priority: -310, drops: true },
    { family: 'ip', table: 'two', name: 'out', hook: 'postrouting', priority: 100, drops: false },
    { family: 'netdev', table: 'three', name: 'in', hook: 'ingress', priority: 5, drops: false },
  ]);
  t.same(
    [...tables],
    [
      ['inet one', ['helper']],
      ['ip two', []],
      ['netdev three', []],
    ],
  );
  t.same(flowtables, []);
});

t.test('flowtables', async (t) => {
  const made = spawnSync('nft', ['add flowtable inet one ft { hook ingress priority 0; devices = { lo }; }'], {
    encoding: 'utf8',
  });
  if (made.status !== 0) {
    t.comment(`left out: this kernel has none: ${made.stderr.trim()}`);
    return;
  }
  const { flowtables } = await readHooks();
  t.same(flowtables, [{ family: 'inet', table: 'one', name: 'ft', hardware: false }]);
});
