// Shows one scenario, or what there is: an attack on a real server, and what dropset makes of it.
import { parseArgs } from 'node:util';
import { faultsOf, play } from './lab/play.mjs';
import { scenarios } from './lab/scenarios.mjs';
import { Stage } from './lab/stage.mjs';

const paint = (code) => (text) =>
  process.stdout.isTTY && !process.env.NO_COLOR ? `\u001b[${code}m${text}\u001b[0m` : text;
const [bold, red, green, dim] = [1, 31, 32, 2].map(paint);

const { values, positionals } = parseArgs({ options: { list: { type: 'boolean' } }, allowPositionals: true });
const all = await scenarios();
const [name] = positionals;

if (values.list) {
  for (const [name, { about }] of Object.entries(all)) console.log(`${name.padEnd(18)}${about}`);
} else if (!Object.hasOwn(all, name)) {
  console.error(red(`there is no scenario '${name}': one of ${Object.keys(all).join(', ')}`));
  process.exitCode = 2;
} else process.exit(await show(name));

async function show(name) {
  const scenario = all[name];
  console.log(bold(`\n${scenario.about}`));
  console.log('\nA host with real programs, attackers and clients, each in network namespaces of their own:');
  const stage = await Stage.open({ [name]: scenario }, (sentence) => console.log(dim(sentence)));
  try {
    return await shown(stage, name, scenario);
  } finally {
    stage.close();
  }
}

async function shown(stage, name, scenario) {
  console.log('\ndropset.toml there (bans are short, so that one can see them end):');
  console.log(dim(stage.configuration.trimEnd().replace(/^/gm, '  ')));
  const faults = [];
  for (const family of scenario.families ?? [4]) {
    console.log(bold(`\nIPv${family}`));
    const account = await play(stage, name, { family, tell: (sentence) => console.log(`  ${sentence}`) });
    faults.push(...faultsOf(account, scenario));
  }
  for (const fault of faults) console.log(red(`this should not happen: ${fault}`));
  if (faults.length === 0) console.log(green('\nAll of it was as it should be.'));
  return faults.length === 0 ? 0 : 1;
}
