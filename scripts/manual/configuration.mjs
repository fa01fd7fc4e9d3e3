// dropset.toml.5, from docs/configuration.md: its table of keys by section, then its other chapters.
import { bold, escaped, example, head, item, paragraph, section, subsection } from './roff.mjs';

const ROW =
  /^\| `\[(?<section>[^\]]+)\] (?<key>\w+)` \| (?<takes>[^|]*?) ?\| (?<initial>[^|]*?) ?\| (?<meaning>[^|]*?) ?\|$/;

/** The rows of the table: `{section, key, takes, initial, meaning}`, the last three in Markdown. */
export function rowsOf(markdown) {
  return markdown.split('\n').flatMap((line) => {
    const found = ROW.exec(line)?.groups;
    return found ? [{ ...found }] : [];
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

function keyOf({ key, takes, initial, meaning }) {
  const text = [meaning && inline(meaning), `(${inline(takes)}${initial && `; default ${inline(initial)}`})`];
  return item(bold(key), text.filter(Boolean).join(' '));
}

/** Paragraphs, examples and lists of one level. A table within a chapter is a list: its cells in a row. */
const prose = (markdown) =>
  markdown
    .trim()
    .split(/(^```[\s\S]*?^```$|^ {4}.*(?:\n {4}.*)*)|\n{2,}|\n(?=- |\|)/m)
    .filter((block) => block !== undefined && block.trim() !== '' && !/^\|[ |-]*$/.test(block))
    .map(blockOf)
    .join('');

function blockOf(block) {
  if (block.startsWith('```')) return example(block.split('\n').slice(1, -1));
  if (block.startsWith('    ')) return example(block.split('\n').map((line) => line.slice(4)));
  const line = block.trim().replace(/\s*\n\s*/g, ' ');
  if (line.startsWith('- ')) return bullet(line.slice(2));
  if (line.startsWith('|')) return bullet(line.replace(/^\| *| *\|$/g, '').replace(/ *\| */g, ': '));
  return paragraph(inline(line));
}

const bullet = (text) => `.IP \\(bu 2\n${inline(text)}\n`;

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
