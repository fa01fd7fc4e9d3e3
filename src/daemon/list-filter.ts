import type { ListFilter } from '../control/api.js';
import { Prefix } from '../model/prefix.js';
import type { Ban } from '../model/street.js';
import { parseTime } from '../model/time.js';

/** Whether a ban is wanted. @throws DropsetError `address` or `request` for a filter that makes no sense. */
export function wantedBy({ jail, prefix, since }: ListFilter): (ban: Ban) => boolean {
  const around = prefix === undefined ? undefined : Prefix.parse(prefix);
  const earliest = since === undefined ? undefined : parseTime(since);
  return (ban) =>
    (jail === undefined || ban.jail === jail) &&
    (earliest === undefined || ban.since >= earliest) &&
    (around === undefined || ban.prefix.overlaps(around));
}
