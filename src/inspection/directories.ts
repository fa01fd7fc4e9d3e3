import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { filterDirectories } from '../config/directories.js';
import { DropsetError } from '../model/errors.js';

/** fail2ban's own tree. */
const TREE = '/etc/fail2ban';

/**
 * Where filters are looked up.
 *
 * @param directory a fail2ban tree such as /etc/fail2ban, or a folder of filters such as its filter.d; then there and nowhere
 *   else. Absent: in all places that dropset knows.
 * @throws DropsetError `filter`, for a directory that is none.
 */
export function lookupDirectories(directory: string | undefined): readonly string[] {
  if (directory === undefined) return filterDirectories(TREE);
  const inside = join(directory, 'filter.d');
  if (existsSync(inside)) return [inside];
  if (existsSync(directory)) return [directory];
  throw new DropsetError('filter', `there is no directory ${directory}`);
}
