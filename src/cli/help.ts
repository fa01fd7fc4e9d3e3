/** What a command's help says, in parts. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'terms'; readonly terms: readonly Term[] }
  | { readonly kind: 'examples'; readonly lines: readonly string[] };

/** `  --for TIME   how long ...`: the left side and the right, the right without line breaks. */
export interface Term {
  readonly term: string;
  readonly text: string;
}

const OPTION = /^ {2}(--[a-z0-9-]+(?: (?:[A-Z][A-Z0-9]*|[a-z0-9]+(?:\|[a-z0-9]+)+))?)(?: +(\S.*))?$/;
const TERM = /^ {2}(\S+(?: \S+)*?)(?: {2,}(\S.*))?$/;
const CONTINUED = /^ {6,}(\S.*)$/;

/**
 * Reads a help as it is printed. Its form: paragraphs; lines that begin with two spaces and a term, whose explanation may go on in
 * lines that begin with more; and behind `Examples:` or `Example:` lines that begin with two spaces.
 */
export function partsOf(help: string): Part[] {
  const [before, examples] = help.split(/^Examples?:\n/m);
  const parts = (before as string).split(/\n{2,}/).flatMap(blockOf);
  if (examples === undefined) return parts;
  return [
    ...parts,
    {
      kind: 'examples',
      lines: examples
        .trimEnd()
        .split('\n')
        .map((line) => line.replace(/^ {2}/, '')),
    },
  ];
}

/** A block may be a heading with terms behind it, and text behind those. */
function blockOf(block: string): Part[] {
  const parts: Part[] = [];
  for (const line of block.split('\n')) if (line.trim() !== '') add(parts, line);
  return parts;
}

function add(parts: Part[], line: string): void {
  const last = parts.at(-1);
  const continued = CONTINUED.exec(line)?.[1];
  const term = OPTION.exec(line) ?? TERM.exec(line);
  if (continued !== undefined && last?.kind === 'terms') {
    const { term: name, text } = last.terms.at(-1) as Term;
    replaceLast(parts, {
      kind: 'terms',
      terms: [...last.terms.slice(0, -1), { term: name, text: joined(text, continued) }],
    });
  } else if (term) {
    const one: Term = { term: term[1] as string, text: term[2] ?? '' };
    if (last?.kind === 'terms') replaceLast(parts, { kind: 'terms', terms: [...last.terms, one] });
    else parts.push({ kind: 'terms', terms: [one] });
  } else if (last?.kind === 'text') replaceLast(parts, { kind: 'text', text: joined(last.text, line) });
  else parts.push({ kind: 'text', text: line });
}

const replaceLast = (parts: Part[], part: Part): void => void parts.splice(-1, 1, part);

const joined = (before: string, text: string): string => (before === '' ? text : `${before} ${text}`);
