import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { shortened, zsh } from '../../../../src/cli/completion/zsh.js';
import { definitionsOf } from '../../../../src/cli/definitions.js';
import { COMMANDS } from '../../../../src/cli/dropset.js';

const folder = t.testdir({ 'file.toml': '', _dropset: zsh(await definitionsOf(COMMANDS)), home: {} });

/** An interactive zsh in a pseudo terminal, whose tab key completes; it says the line that came of it. */
const SCRIPT = `
zmodload zsh/zpty
zpty shell zsh -f -i
tell() { zpty -w shell "$1"; zpty -r -m shell seen "*$2*" }
tell "PS1= ; unsetopt zle_bracketed_paste; fpath=($PWD \\$fpath); autoload -Uz compinit && compinit -u -D; echo re''ady" ready
tell 'said() { echo "sa""id<$BUFFER>"; BUFFER=; zle accept-line }; zle -N said; bindkey "^X" said; bindkey "^I" complete-word; echo bo''und' bound
zpty -w -n shell "$1"$'\\t\\x18'
zpty -r -m shell seen "*said<*>*"
print -r -- \${\${seen##*said<}%%>*}
zpty -d shell`;

const completed = (line: string): string =>
  execFileSync('zsh', ['-f', '-c', SCRIPT, 'zsh', line], {
    encoding: 'utf8',
    cwd: folder,
    timeout: 20_000,
    env: { ...process.env, HOME: join(folder, 'home'), TERM: 'dumb' },
  }).trimEnd();

t.test('commands, options and their values', async (t) => {
  for (const [line, whole] of [
    ['dropset expo', 'dropset export'],
    ['dropset filter che', 'dropset filter check'],
    ['dropset ban --rea', 'dropset ban --reason='],
    ['dropset export --format=pl', 'dropset export --format=plain'],
    ['dropset run --config fi', 'dropset run --config file.toml'],
    ['dropset completion fi', 'dropset completion fish'],
  ] as const) {
    t.equal(completed(line).trim(), whole, line);
  }
});

t.test('a menu has little room', async (t) => {
  t.equal(shortened('how long: 90 (seconds), 10m'), 'how long');
  t.equal(shortened('the configuration; default x'), 'the configuration');
});
