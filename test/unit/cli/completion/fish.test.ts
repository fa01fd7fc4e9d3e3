import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { fish } from '../../../../src/cli/completion/fish.js';
import { definitionsOf } from '../../../../src/cli/definitions.js';
import { COMMANDS } from '../../../../src/cli/dropset.js';

const folder = t.testdir({ 'file.toml': '', script: fish(await definitionsOf(COMMANDS)), home: {} });
const path = join(folder, 'script');

/** What fish offers for the end of a command line, without its explanations. */
function offered(line: string): string[] {
  const printed = execFileSync('fish', ['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', path, line], {
    encoding: 'utf8',
    cwd: folder,
    env: { ...process.env, HOME: join(folder, 'home') },
  });
  return printed.split('\n').flatMap((row) => (row === '' ? [] : [row.split('\t')[0] as string]));
}

t.test('commands', async (t) => {
  t.same(offered('dropset exp'), ['export']);
  t.same(offered('dropset filter '), ['check', 'list', 'test']);
  t.same(offered('dropset --socket /x jail '), ['list']);
});

t.test('options and their values', async (t) => {
  t.same(offered('dropset ban --re'), ['--reason']);
  t.same(offered('dropset export --format '), ['csv', 'html', 'json', 'nft', 'plain', 'text']);
  t.same(offered('dropset completion '), ['bash', 'fish', 'zsh']);
  t.same(offered('dropset run --config fi'), ['file.toml']);
  t.same(offered('dropset ban fi'), []);
});

t.test('explanations', async (t) => {
  writeFileSync(join(folder, 'line'), '');
  const printed = execFileSync('fish', ['--no-config', '-c', 'source $argv[1]; complete -C "dropset unba"', path], {
    encoding: 'utf8',
    env: { ...process.env, HOME: join(folder, 'home') },
  });
  t.equal(printed, 'unban\tlift bans\n');
});
