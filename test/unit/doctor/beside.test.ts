import { chmodSync, writeFileSync } from 'node:fs';
import t from 'tap';
import { type Beside, type BesideFacts, besideFindings } from '../../../src/doctor/beside.js';

const FACTS: BesideFacts = {
  entrances: [
    { name: 'eth0', rpFilter: 0 },
    { name: 'eth1', rpFilter: 2 },
    { name: 'eth2', rpFilter: null },
  ],
  ipv6: true,
};

const ROUTE = { name: 'route', kind: 'route' };

const found = (beside: Partial<Beside>, facts: Partial<BesideFacts> = {}): string[] =>
  besideFindings({ backends: [], hooks: [], ...beside }, { ...FACTS, ...facts }).map(
    ({ level, subject, sentence }) => `${level} ${subject} ${sentence}`,
  );

t.test('routes alone stop answers, unless the kernel looks for a way back', async (t) => {
  t.match(found({ backends: [ROUTE] }), [
    /^warning route without rp_filter IPv4 packets that come by eth0 of banned addresses still arrive/,
    /^note route IPv6 packets of banned addresses still arrive/,
  ]);
  const safe = { entrances: [{ name: 'eth1', rpFilter: 1 }], ipv6: false };
  t.same(found({ backends: [ROUTE] }, safe), []);
  for (const kind of ['nftables', 'xdp']) t.same(found({ backends: [ROUTE, { name: kind, kind }] }), []);
  t.equal(found({ backends: [ROUTE, { name: 'denyfile.web', kind: 'denyfile' }] }).length, 2);
});

t.test('files of denied addresses', async (t) => {
  const folder = t.testdir({ program: '' });
  const of = (path: string, check?: readonly string[], reload?: readonly string[]) => ({
    backends: [{ name: 'denyfile.web', kind: 'denyfile', file: { path, check, reload } }],
  });
  t.same(found(of(`${folder}/deny`)), []);
  t.match(found(of(`${folder}/none/deny`)), [/^fault denyfile\.web .*\/none is not there/]);
  const program = `${folder}/program`;
  t.match(found(of(`${folder}/deny`, [program, '-t'], [program])), [/^warning denyfile\.web .*program cannot be run/]);
  chmodSync(program, 0o755);
  t.same(found(of(`${folder}/deny`, [program, '-t'], ['/bin/true'])), []);
  t.match(found(of(`${folder}/deny`, ['/nowhere'], [folder])), [/\/nowhere cannot be run/, /cannot be run/]);
});

t.test('programs of hooks', async (t) => {
  const folder = t.testdir();
  writeFileSync(`${folder}/mine`, '#!/bin/sh\n', { mode: 0o755 });
  chmodSync(`${folder}/mine`, 0o777);
  const hook = (path?: string) => ({ name: 'notify', target: path ? { kind: 'program', path } : { kind: 'webhook' } });
  t.same(found({ hooks: [hook('/bin/true'), hook()] }), []);
  t.match(found({ hooks: [hook('/nowhere/x')] }), [
    /^warning hook notify \/nowhere is not there|\/nowhere\/x is not there/,
  ]);
  t.match(found({ hooks: [hook(`${folder}/mine`)] }), [/^warning hook notify .*others than root may write it/]);
});
