import { DropsetError } from './errors.js';

/** What the jail of a list's bans begins with: `list.spamhaus`. No jail of a configuration may begin so. */
const LIST = 'list.';

/** With `LIST` before it, the name of a jail: 64 characters at most. */
const SOURCE = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,58}$/;

/** The jail that bans of a list belong to, which somebody else made. @throws DropsetError `request` for what is no name. */
export function jailOfList(source: string): string {
  if (SOURCE.test(source)) return LIST + source;
  const shown = JSON.stringify(source.slice(0, 60));
  throw new DropsetError(
    'request',
    `${shown} is no name of a list: write a letter or digit, then letters, digits, _ . or -, at most 59`,
  );
}

/** Whether the bans of a jail come from a list: they say what somebody else saw, and nothing of what happened here. */
export const isOfList = (jail: string): boolean => jail.startsWith(LIST);
