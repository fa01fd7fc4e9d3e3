// dropset.1: every command, as its own file defines it.
import { bold, escaped, example, head, italic, item, paragraph, section, subsection } from './roff.mjs';

export function commandsPage(definitions, footing) {
  const commands = definitions.filter(({ children }) => children.length === 0);
  return [
    head('dropset', 1, footing, 'User Commands'),
    section('Name'),
    'dropset \\- have the Linux kernel drop the packets of who attacks\n',
    section('Synopsis'),
    `.B dropset\n[${bold('--socket')} ${italic('PATH')}] ${italic('COMMAND')} ...\n`,
    section('Description'),
    escaped("dropset has the kernel drop the packets of who attacks, as the server's logs tell it."),
    '\n',
    paragraph(
      escaped(
        'Every command tells of itself with --help. The commands talk to the service, dropset run, through its socket.',
      ),
    ),
    section('Commands'),
    ...commands.map(command),
    section('Environment'),
    item(bold('DROPSET_SOCKET'), escaped("the service's socket, where --socket does not name it")),
    item(bold('NO_COLOR'), escaped('if it is set and not empty, there are no colours on a terminal either')),
    section('Exit status'),
    escaped('0 done, 1 failed, 2 wrong usage; where a command has others, it says so above.'),
    '\n',
    section('Files'),
    item(italic('/etc/dropset/dropset.toml'), escaped('the configuration')),
    item(italic('/run/dropset/dropset.sock'), escaped('the socket')),
    item(italic('/var/lib/dropset/ledger.db'), escaped('the ledger: SQLite')),
    section('See also'),
    `${bold('dropset.toml')}(5), ${bold('nft')}(8)\n`,
  ].join('');
}

function command({ path, summary, usage, parts }) {
  return [
    subsection(`dropset ${path.join(' ')} ${usage}`),
    paragraph(`${escaped(`${summary[0].toUpperCase()}${summary.slice(1)}.`)}`),
    ...parts.map(part),
  ].join('');
}

function part({ kind, text, terms, lines }) {
  if (kind === 'text') return paragraph(escaped(text));
  if (kind === 'examples') return paragraph(lines.length > 1 ? 'Examples:' : 'Example:') + example(lines);
  return terms.map(({ term, text: meaning }) => item(bold(term), escaped(meaning))).join('');
}
