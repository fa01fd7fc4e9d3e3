import { type Definition, GLOBAL, type Option, type Value } from '../definitions.js';
import { shortened } from './zsh.js';

/** A script for fish 3 and newer. */
export function fish(definitions: readonly Definition[]): string {
  const paths = definitions.map(({ path }) => quoted(path.join(' ')));
  const top = definitions.filter(({ path }) => path.length === 1);
  return `# fish completion for dropset, made by: dropset completion fish
function __dropset_at
    set -l path
    for word in (commandline -opc)[2..-1]
        set -l longer (string trim -- "$path $word")
        if contains -- $longer ${paths.join(' ')}
            set path $longer
        end
    end
    test "$path" = "$argv[1]"
end

complete -c dropset -f
${[...GLOBAL.map((one) => optionLine([], one)), ...top.map((one) => commandLine([], one))].join('\n')}
${definitions.map((one) => linesOf(one, definitions)).join('\n')}
`;
}

function linesOf({ path, children, options, words }: Definition, all: readonly Definition[]): string {
  const below = children.map(
    (name) => all.find((one) => one.path.join(' ') === [...path, name].join(' ')) as Definition,
  );
  return [
    ...options.map((one) => optionLine(path, one)),
    ...below.map((one) => commandLine(path, one)),
    ...(words ? [`complete -c dropset ${at(path)} ${offer(words)}`] : []),
  ].join('\n');
}

const quoted = (text: string): string => `'${text.replace(/['\\]/g, '\\$&')}'`;

const at = (path: readonly string[]): string => `-n ${quoted(`__dropset_at ${quoted(path.join(' '))}`)}`;

const commandLine = (path: readonly string[], { path: words, summary }: Definition): string =>
  `complete -c dropset ${at(path)} -a ${quoted(words.at(-1) as string)} -d ${quoted(summary)}`;

function optionLine(path: readonly string[], { name, short, text, value }: Option): string {
  const letter = short ? ` -s ${short}` : '';
  const rest = value ? ` -r ${offer(value)}` : '';
  return `complete -c dropset ${at(path)} -l ${name}${letter}${rest} -d ${quoted(shortened(text))}`;
}

function offer(value: Value): string {
  if (value.kind === 'file') return '-F';
  return value.kind === 'choice' ? `-f -a ${quoted(value.choices.join(' '))}` : '-f';
}
