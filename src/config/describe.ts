import type { SourceConfig } from './types.js';

/** A source, as an operator would name it. */
export function describeSource(source: SourceConfig): string {
  switch (source.kind) {
    case 'file':
      return source.pattern;
    case 'journal':
      return source.matches.length > 0 ? `journal ${source.matches.join(' + ')}` : 'journal';
    case 'btmp':
      return source.path;
    case 'syslog':
      return `syslog ${source.listen}`;
    case 'stdin':
      return 'standard input';
  }
}

/** What a jail that counts bans reads, as an operator would name it; `*` is all other jails. */
export const describeCounted = (jail: string): string => (jail === '*' ? 'bans of all jails' : `bans of ${jail}`);
