import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { bash } from '../../../../src/cli/completion/bash.js';
import { definitionsOf } from '../../../../src/cli/definitions.js';
import { COMMANDS } from '../../../../src/cli/dropset.js';

const folder = t.testdir({ 'some file.toml': '', other: '' });
const path = join(folder, 'script');
writeFileSync(path, bash(await definitionsOf(COMMANDS)));

/** What bash offers for the last of these words, each between brackets. */
function offered(...words: string[]): string[] {
  const script = `set -u; source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _dropset; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const printed = execFileSync('bash', ['--norc', '-c', script, 'bash', path, 'dropset', ...words], {
    encoding: 'utf8',
    cwd: folder,
  });
  return printed.split('\n').filter((line) => line !== '');
}

t.test('commands', async (t) => {
  t.same(offered('ex'), ['export']);
  t.same(offered('un'), ['unban']);
  t.ok(offered('').includes('filter'));
  t.same(offered('filter', ''), ['test', 'list', 'check', '--help', '-h']);
  t.same(offered('--socket', '/x', 'jail', 'l'), ['list']);
});

t.test('options', async (t) => {
  t.same(offered('ban', '--r'), ['--reason']);
  t.same(offered('ban', '192.0.2.7', '--f'), ['--for', '--force']);
  t.same(offered('filter', 'test', '--print-'), ['--print-missed', '--print-ignored', '--print-matched']);
  t.same(offered('--v'), ['--version']);
});

t.test('their values', async (t) => {
  t.same(offered('export', '--format', ''), ['plain', 'json', 'csv', 'nft', 'html', 'text']);
  t.same(offered('export', '--format', '=', 'c'), ['csv']);
  t.same(offered('export', '--format', '='), ['plain', 'json', 'csv', 'nft', 'html', 'text']);
  t.same(offered('ban', '--for', ''), []);
  t.same(offered('completion', 'z'), ['zsh']);
});

t.test('files, spaces and all', async (t) => {
  t.same(offered('run', '--config', 'so'), ['some file.toml']);
  t.same(offered('import', 'ot'), ['other']);
  t.same(offered('import', '--fo'), ['--format', '--for', '--force']);
});
