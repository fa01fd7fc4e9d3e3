/** A command of `fail2ban-client -d`. */
export type Command = readonly unknown[];

/** What fail2ban says of its enabled jails. */
export interface Told {
  readonly stream: readonly Command[];
  readonly options: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The times of each jail as fail2ban reckons them. */
  readonly seconds: Readonly<Record<string, Readonly<Record<string, number>>>>;
}

/** One jail as the commands make it. */
export interface ToldJail {
  readonly backend: unknown;
  /** The last word on each setting. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly failregex: readonly unknown[];
  readonly ignoreregex: readonly unknown[];
  /** Tokens of one match set a line. */
  readonly journalmatch: readonly (readonly unknown[])[];
  readonly ignoreip: readonly unknown[];
  readonly actions: readonly ToldAction[];
}

export interface ToldAction {
  readonly name: unknown;
  readonly options: Readonly<Record<string, unknown>>;
}

/** Gathers the commands of each jail. */
export function jailsOf(stream: readonly Command[]): ReadonlyMap<string, ToldJail> {
  const added = stream.filter((command) => command[0] === 'add');
  return new Map(added.map(([, name, backend]) => [name as string, jailOf(name, backend, stream)]));
}

function jailOf(jail: unknown, backend: unknown, stream: readonly Command[]): ToldJail {
  const commands = stream.filter((command) => /^(?:multi-)?set$/.test(`${command[0]}`) && command[1] === jail);
  const args = (setting: string): Command[] =>
    commands.filter((command) => command[2] === setting).map((command) => command.slice(3));
  const single = commands.filter((command) => command.length === 4 && !`${command[2]}`.startsWith('add'));
  return {
    backend,
    settings: Object.fromEntries(single.map((command) => [command[2], command[3]])),
    failregex: args('addfailregex').flat(2),
    ignoreregex: args('addignoreregex').flat(2),
    journalmatch: args('addjournalmatch'),
    ignoreip: args('addignoreip').flat(),
    actions: args('addaction').map(([name]) => ({ name, options: optionsOf(name, args('action')) })),
  };
}

/** Of a `multi-set` all options at once, of a `set` one. */
function optionsOf(action: unknown, settings: readonly Command[]): Readonly<Record<string, unknown>> {
  const own = settings.filter(([name]) => name === action).map((command) => command.slice(1));
  return Object.fromEntries(own.flatMap((command) => (command.length === 1 ? (command[0] as []) : [command as []])));
}
