import t from 'tap';
import { type } from '../../terminal.js';

t.test('a script for each shell', async (t) => {
  for (const shell of ['bash', 'zsh', 'fish']) {
    const { code, stdout } = await type(['completion', shell]);
    t.equal(code, 0);
    t.match(stdout, `made by: dropset completion ${shell}`);
    const json = JSON.parse((await type(['completion', shell, '--json'])).stdout);
    t.equal(json.shell, shell);
    t.equal(json.script, stdout);
  }
});

t.test('a shell that nobody knows', async (t) => {
  for (const words of [[], ['csh'], ['toString'], ['bash', 'zsh']]) {
    t.match(await type(['completion', ...words]), {
      code: 2,
      stderr: /completion needs the name of one shell: bash, zsh, fish/,
    });
  }
});
