import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { type Config, parseConfig } from '../../../src/config/config.js';
import { startingWith, TrialFile } from '../../../src/daemon/trial-file.js';

const problems: string[] = [];
const problem = (sentence: string): unknown => problems.push(sentence);

/** A configuration whose state lies in that directory. */
const read = (state: string, more = ''): Config =>
  parseConfig(`[service]\nstate = "${state}"\n${more}`, '/etc/dropset/dropset.toml');

const again = (text: string): Config => parseConfig(text, '/etc/dropset/dropset.toml');

t.test('a start takes what was before, as long as the file is the one that was tried', async (t) => {
  const state = join(t.testdir(), 'state');
  const [before, tried] = [read(state), read(state, 'audit = "2m"\n')];
  t.same(startingWith(tried, again), { config: tried, isUndone: false });
  const restore = new TrialFile(state, problem).keep(tried, before);
  t.same(startingWith(tried, again), { config: before, isUndone: true });
  const edited = read(state, 'audit = "2m"\n# edited\n');
  t.same(startingWith(edited, again), { config: edited, isUndone: false });
  const [name] = readdirSync(state);
  t.equal(statSync(join(state, name as string)).mode & 0o777, 0o600);
  restore();
  t.same(startingWith(tried, again), { config: tried, isUndone: false });
  t.same(problems, []);
});

t.test('what is refused later leaves what was marked before; what is taken leaves nothing', async (t) => {
  const state = t.testdir();
  const [before, first, second] = [read(state), read(state, 'audit = "2m"\n'), read(state, 'audit = "3m"\n')];
  new TrialFile(state, problem).keep(first, before);
  const file = new TrialFile(state, problem);
  file.keep(second, before)();
  t.ok(startingWith(first, again).isUndone);
  file.clear();
  file.clear();
  t.notOk(startingWith(first, again).isUndone);
  t.same(readdirSync(state), []);
});

t.test('what was before and cannot be read any more is told, and the file is used', async (t) => {
  const state = t.testdir();
  const [before, tried] = [read(state), read(state, 'audit = "2m"\n')];
  new TrialFile(state, problem).keep(tried, before);
  const { config, isUndone } = startingWith(tried, () => {
    throw new Error('its filter is gone');
  });
  t.notOk(isUndone);
  t.equal(config.service.audit, 120_000);
  t.match(config.notes, [/was never confirmed, and the one before cannot be used: its filter is gone$/]);
});

t.test('a program has no file, a dry run no state, and a mark may be damaged', async (t) => {
  const state = t.testdir();
  const { file: _, ...program } = read(state);
  new TrialFile(state, problem).keep(program, program);
  t.same(startingWith(program, again), { config: program, isUndone: false });
  new TrialFile(undefined, problem).keep(read(state), read(state));
  t.same(readdirSync(state), []);
  const path = join(state, 'unconfirmed-configuration.json');
  for (const damaged of ['{', '{"tried":1,"before":2}', 'null', `"${'x'.repeat(9 * 1024 * 1024)}"`]) {
    writeFileSync(path, damaged);
    t.notOk(startingWith(read(state), again).isUndone);
  }
  t.same(problems, []);
});

t.test('where it cannot be written, that is told', async (t) => {
  const state = join(t.testdir({ file: '' }), 'file', 'state');
  new TrialFile(state, problem).keep(read(state), read(state));
  t.match(problems, [/^a restart would not know which configuration was confirmed: /]);
  t.notOk(existsSync(state));
});
