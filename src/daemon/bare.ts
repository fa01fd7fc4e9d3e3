import type { Share } from '../ledger/share.js';
import type { Change, Verdict } from '../model/street.js';

/** What verdicts mean for a backend where the ledger cannot take them: one change each. @param share whose bans it holds. */
export const bare = (verdicts: readonly Verdict[], share: Share): Change[] =>
  verdicts.map((verdict) => {
    if (verdict.kind === 'unban') return { verb: 'remove', prefix: verdict.prefix };
    const { prefix, until, scope, jail } = verdict.ban;
    if (!share.includes(jail)) return { verb: 'remove', prefix };
    return { verb: 'add', prefix, until, ...(scope && { scope }) };
  });
