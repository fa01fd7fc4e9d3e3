import { readFileSync } from 'node:fs';

/** Apache's directives around a RewriteMap, as docs/backends.md has them. @param map the path of the file. */
export function documentedRewrite(map: string): string {
  const text = readFileSync('docs/backends.md', 'utf8');
  const block = /^```apache\n(RewriteEngine On\n[^`]*)^```/m.exec(text)?.[1];
  if (!block) throw new Error('docs/backends.md has no directives around a RewriteMap');
  return block.replace(/"txt:[^"]*"/, `"txt:${map}"`);
}

/**
 * Whether these directives deny an address by a map's text, as mod_rewrite reads them: conditions with [OR] one behind the other until one holds, and
 * then the look-ups with what that has found.
 *
 * @param address as inet_ntop writes it
 */
export function isDenied(directives: string, map: string, address: string): boolean {
  const keys = new Map(
    map
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => line.split(' ', 2) as [string, string]),
  );
  const lines = [...directives.matchAll(/^RewriteCond (\S+) (\S+)(?: \[OR\])?$/gm)];
  const asked = lines.pop()?.[1] ?? '';
  for (const [, subject = '', pattern = ''] of lines) {
    const found = new RegExp(pattern).exec(subject.replace('%{REMOTE_ADDR}', address));
    if (!found) continue;
    const key = (text: string): string =>
      text.replace('%{REMOTE_ADDR}', address).replace(/%(\d)/g, (_, digit) => found[digit] ?? '');
    const answers = [...asked.matchAll(/\$\{denied:((?:%\{\w+\}|%\d)+)\}/g)].map(([, text = '']) =>
      keys.get(key(text)),
    );
    return answers.includes('deny');
  }
  return false;
}
