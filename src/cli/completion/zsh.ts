import { type Definition, GLOBAL, type Option, type Value } from '../definitions.js';

/** A script for zsh's completion system: a file `_dropset` in its fpath, or sourced behind compinit. */
export function zsh(definitions: readonly Definition[]): string {
  const root: Definition = {
    path: [],
    summary: '',
    children: definitions.filter(({ path }) => path.length === 1).map(({ path }) => path[0] as string),
    usage: '',
    parts: [],
    options: GLOBAL,
    words: undefined,
  };
  return `#compdef dropset
# zsh completion for dropset, made by: dropset completion zsh
${[root, ...definitions].map((one) => functionOf(one, definitions)).join('\n')}
if [ "$funcstack[1]" = _dropset ]; then _dropset "$@"; else compdef _dropset dropset; fi
`;
}

const nameOf = (path: readonly string[]): string => ['_dropset', ...path].join('_');

function functionOf(definition: Definition, all: readonly Definition[]): string {
  const { path, children, options, words } = definition;
  const specs = options.map(optionSpec);
  if (children.length === 0) {
    const last = words ? [quoted(`*:${wordSpec(words)}`)] : [];
    return `${nameOf(path)}() {\n  _arguments -s ${[...specs, ...last].join(' \\\n    ')}\n}\n`;
  }
  const below = all.filter(
    (one) => one.path.length === path.length + 1 && one.path.slice(0, -1).join() === path.join(),
  );
  const described = below.map((one) => quoted(`${one.path.at(-1)}:${one.summary.replaceAll(':', '\\:')}`));
  return `${nameOf(path)}() {
  local curcontext=$curcontext state line
  local -a commands=(${described.join(' \\\n    ')})
  _arguments -C ${specs.join(' \\\n    ')} \\
    '1:command:->command' '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument) (( $+functions[${nameOf(path)}_$words[1]] )) && ${nameOf(path)}_$words[1] ;;
  esac
}
`;
}

/** man zshcompsys, _arguments: `--name=[text]:message:action`. */
function optionSpec({ name, short, text, value }: Option): string {
  const note = `[${shortened(text).replace(/[[\]:\\]/g, '\\$&')}]`;
  if (value) return quoted(`--${name}=${note}:${wordSpec(value)}`);
  return short ? `'(-${short} --${name})'{-${short},--${name}}${quoted(note)}` : quoted(`--${name}${note}`);
}

function wordSpec(value: Value): string {
  if (value.kind === 'choice') return `${value.name.toLowerCase()}:(${value.choices.join(' ')})`;
  return `${value.name.toLowerCase()}:${value.kind === 'file' ? '_files' : ' '}`;
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** The first clause: a menu has little room. */
export const shortened = (text: string): string => text.split(/[;:(]/, 1)[0]?.trim().slice(0, 70) ?? '';
