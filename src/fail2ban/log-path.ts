import { DropsetError } from '../model/errors.js';
import { linesOf } from './filter-definition.js';
import type { LogPath } from './jail-definition.js';

/**
 * Patterns of log files, one a line, each with ` head` or ` tail` behind it or neither. The last word counts, so that a
 * path with a space in it needs one of the two.
 *
 * @throws DropsetError `config`, without a place.
 */
export const parseLogPaths = (text: string): LogPath[] => linesOf(text).map(parseLine);

function parseLine(line: string): LogPath {
  const space = line.lastIndexOf(' ');
  if (space < 0) return { pattern: line, from: 'head' };
  const from = line.slice(space + 1).toLowerCase();
  if (from === 'head' || from === 'tail') return { pattern: line.slice(0, space), from };
  throw new DropsetError('config', `'${line}': behind a path stands head or tail, also where the path has spaces`);
}
