import { parseArgs } from 'node:util';
import { Client } from '../control/client.js';
import { DropsetError } from '../model/errors.js';
import { VERSION } from '../version.js';
import { type Command, complain, DONE, FAILED, print, type Surroundings, USAGE, UsageError } from './command.js';

/** Where the service listens unless it is told otherwise. */
const DEFAULT_SOCKET = '/run/dropset/dropset.sock';

/** Loaded when called: `dropset ban` should not wait for what only `run` needs. */
const COMMANDS: Readonly<Record<string, () => Promise<{ default: Command }>>> = {
  run: () => import('./run.js'),
  ban: () => import('./ban.js'),
  unban: () => import('./unban.js'),
  list: () => import('./list.js'),
  status: () => import('./status.js'),
};

const GLOBAL = { socket: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;

/** The command line, without the program's name. Answers the exit code; never throws for what a user can do wrong. */
export async function dropset(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  try {
    return await dispatch(argv, surroundings);
  } catch (thrown) {
    if (thrown instanceof UsageError) {
      complain(surroundings, `${thrown.message}\nTry: dropset --help`);
      return USAGE;
    }
    if (!(thrown instanceof DropsetError)) throw thrown;
    complain(surroundings, thrown.message);
    return FAILED;
  }
}

async function dispatch(argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { name, socket, rest } = split(argv);
  if (name === '--version' || name === '-V') return said(surroundings, VERSION);
  if (name === undefined || name === '--help' || name === '-h' || (name === 'help' && rest.length === 0)) {
    const help = await overview();
    if (name !== undefined) return said(surroundings, help);
    complain(surroundings, `a command is missing\n${help}`);
    return USAGE;
  }
  if (name === 'help') return dispatch([...rest, '--help'], surroundings);
  // Own ones only: every object knows a 'constructor' and a 'toString'.
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) throw new UsageError(`there is no command '${name}'; there are ${Object.keys(COMMANDS).join(', ')}`);
  return call(name, (await load()).default, rest, socket, surroundings);
}

/** The command's name, and --socket where it stands before that. */
function split(argv: readonly string[]): { name: string | undefined; socket: string | undefined; rest: string[] } {
  const [first, ...others] = argv;
  if (first?.startsWith('--socket=')) return { name: others[0], socket: first.slice(9), rest: others.slice(1) };
  if (first === '--socket') return { name: others[1], socket: others[0], rest: others.slice(2) };
  return { name: first, socket: undefined, rest: others };
}

async function call(
  name: string,
  command: Command,
  argv: string[],
  before: string | undefined,
  surroundings: Surroundings,
): Promise<number> {
  const { values, positionals } = parsed(argv, command);
  if (values.help) return said(surroundings, `Usage: dropset ${name} ${command.usage}\n\n${command.help}`);
  const socket =
    (values.socket as string | undefined) ?? before ?? (surroundings.environment.DROPSET_SOCKET || undefined);
  if (socket === '') throw new UsageError('--socket needs a path');
  return command.run({
    ...surroundings,
    words: positionals,
    options: values as Record<string, string | boolean | undefined>,
    socket,
    client: new Client(socket ?? DEFAULT_SOCKET),
  });
}

function parsed(argv: string[], command: Command): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: argv, options: { ...GLOBAL, ...command.options }, allowPositionals: true });
  } catch (thrown) {
    throw new UsageError((thrown as Error).message);
  }
}

async function overview(): Promise<string> {
  const names = Object.keys(COMMANDS);
  const loaded = await Promise.all(Object.values(COMMANDS).map((load) => load()));
  const lines = loaded.map(
    ({ default: command }, index) => `  ${(names[index] as string).padEnd(8)}${command.summary}`,
  );
  return [
    "dropset has the kernel drop the packets of who attacks, as the server's logs tell it.",
    '',
    'Usage: dropset [--socket PATH] COMMAND ...',
    '',
    ...lines,
    '',
    'dropset COMMAND --help tells more. Exit codes: 0 done, 1 failed, 2 wrong usage.',
  ].join('\n');
}

function said(surroundings: Surroundings, text: string): number {
  print(surroundings, text);
  return DONE;
}
