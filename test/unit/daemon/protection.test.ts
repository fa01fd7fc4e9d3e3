import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { Protection } from '../../../src/daemon/protection.js';
import { Prefix } from '../../../src/model/prefix.js';
import type { Verdict } from '../../../src/model/street.js';
import { ban } from '../../jail.js';
import { LIMITS, NO_RULES } from '../../service.js';

const p = Prefix.parse;

t.test('what comes and goes reaches the kernel, detection and the ledger', async (t) => {
  const folder = t.testdir({ list: '' });
  const files = [join(folder, 'list')];
  const config = { never: { ...NO_RULES, addresses: [p('192.0.2.1')], files }, guard: LIMITS } as never;
  const [done, problems, notes]: [string[], string[], string[]] = [[], [], []];
  const protection = new Protection({
    config,
    dryRun: true,
    clock: () => 0,
    problem: (sentence) => problems.push(sentence),
    note: (sentence) => notes.push(sentence),
  });
  await protection.start();
  const bans = [ban('198.51.100.7').ban, ban('198.51.100.0/24').ban, ban('203.0.113.1').ban];
  protection.attach({
    ledger: { bans: () => [bans][Symbol.iterator]() as never },
    enforcement: {
      enforce: async (verdicts: readonly Verdict[]) => {
        for (const verdict of verdicts) done.push(`${verdict.kind} ${verdict.kind === 'unban' ? verdict.prefix : ''}`);
        return [];
      },
      rewrite: async (prefixes) => done.push(`rewrite ${prefixes}`),
    },
    healing: {
      allow: async (prefixes) => {
        done.push(`allow ${prefixes.slice(4)}`);
        throw new Error('no kernel');
      },
    },
    detection: { spare: (prefixes) => done.push(`spare ${prefixes}`) },
  });
  t.match(protection.never.refusal(p('192.0.2.1')), /stands in the configuration/);
  const rules = protection.rulesWith({ ...NO_RULES, addresses: [p('192.0.2.2')] });
  t.same(
    rules.map(({ prefix }) => prefix.text),
    ['192.0.2.2'],
  );
  writeFileSync(join(folder, 'list'), '198.51.100.7\n');
  protection.hold(true);
  protection.replace({ ...NO_RULES, files });
  t.match(protection.never.refusal(p('198.51.100.7')), /list:1/);
  while (problems.length === 0) await turn();
  await turn();
  t.same([done.length, protection.isHeld], [2, true], 'no ban is lifted while they are held');
  protection.hold(false);
  protection.liftCovered();
  await protection.stop();
  t.same(done, [
    'spare 198.51.100.7',
    'allow 198.51.100.7',
    'unban 198.51.100.7',
    'unban 198.51.100.0/24',
    'unban 198.51.100.7',
    'unban 198.51.100.0/24',
  ]);
  t.same(problems, ['no kernel']);
  t.match(notes, [/^2 bans lifted/, /^2 bans lifted/]);
  t.equal(protection.entries.length, 1);
});
