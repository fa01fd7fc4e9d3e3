import t from 'tap';
import { definitionsOf } from '../../../src/cli/definitions.js';
import { COMMANDS } from '../../../src/cli/dropset.js';
import { type } from '../../terminal.js';

const all = await definitionsOf(COMMANDS);

t.test('groups come before what they contain', async (t) => {
  const paths = all.map(({ path }) => path.join(' '));
  t.ok(paths.indexOf('filter') < paths.indexOf('filter test'));
  t.same(all.find(({ path }) => path.join(' ') === 'filter')?.children, ['test', 'list', 'check']);
});

t.test('every command says what it does, has examples, and explains each of its options', async (t) => {
  for (const { path, children, summary, parts, options } of all) {
    const name = path.join(' ');
    t.match(summary, /^[a-z].{6,90}[^.]$/, name);
    if (children.length > 0) continue;
    t.match(parts[0], { kind: 'text' }, name);
    const examples = parts.flatMap((part) => (part.kind === 'examples' ? part.lines : []));
    t.ok(examples.length > 0, name);
    t.match(examples[0], `dropset ${name}`, name);
    for (const option of options) t.match(option.text, /^[a-z0-9{]/, `${name} --${option.name}`);
  }
});

t.test('every command that prints has --json; run is the service', async (t) => {
  for (const { path, children, options } of all) {
    if (children.length > 0 || path[0] === 'run') continue;
    t.ok(
      options.some(({ name }) => name === 'json'),
      path.join(' '),
    );
  }
});

t.test('every help is reached, fits a terminal, and is what --help prints', async (t) => {
  for (const { path } of all) {
    const { code, stdout } = await type([...path, '--help']);
    t.equal(code, 0);
    for (const line of stdout.split('\n')) t.ok(line.length <= 132, line);
  }
});

t.test('what can be completed', async (t) => {
  const option = (path: string, name: string) =>
    all.find((one) => one.path.join(' ') === path)?.options.find((one) => one.name === name);
  t.match(option('export', 'format')?.value, {
    kind: 'choice',
    choices: ['plain', 'json', 'csv', 'nft', 'html', 'text'],
  });
  t.match(option('run', 'config')?.value, { kind: 'file', name: 'FILE' });
  t.match(option('ban', 'for')?.value, { kind: 'any', name: 'TIME' });
  t.equal(option('ban', 'json')?.value, undefined);
  t.match(option('run', 'socket')?.text, /^listen there/);
  const words = (path: string) => all.find((one) => one.path.join(' ') === path)?.words;
  t.match(words('completion'), { choices: ['bash', 'zsh', 'fish'] });
  t.match(words('import'), { kind: 'file' });
  t.equal(words('ban'), undefined);
  t.equal(words('unban'), undefined);
});
