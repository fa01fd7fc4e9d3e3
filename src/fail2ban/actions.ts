import { basename, isAbsolute, join } from 'node:path';
import { DropsetError } from '../model/errors.js';
import { whyUnsupported } from './action-meanings.js';
import type { Configuration, Variables } from './configuration.js';
import { DefinitionReader } from './definition-reader.js';
import type { Files } from './file.js';
import { configurationOf, fileSet } from './file-set.js';
import { quoted } from './ini.js';
import { type PortRange, parsePorts } from './ports.js';
import { parseReference, type Reference, splitReferences } from './reference.js';
import type { Services } from './services.js';
import { splitWords } from './words.js';

/** What a jail does, apart from what dropset does itself. */
export interface JailActions {
  /** Those that ban by a firewall. */
  readonly bans: readonly BanAction[];
  readonly unsupported: readonly UnsupportedAction[];
}

export interface BanAction {
  /** As fail2ban calls it within the jail. */
  readonly name: string;
  /** The path of its file. */
  readonly file: string;
  readonly scope: Scope;
}

export interface UnsupportedAction {
  readonly name: string;
  readonly file: string;
  /** `it sends a mail`. */
  readonly why: string;
}

/** What a ban closes. `protocols` as written (`tcp`, `udp`, `all`). */
export type Scope =
  /** `protocols` is absent where the action looks at none. */
  | { readonly kind: 'all'; readonly protocols?: readonly string[] }
  | {
      readonly kind: 'ports';
      readonly protocols: readonly string[];
      /** As written: `ssh`, `http,https`, `0:65535`. */
      readonly ports: string;
      readonly ranges: readonly PortRange[];
      /** Names of ports that no service has. */
      readonly unknown: readonly string[];
    };

export interface ActionContext {
  readonly jail: string;
  /** fail2ban's own folder: the one that `action.d` is in. */
  readonly directory: string;
  /** The jail's options, for the tags that name them. */
  readonly options: Variables;
  readonly files: Files;
  readonly services: Services;
}

/** The options of an action that have a meaning for fail2ban itself (client/actionreader.py). */
const OPTIONS = [
  'actionstart',
  'actionstart_on_demand',
  'actionstop',
  'actionflush',
  'actionreload',
  'actioncheck',
  'actionrepair',
  'actionrepair_on_unban',
  'actionban',
  'actionprolong',
  'actionreban',
  'actionunban',
  'norestored',
];

/** Tags that are known when somebody is banned, not before. */
const LATE = ['matches', 'ipmatches', 'ipjailmatches', 'timeout', 'bantime'];

/** Characters of the list at most: with all mails and reports it has some hundred. */
const LONGEST_LIST = 1 << 15;

/**
 * Reads a jail's list of actions, far enough to know what they are.
 *
 * @throws DropsetError `config`: an action that cannot be read makes the jail a broken one, as in fail2ban.
 */
export function readActions(list: string, context: ActionContext): JailActions {
  if (list.length > LONGEST_LIST) throw new DropsetError('config', `a list of actions of ${list.length} characters`);
  const actions = splitReferences(list).map((text) => readAction(parseReference(text), context));
  return {
    bans: actions.filter((action) => 'scope' in action),
    unsupported: actions.filter((action) => 'why' in action),
  };
}

function readAction(reference: Reference, context: ActionContext): BanAction | UnsupportedAction {
  const base = fileOf(reference.name, context.directory);
  if (reference.name.endsWith('.py')) return pythonAction(reference, base);
  const paths = fileSet(base);
  if (paths.length === 0) {
    throw new DropsetError('config', `there is no action ${quoted(reference.name)} (no file ${base}.conf)`);
  }
  const action = new Action(reference, paths, context);
  const why = whyUnsupported({
    name: basename(reference.name),
    commands: action.commands,
    blocktype: action.value('blocktype'),
  });
  const named = { name: action.name, file: paths[0] as string };
  return why === undefined ? { ...named, scope: action.scope() } : { ...named, why };
}

function fileOf(name: string, directory: string): string {
  return isAbsolute(name) ? name : join(directory, 'action.d', name);
}

function pythonAction({ name, parameters }: Reference, file: string): UnsupportedAction {
  const own = name.replace(/\.py$/, '');
  return { name: parameters.get('actname') ?? own, file, why: own === 'smtp' ? 'it sends a mail' : 'it is in Python' };
}

/** What a command shows where it uses a parameter: no file and no jail has a control character in a port. */
const MARK = '\u0001';

class Action {
  readonly name: string;
  readonly #file: string;
  readonly #context: ActionContext;
  readonly #configuration: Configuration;
  readonly #parameters: Variables;
  readonly #combined: Variables;

  constructor({ name, parameters }: Reference, paths: readonly string[], context: ActionContext) {
    const { jail, files } = context;
    const own = parameters.get('name') ?? jail;
    this.name = parameters.get('actname') ?? name + suffixOf(own, jail);
    this.#file = paths[0] as string;
    this.#context = context;
    this.#configuration = configurationOf(paths, files);
    this.#parameters = new Map([...parameters, ['name', own], ['actname', this.name]]);
    this.#combined = this.#read();
  }

  get commands(): string {
    return commandsOf(this.#combined);
  }

  scope(): Scope {
    const protocols = this.#uses('protocol') ? splitWords(this.value('protocol').replace(/[{}]/g, ' ')) : undefined;
    const ports = this.#uses('port') ? this.value('port') : '';
    if (ports === '') return { kind: 'all', ...(protocols && { protocols }) };
    return { kind: 'ports', protocols: protocols ?? ['tcp'], ports, ...parsePorts(ports, this.#context.services) };
  }

  /** Whether a parameter has a part in what is closed: with another value, would the commands be others? */
  #uses(parameter: string): boolean {
    return commandsOf(this.#read([parameter, MARK])).includes(MARK);
  }

  value(option: string): string {
    return (this.#combined.get(option) ?? '').trim();
  }

  #read(...more: [string, string][]): Variables {
    const reader = new DefinitionReader(
      this.#file,
      this.#configuration,
      new Map([...this.#parameters, ...more]),
      OPTIONS,
    );
    reader.read(this.#context.options);
    return reader.combined(LATE);
  }
}

const commandsOf = (options: Variables): string =>
  `${options.get('actionstart') ?? ''}\n${options.get('actionban') ?? ''}`;

/** One action twice in a jail bears two names. */
function suffixOf(name: string, jail: string): string {
  if (name === jail) return '';
  return name.startsWith(jail) ? name.slice(jail.length) : `-${name}`;
}
