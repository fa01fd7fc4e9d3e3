// dropset.toml.5, from docs/configuration.md: its table of keys by section, then its other chapters.
import { bold, escaped, head, item, paragraph, section, subsection } from './roff.mjs';

const ROW = /^\| `\[(?<section>[^\]]+)\] (?<keys>[^|]+?) \| (?<initial>[^|]*?) ?\| (?<meaning>[^|]*?) ?\|$/;

/** The rows of the table: `{section, keys, initial, meaning}`; `initial` and `meaning` are Markdown. */
export function rowsOf(markdown) {
  return markdown.split('\n').flatMap((line) => {
    const found = ROW.exec(line)?.groups;
    if (!found) return [];
    const keys = [...`\`${found.keys}`.matchAll(/`([^`]+)`/g)].map(([, key]) => key);
    return [{ section: found.section, keys, initial: found.initial, meaning: found.meaning }];
  });
}

export function configurationPage(markdown, footing) {
  const rows = rowsOf(markdown);
  const [beginning, ...chapters] = markdown.replace(/^# .*\n/, '').split(/^## /m);
  const text = beginning
    .split('\n')
    .filter((line) => !line.startsWith('|'))
    .join('\n');
  const sections = [...new Set(rows.map((row) => row.section))];
  return [
    head('dropset.toml', 5, footing, 'File Formats'),
    section('Name'),
    'dropset.toml \\- configuration of dropset\n',
    section('Description'),
    prose(text),
    section('Keys'),
    ...sections.map((name) =>
      keysOf(
        name,
        rows.filter((row) => row.section === name),
      ),
    ),
    ...chapters.map((chapter) => section(chapter.split('\n', 1)[0]) + prose(chapter.replace(/^.*\n/, ''))),
    section('Files'),
    item('\\fI/etc/dropset/dropset.toml\\fR', escaped('the configuration')),
    section('See also'),
    `${bold('dropset')}(1)\n`,
  ].join('');
}

const keysOf = (name, rows) => subsection(`[${name}]`) + rows.map(keyOf).join('');

function keyOf({ keys, initial, meaning }) {
  const text = [meaning && inline(meaning), initial && `(default ${inline(initial)})`].filter(Boolean).join(' ');
  return item(keys.map(bold).join(', '), text);
}

/** Paragraphs and lists of one level. */
const prose = (markdown) =>
  markdown
    .trim()
    .split(/\n{2,}|\n(?=- )/)
    .filter((block) => block !== '')
    .map((block) => {
      const line = block.replace(/\s*\n\s*/g, ' ');
      return line.startsWith('- ') ? `.IP \\(bu 2\n${inline(line.slice(2))}\n` : paragraph(inline(line));
    })
    .join('');

/** Emphasis, code and links within a line. */
const inline = (text) =>
  text
    .split(/(\*\*[^*]+\*\*|`[^`]+`|\[[^\]]+\]\([^)]+\))/)
    .map((piece) => {
      if (piece.startsWith('**')) return bold(piece.slice(2, -2));
      if (piece.startsWith('`')) return bold(piece.slice(1, -1));
      const link = /^\[([^\]]+)\]\(([^)]+)\)$/.exec(piece);
      if (link) return escaped(link[2].startsWith('http') ? `${link[1]} (${link[2]})` : link[1]);
      return escaped(piece);
    })
    .join('');
