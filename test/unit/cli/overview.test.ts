import t from 'tap';
import type { Loaders } from '../../../src/cli/command.js';
import { overview } from '../../../src/cli/overview.js';

const commands: Loaders = {
  one: async () => ({ default: { summary: 'does one thing', commands: {} } }),
  another: async () => ({ default: { summary: 'does another', commands: {} } }),
};

t.test('all commands with their summaries', async (t) => {
  const whole = await overview([], commands);
  t.match(
    whole,
    /^dropset has [\s\S]*\n {2}one {6}does one thing\n {2}another {2}does another\n[\s\S]*Exit codes: 0 done/,
  );
});

t.test('the commands behind a word', async (t) => {
  const part = await overview(['filter'], commands);
  t.equal(
    part,
    'Usage: dropset filter COMMAND ...\n\n  one      does one thing\n  another  does another\n\ndropset filter COMMAND --help tells more.',
  );
});
