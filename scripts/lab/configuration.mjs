import { addressOf, attackerOf } from './addresses.mjs';

/** So long a ban of a scenario lasts: enough to look at, and to wait for its end. */
const BANTIME = 8;

/** dropset.toml for some scenarios, by name: what an operator would write, with short bans. @returns {string} */
export function configurationOf(scenarios) {
  const sections = Object.values(scenarios).map(({ sections = '' }) => sections);
  const isMany = sections.some((text) => text.includes('backends'));
  const jails = Object.entries(scenarios).map(([name, { jail, spares = [] }]) =>
    [
      `[jail.${name}]\n${jail}`,
      `bantime = "${BANTIME}s"\n`,
      isMany && !jail.includes('backends') ? 'backends = ["nftables"]\n' : '',
      sparing(scenarios, spares),
    ].join(''),
  );
  return `[log]\nformat = "json"\n${sections.join('')}${jails.join('')}`;
}

/** Two jails may read what one program writes: each leaves the other's attackers to it. */
function sparing(scenarios, names) {
  const all = Object.keys(scenarios);
  const addresses = names
    .filter((name) => all.includes(name))
    .flatMap((name) => [4, 6].map((family) => addressOf('host', 'attackers', family, attackerOf(all.indexOf(name)))));
  return addresses.length === 0 ? '' : `ignoreip = ${JSON.stringify(addresses)}\n`;
}
