import { parseArgs } from 'node:util';
import { Client, DEFAULT_SOCKET } from '../control/client.js';
import { DropsetError } from '../model/errors.js';
import { VERSION } from '../version.js';
import {
  type Command,
  complain,
  DONE,
  FAILED,
  type Group,
  type Loaders,
  print,
  type Surroundings,
  USAGE,
  UsageError,
} from './command.js';
import { overview } from './overview.js';

/** Every command; manual pages are made of them too. */
export const COMMANDS: Loaders = {
  run: () => import('./run.js'),
  ban: () => import('./ban.js'),
  confirm: () => import('./confirm.js'),
  unban: () => import('./unban.js'),
  list: () => import('./list.js'),
  export: () => import('./export.js'),
  import: () => import('./import.js'),
  status: () => import('./status.js'),
  metrics: () => import('./metrics.js'),
  why: () => import('./why.js'),
  never: () => import('./never.js'),
  top: () => import('./top.js'),
  events: () => import('./events.js'),
  verify: () => import('./verify.js'),
  reload: () => import('./reload.js'),
  filter: () => import('./filter.js'),
  jail: () => import('./jail.js'),
  replay: () => import('./replay.js'),
  config: () => import('./config.js'),
  doctor: () => import('./doctor.js'),
  detach: () => import('./detach.js'),
  completion: () => import('./completion.js'),
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
  const { socket, words } = split(argv);
  const [name, ...rest] = words;
  if (name === '--version' || name === '-V') return said(surroundings, VERSION);
  if (name === 'help' && rest.length > 0) return dispatch([...rest, '--help'], surroundings);
  return enter({ path: [], commands: COMMANDS, socket }, name === 'help' ? ['--help'] : words, surroundings);
}

/** The words of the command, and --socket where it stands before them. */
function split(argv: readonly string[]): { socket: string | undefined; words: readonly string[] } {
  const [first, ...others] = argv;
  if (first?.startsWith('--socket=')) return { socket: first.slice(9), words: others };
  if (first === '--socket') return { socket: others[0], words: others.slice(1) };
  return { socket: undefined, words: argv };
}

/** Where the command line has led so far. */
interface Place {
  /** The words that led here. */
  readonly path: readonly string[];
  readonly commands: Loaders;
  /** What --socket said before the first word. */
  readonly socket: string | undefined;
}

async function enter(place: Place, argv: readonly string[], surroundings: Surroundings): Promise<number> {
  const { path, commands } = place;
  const [name, ...rest] = argv;
  if (name === '--help' || name === '-h') return said(surroundings, await overview(path, commands));
  if (name === undefined) {
    complain(surroundings, `a command is missing\n${await overview(path, commands)}`);
    return USAGE;
  }
  const here = [...path, name];
  // Own ones only: every object knows a 'constructor' and a 'toString'.
  const load = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!load) {
    const all = Object.keys(commands).map((known) => [...path, known].join(' '));
    throw new UsageError(`there is no command '${here.join(' ')}'; there are ${all.join(', ')}`);
  }
  const found: Command | Group = (await load()).default;
  if (!('commands' in found)) return call(found, { ...place, path: here }, rest, surroundings);
  return enter({ ...place, path: here, commands: found.commands }, rest, surroundings);
}

async function call(
  command: Command,
  { path, socket: before }: Place,
  argv: string[],
  surroundings: Surroundings,
): Promise<number> {
  const { values, positionals } = parsed(argv, command);
  if (values.help) return said(surroundings, `Usage: dropset ${path.join(' ')} ${command.usage}\n\n${command.help}`);
  const socket =
    (values.socket as string | undefined) ?? before ?? (surroundings.environment.DROPSET_SOCKET || undefined);
  if (socket === '') throw new UsageError('--socket needs a path');
  return command.run({
    ...surroundings,
    words: positionals,
    options: values as Record<string, string | boolean | undefined>,
    socket,
    client: new Client(socket ?? DEFAULT_SOCKET),
    commands: COMMANDS,
  });
}

function parsed(argv: string[], command: Command): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: argv, options: { ...GLOBAL, ...command.options }, allowPositionals: true });
  } catch (thrown) {
    throw new UsageError((thrown as Error).message);
  }
}

function said(surroundings: Surroundings, text: string): number {
  print(surroundings, text);
  return DONE;
}
