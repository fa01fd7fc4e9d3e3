import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ATTACKER, ATTACKER6, GUARD, GUARD6, Guarded, NEIGHBOUR } from './guarded.js';

const guarded = await Guarded.for(t);
const list = join(guarded.folder, 'list');

for (const format of ['json', 'csv']) {
  t.test(`exported as ${format}, lifted, and imported: the kernel drops the same for the same time`, async (t) => {
    guarded.fail(ATTACKER);
    await guarded.banned(ATTACKER);
    guarded.dropset('ban', ATTACKER6, '--for', '2h', '--reason', 'by "hand", ☃');
    const exported = guarded.dropset('export', '--format', format);
    t.match(exported, /sshd/);
    guarded.dropset('unban', '--all');
    t.ok(await guarded.connect(ATTACKER, GUARD));
    writeFileSync(list, exported);
    t.equal(guarded.dropset('import', list), 'banned 2, refused 0\n');
    t.equal(guarded.dropset('export', '--format', format), exported);
    t.notOk(await guarded.connect(ATTACKER, GUARD));
    t.notOk(await guarded.connect(ATTACKER6, GUARD6));
    t.ok(await guarded.connect(NEIGHBOUR, GUARD));
    const left = /198\.51\.100\.66.*expires (\d+)m/s.exec(
      guarded.host.run('nft', 'list', 'set', 'inet', 'dropset', 'ban4'),
    );
    t.ok(Number(left?.[1]) >= 58, 'the hour that is left is in the kernel');
    guarded.dropset('unban', '--all');
  });
}

t.test('exported for nft: the kernel drops the same without dropset', async (t) => {
  guarded.dropset('ban', '198.51.100.64/26', ATTACKER6, '--for', '1h');
  writeFileSync(list, guarded.dropset('export', '--format', 'nft'));
  guarded.dropset('unban', '--all');
  t.ok(await guarded.connect(ATTACKER, GUARD));
  guarded.host.run('nft', '-f', list);
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  t.notOk(await guarded.connect(ATTACKER6, GUARD6));
  t.ok(await guarded.connect(NEIGHBOUR, GUARD));
  guarded.host.run('nft', 'delete', 'table', 'inet', 'dropset_export');
});

t.test('a list of a source, and the one that replaces it', async (t) => {
  writeFileSync(list, `# of somebody else\nip,seen\n${ATTACKER},5\n${ATTACKER6},1\n`);
  t.equal(guarded.dropset('import', '--source', 'wall', list), 'banned 2, refused 0\n');
  t.notOk(await guarded.connect(ATTACKER, GUARD));
  guarded.dropset('ban', ATTACKER6);
  writeFileSync(list, `${NEIGHBOUR}\n`);
  t.equal(guarded.dropset('import', '--source', 'wall', '--replace', list), 'banned 1, refused 0, lifted 2\n');
  t.ok(await guarded.connect(ATTACKER, GUARD));
  t.notOk(await guarded.connect(ATTACKER6, GUARD6), 'banned by hand too');
  t.notOk(await guarded.connect(NEIGHBOUR, GUARD));
  writeFileSync(list, `${GUARD}\n127.0.0.1\n198.0.0.0/8\n`);
  t.throws(() => guarded.dropset('import', '--source', 'wall', list), /refused 3|own address/);
  guarded.dropset('unban', '--all');
});

t.test('who was banned most: what jails did, by hand or not, and not what lists said', async (t) => {
  guarded.fail(ATTACKER);
  await guarded.banned(ATTACKER);
  guarded.dropset('unban', ATTACKER);
  const report = JSON.parse(guarded.dropset('export', '--since', '1h'));
  const found = Object.fromEntries(report.offenders.map((one: { address: string }) => [one.address, one]));
  t.match(found[ATTACKER], { jails: ['sshd'], banned: 0 });
  t.ok(found[ATTACKER].bans >= 3, 'each time that it was banned here');
  t.match(found[ATTACKER6], { jails: ['manual'] });
  t.equal(found[NEIGHBOUR], undefined);
  t.match(guarded.dropset('export', '--format', 'html', '--title', 'A <b>'), /<h1>A &lt;b&gt;<\/h1>/);
  t.match(guarded.dropset('export', '--format', 'text'), ATTACKER);
});

t.test('a list of some of them', async (t) => {
  guarded.dropset('ban', '10.1.0.0/16', '10.2.3.4', '10.1.2.3');
  const shown = (...words: string[]) =>
    JSON.parse(guarded.dropset('list', '--json', ...words)).map(({ address }: { address: string }) => address);
  t.same(shown('--prefix', '10.1.2.0/24'), ['10.1.0.0/16', '10.1.2.3']);
  t.same(shown('--jail', 'manual', '--since', '1m', '--prefix', '10.2.3.4'), ['10.2.3.4']);
  t.match(guarded.dropset('list', '--jail', 'sshd'), 'no ban is as asked for');
});
