import type { ConfigurationCheck } from '../../inspection/configuration.js';
import { systemClock } from '../../model/clock.js';
import { printable } from '../../model/printable.js';
import { type Command, DONE, FAILED, JSON_OPTION, print, UsageError } from '../command.js';
import { DEFAULT_CONFIG } from '../default-config.js';
import { linesOf } from '../jail/lines.js';
import { type Style, styleOf } from '../style.js';

const check: Command = {
  summary: 'say what is wrong with a configuration, all at once, and what would run',
  usage: '[--json] [FILE]',
  help: `Reads a configuration as dropset run does, with the filters and the fail2ban tree that it may name, and changes nothing. No
service is needed, and one that runs goes on with what it has read.

  FILE          the configuration; default ${DEFAULT_CONFIG}
  --json        one object {file, faults, warnings, notes, backend, jails}: faults, warnings and notes are sentences, jails as
                dropset jail list has them

  fault     dropset run does not start
  warning   it starts, but something does not work: an expression that is none, a log that is not there
  note      what somebody may expect of a fail2ban tree and dropset does not do

Exit codes: 0 without faults, 1 with faults, 2 wrong usage.

Examples:
  dropset config check
  dropset config check ./dropset.toml && systemctl restart dropset`,
  options: JSON_OPTION,

  async run(invocation) {
    const { words, options } = invocation;
    if (words.length > 1) throw new UsageError(`config check takes one FILE: '${words[1]}' is one too many`);
    const { checkConfiguration } = await import('../../inspection/configuration.js');
    const file = words[0] ?? DEFAULT_CONFIG;
    const found = checkConfiguration(file, systemClock);
    if (options.json) print(invocation, JSON.stringify({ file, ...found }));
    else print(invocation, shown(file, found, styleOf(invocation)).join('\n'));
    return found.faults.length > 0 ? FAILED : DONE;
  },
};

export default check;

function shown(file: string, { faults, warnings, notes, backend, jails }: ConfigurationCheck, style: Style): string[] {
  const verdict = faults.length > 0 ? style.bad('has faults: dropset run does not start') : style.good('can be used');
  return [
    ...faults.map((fault) => `${style.bad('fault')}: ${indented(fault)}`),
    ...warnings.map((warning) => `${style.doubtful('warning')}: ${indented(warning)}`),
    ...(backend === null ? [] : linesOf(jails, notes, style)),
    `${printable(file)} ${verdict}${backend === null ? '' : `; backend ${backend}, ${jails.length} jail${jails.length === 1 ? '' : 's'}`}`,
  ];
}

const indented = (text: string): string => text.split('\n').map(printable).join('\n    ');
