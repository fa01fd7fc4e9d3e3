// Text as roff has it, with the macros of man(7).

/** Text in which nothing is a request, an escape or a typographic hyphen. */
export const escaped = (text) =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    .replaceAll('`', '\\(ga')
    .replaceAll('^', '\\(ha')
    .replaceAll('~', '\\(ti')
    .replace(/^\./, '\\&.');

export const bold = (text) => `\\fB${escaped(text)}\\fR`;
export const italic = (text) => `\\fI${escaped(text)}\\fR`;

/** An argument of a macro. */
const argument = (text) => `"${escaped(text)}"`;

export const head = (name, section, { version, date }, manual) =>
  `.TH ${argument(name.toUpperCase())} ${section} ${argument(date)} ${argument(`dropset ${version}`)} ${argument(manual)}\n`;

export const section = (title) => `.SH ${argument(title.toUpperCase())}\n`;
export const subsection = (title) => `.SS ${argument(title)}\n`;
/** @param text roff already. */
export const paragraph = (text) => `.PP\n${text}\n`;
/** @param term roff already. @param text roff already. */
export const item = (term, text) => `.TP\n${term}\n${text === '' ? '\\&' : text}\n`;
export const example = (lines) => `.PP\n.nf\n.RS 4\n${lines.map((line) => `${escaped(line)}\n`).join('')}.RE\n.fi\n`;
