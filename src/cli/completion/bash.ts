import { type Definition, GLOBAL, type Option, type Value } from '../definitions.js';

/** A script for bash 4 and newer, with or without bash-completion. */
export function bash(definitions: readonly Definition[]): string {
  const top = definitions.filter(({ path }) => path.length === 1).map(({ path }) => path[0] as string);
  const paths = definitions.map(({ path }) => quoted(pathText(path)));
  return `# bash completion for dropset, made by: dropset completion bash
_dropset() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} path= i
  # bash cuts --format=json in three.
  if [[ $cur == '=' ]]; then cur=; elif [[ $prev == '=' ]]; then prev=\${COMP_WORDS[COMP_CWORD - 2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$path \${COMP_WORDS[i]}" in
      ' --socket') ((i++)) ;;
      ${paths.join(' | ')}) path+=" \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$path|$prev" in
${[valueCase('', GLOBAL), ...definitions.map(({ path, options }) => valueCase(pathText(path), options))].join('')}  esac
  case "$path" in
${wordCase('', [...top, 'help'], GLOBAL, undefined)}${definitions.map(({ path, children, options, words }) => wordCase(pathText(path), children, options, words)).join('')}  esac
}

_dropset_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$2"); }

_dropset_files() {
  compopt -o filenames 2>/dev/null
  mapfile -t COMPREPLY < <(compgen -f -- "$1")
}

complete -F _dropset dropset
`;
}

const quoted = (text: string): string => `'${text}'`;

const pathText = (path: readonly string[]): string => path.map((word) => ` ${word}`).join('');

/** What may stand behind an option. */
function valueCase(path: string, options: readonly Option[]): string {
  const lines = options.map(({ name, value }) =>
    value ? `    ${quoted(`${path}|--${name}`)}) ${offer(value)}return ;;\n` : '',
  );
  return lines.join('');
}

/** What may stand for a word. */
function wordCase(
  path: string,
  children: readonly string[],
  options: readonly Option[],
  words: Value | undefined,
): string {
  const dashed = options.flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]);
  const choices = words?.kind === 'choice' ? words.choices : [];
  const all = quoted([...children, ...choices, ...dashed].join(' '));
  const files = words?.kind === 'file' ? `[[ $cur == -* ]] || { _dropset_files "$cur"; return; }; ` : '';
  return `    ${quoted(path)}) ${files}_dropset_words ${all} "$cur" ;;\n`;
}

function offer(value: Value): string {
  if (value.kind === 'file') return `_dropset_files "$cur"; `;
  return value.kind === 'choice' ? `_dropset_words ${quoted(value.choices.join(' '))} "$cur"; ` : '';
}
