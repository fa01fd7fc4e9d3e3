import { type Checked, checkFilters, isUsable, type ModalFinding } from '../../inspection/check.js';
import { lookupDirectories } from '../../inspection/directories.js';
import { systemClock } from '../../model/clock.js';
import { printable } from '../../model/printable.js';
import { type Command, DONE, FAILED, JSON_OPTION, print } from '../command.js';
import { type Style, styleOf } from '../style.js';

const check: Command = {
  summary: 'say what is wrong with filters, or dangerous in them',
  usage: '[--filter-dir DIR] [--json] [NAME...]',
  help: `Compiles filters as the service would, in every mode that they have a table for (mode=aggressive and the like), and
tells what was found. NAME is a filter's name, with options if need be, or the path of its file; without any, all are
checked.

  fault     it cannot be used: a file that cannot be read, an expression that Python would refuse, one that names nobody,
            a date pattern that is none
  warning   who writes the log may misuse it: an expression that a crafted line holds up until it is stopped, or one that
            takes any text before the address and does not end behind it, so that a name can blame somebody else
  note      an expression whose time grows faster than the line, which dropset's engines bound

  --filter-dir DIR    look there and nowhere else: a fail2ban tree (/etc/fail2ban), or a folder such as its filter.d;
                      default /etc/dropset/filter.d, dropset's own, /etc/fail2ban/filter.d
  --json              one array of {name, path, modes, expressions, findings: [{severity, sentence, modes}]}; the modes of
                      a finding are absent where it holds in all

Exit codes: 0 all can be used, 1 one has a fault, 2 wrong usage.

Examples:
  dropset filter check
  dropset filter check sshd ./mine.conf
  dropset filter check --json | jq -r '.[].findings[] | select(.severity == "warning") | .sentence'`,
  options: { ...JSON_OPTION, 'filter-dir': { type: 'string' } },

  async run(invocation) {
    const { words, options } = invocation;
    const directories = lookupDirectories(options['filter-dir'] as string | undefined);
    const checked = checkFilters(words, directories, systemClock);
    if (options.json) print(invocation, JSON.stringify(checked));
    else print(invocation, shown(checked, styleOf(invocation)).join('\n'));
    return checked.every(isUsable) ? DONE : FAILED;
  },
};

export default check;

function shown(checked: readonly Checked[], style: Style): string[] {
  const unusable = checked.filter((one) => !isUsable(one)).length;
  const warned = checked.filter(({ findings }) => findings.some(({ severity }) => severity === 'warning')).length;
  return [
    ...checked.flatMap((one) => filterLines(one, style)),
    `${checked.length} filter${checked.length === 1 ? '' : 's'}: ${unusable} cannot be used, ${warned} with warnings`,
  ];
}

function filterLines(checked: Checked, style: Style): string[] {
  const { name, modes, expressions, findings } = checked;
  const verdict = isUsable(checked) ? style.good('can be used') : style.bad('cannot be used');
  const inModes = modes.length > 0 ? `, modes ${modes.join(' ')}` : '';
  return [
    `${style.strong(printable(name))}: ${verdict}; ${expressions} expression${expressions === 1 ? '' : 's'}${inModes}`,
    ...findings.map((finding) => findingLine(finding, style)),
  ];
}

function findingLine({ severity, sentence, modes }: ModalFinding, { bad, doubtful, faint }: Style): string {
  const paint = { fault: bad, warning: doubtful, note: faint }[severity];
  const text = sentence.split('\n').map(printable).join('\n    ');
  return `  ${paint(severity)}: ${text}${modes ? ` (mode ${modes.join(', ')})` : ''}`;
}
