/** What a reload of the configuration came to. */
export interface ReloadReport {
  /** Names; how many go on untouched. */
  readonly jails: {
    readonly added: readonly string[];
    readonly removed: readonly string[];
    readonly changed: readonly string[];
    readonly unchanged: number;
  };
  /** Entries of [never]. */
  readonly never: { readonly added: readonly string[]; readonly removed: readonly string[] };
  /** Bans that were lifted, because [never] covers them now. */
  readonly lifted: number;
  /** Elements whose packets are judged otherwise from now on, because their jails' ports or mode changed. */
  readonly turned: number;
  /** When it is undone unless it is confirmed, ISO 8601 in UTC; null where it stays. */
  readonly until: string | null;
  /** Other keys that hold from now on, as `service.audit`. */
  readonly settings: readonly string[];
  /** Keys that were changed, and hold from the next start on. */
  readonly restart: readonly string[];
  /** Sentences about what an operator may expect and dropset does not do, those that are new. */
  readonly notes: readonly string[];
}

/** Names that a sentence has at most. */
const NAMED = 10;

/** What it came to, a sentence each; without the notes. */
export function sentencesOf({
  jails,
  never,
  lifted,
  turned,
  settings,
  restart,
  until,
}: ReloadReport): readonly string[] {
  const parts: readonly (readonly [string, readonly string[]])[] = [
    ['jails added', jails.added],
    ['jails changed', jails.changed],
    ['jails removed; their bans stand until they end', jails.removed],
    ['never-rules added', never.added],
    ['never-rules removed', never.removed],
    ['settings changed', settings],
    ['changed, and needs a restart', restart],
  ];
  const said = parts.filter(([, names]) => names.length > 0).map(([what, names]) => `${what}: ${listed(names)}`);
  if (lifted > 0) said.push(`bans lifted, since never-rules cover them: ${lifted}`);
  if (turned > 0) said.push(`standing bans that got the port and mode of their jails: ${turned}`);
  if (said.length === 0) said.push('nothing has changed');
  if (until !== null) said.push(`undone at ${until} unless it is confirmed: dropset confirm`);
  return said;
}

const listed = (names: readonly string[]): string =>
  names.length <= NAMED ? names.join(', ') : `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more`;
