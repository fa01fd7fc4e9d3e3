import type { Scope } from '../../model/scope.js';
import { text, u32 } from '../../netlink/attributes.js';
import { Connection, type ConnectionOptions } from '../../netlink/connection.js';
import { Encoder } from '../../netlink/encoder.js';
import { NetlinkError } from '../../netlink/failure.js';
import { NETLINK_NETFILTER } from '../../netlink/protocol.js';
import { list } from './listing.js';
import { deleteChains, flushSet } from './objects.js';
import type { NftablesOptions } from './options.js';
import { probe } from './probe.js';
import * as p from './protocol.js';
import { openingFailure } from './refusal.js';
import { addRuleset, addTable, type Contents, deleteTable } from './ruleset.js';
import { SCOPES, SCOPES_JUDGED } from './scope-chains.js';
import { readScopes } from './scope-table.js';
import { ADDRESS_SETS, type BanSet, setNamed } from './sets.js';
import { Transaction } from './transaction.js';

/** errno.h */
const EPERM = 1;
const ENOENT = 2;
const EEXIST = 17;
const EMSGSIZE = 90;
const EOPNOTSUPP = 95;

const OWNED = p.TABLE_F_OWNER | p.TABLE_F_PERSIST;

export interface Installed {
  readonly connection: Connection;
  readonly owned: boolean;
  readonly contents: Contents;
}

/**
 * Brings the table into the wanted shape; its chain, rules and sets change in one transaction.
 *
 * What an earlier run left is adopted with its elements, and only the chain and the allow sets are written anew. Where
 * the old sets differ (counters, size), the table is made anew, empty: the ledger fills it again.
 *
 * @throws DropsetError
 */
export async function install(options: NftablesOptions, buffers: ConnectionOptions): Promise<Installed> {
  let connection: Connection | undefined;
  try {
    connection = await connect(options, buffers);
    await probe(connection);
    const owned = await attempt(connection, options);
    return { connection, owned, contents: await readContents(connection, options.table) };
  } catch (thrown) {
    connection?.close();
    throw openingFailure(thrown, options.table);
  }
}

/**
 * Brings the table back into shape, whatever somebody else made of it; answers what is in it then. Elements stay where
 * their sets are as they were made.
 *
 * @param scopes by number, as this process knows them: elements refer to them.
 * @throws DropsetError
 */
export async function rebuild(
  connection: Connection,
  options: NftablesOptions,
  owned: boolean,
  scopes?: ReadonlyMap<number, Scope>,
): Promise<Contents> {
  const flags = owned ? OWNED : 0;
  try {
    if (await isDormant(connection, options.table)) await makeAnew(connection, options, flags);
    else await rebuildAwake(connection, options, flags, scopes);
    return await readContents(connection, options.table);
  } catch (thrown) {
    throw openingFailure(thrown, options.table);
  }
}

/** What somebody else put into the table may be in the way of adopting it, or of deleting its chains. */
async function rebuildAwake(
  connection: Connection,
  options: NftablesOptions,
  flags: number,
  scopes?: ReadonlyMap<number, Scope>,
): Promise<void> {
  try {
    await build(connection, options, flags, scopes);
  } catch (thrown) {
    if (!(thrown instanceof NetlinkError) || thrown.errno === EPERM) throw thrown;
    await makeAnew(connection, options, flags);
  }
}

/** A dormant table drops nothing, so nothing is lost by making it anew; and flags of 0 would not wake it. */
export async function isDormant(connection: Connection, table: string): Promise<boolean> {
  const [found] = await list(connection, p.GETTABLE, table);
  const flags = found?.get(p.TABLE.FLAGS);
  return flags !== undefined && (u32(flags) & p.TABLE_F_DORMANT) !== 0;
}

/** By the socket that owns the table still, if there is one. */
async function connect({ inherited, own, table }: NftablesOptions, buffers: ConnectionOptions): Promise<Connection> {
  const adopted = inherited === undefined ? undefined : await adoptSocket(inherited, buffers);
  if (adopted && own !== false) return adopted;
  if (adopted) {
    // A copy of it may be stored elsewhere, and whose table it is cannot be taken back: only its owner can delete it.
    await uninstall(adopted, table).finally(() => adopted.close());
  }
  return Connection.open(NETLINK_NETFILTER, buffers);
}

/** What is no such socket is no loss: the table is an orphan then, and taken over. */
async function adoptSocket(descriptor: number, buffers: ConnectionOptions): Promise<Connection | undefined> {
  try {
    return await Connection.adopt(NETLINK_NETFILTER, descriptor, buffers);
  } catch (thrown) {
    if (!(thrown instanceof NetlinkError)) throw thrown;
    return undefined;
  }
}

/** Takes the table away with all that is in it; false where there was none. @throws NetlinkError */
export async function uninstall(connection: Connection, table: string): Promise<boolean> {
  const transaction = new Transaction(new Encoder(1024), () => connection.nextSequence());
  deleteTable(transaction, table);
  try {
    await connection.acknowledged('delete table', transaction.finish());
    return true;
  } catch (thrown) {
    if (!(thrown instanceof NetlinkError) || thrown.errno !== ENOENT) throw thrown;
    return false;
  }
}

/** As `uninstall`, of a table that nobody here has opened. @throws DropsetError */
export async function removeTable(table: string): Promise<boolean> {
  let connection: Connection | undefined;
  try {
    connection = Connection.open(NETLINK_NETFILTER);
    await probe(connection);
    return await uninstall(connection, table);
  } catch (thrown) {
    throw openingFailure(thrown, table);
  } finally {
    connection?.close();
  }
}

/**
 * Tries the best shape first: owned, adopting what is there. EOPNOTSUPP: the kernel knows no owner that persists, or the
 * table that is there has none. EEXIST: the old sets differ.
 */
async function attempt(connection: Connection, options: NftablesOptions): Promise<boolean> {
  const owner = options.own === false ? 0 : OWNED;
  for (const flags of new Set([owner, 0])) {
    try {
      await build(connection, options, flags);
      return flags !== 0;
    } catch (thrown) {
      if (flags === 0 || !(thrown instanceof NetlinkError) || thrown.errno !== EOPNOTSUPP) throw thrown;
    }
  }
  throw new TypeError('unreachable');
}

/**
 * Two transactions: the kernel takes no new base chain in the one that changes a table's flags (EINVAL), and the first
 * concerns no packet.
 */
async function build(
  connection: Connection,
  options: NftablesOptions,
  flags: number,
  scopes?: ReadonlyMap<number, Scope>,
): Promise<void> {
  await send(connection, (transaction) => addTable(transaction, options.table, flags));
  try {
    await adopt(connection, options, scopes);
  } catch (thrown) {
    if (!(thrown instanceof NetlinkError) || ![EEXIST, EMSGSIZE].includes(thrown.errno)) throw thrown;
    await makeAnew(connection, options, flags);
  }
}

async function adopt(
  connection: Connection,
  options: NftablesOptions,
  known?: ReadonlyMap<number, Scope>,
): Promise<void> {
  const { table } = options;
  const chains = await oldChains(connection, table);
  const maps = (await names(connection, p.GETSET, table, p.SET.NAME)).filter((name) => isScopeMap(name));
  const { sets, scopes } = await readContents(connection, table);
  await send(connection, (transaction) => {
    // They lead to the chains.
    for (const map of maps) flushSet(transaction, table, map);
    deleteChains(transaction, table, chains);
    addRuleset(transaction, options, { sets: withAddresses(sets), scopes: known ?? scopes });
  });
}

async function makeAnew(connection: Connection, options: NftablesOptions, flags: number): Promise<void> {
  await send(connection, (transaction) => {
    deleteTable(transaction, options.table);
    addTable(transaction, options.table, flags);
    addRuleset(transaction, options, { sets: ADDRESS_SETS });
  });
}

async function send(connection: Connection, write: (transaction: Transaction) => void): Promise<void> {
  const transaction = new Transaction(new Encoder(), () => connection.nextSequence());
  write(transaction);
  await connection.acknowledged('build', transaction.finish());
}

const withAddresses = (sets: readonly BanSet[]): readonly BanSet[] => [
  ...ADDRESS_SETS,
  ...sets.filter((set) => !ADDRESS_SETS.some(({ name }) => name === set.name)),
];

/** The names of what the table holds of one kind; empty if there is no table. */
async function names(connection: Connection, message: number, table: string, attribute: number): Promise<string[]> {
  const found = await list(connection, message, table);
  return found.flatMap((attributes) => {
    const name = attributes.get(attribute);
    return name ? [text(name)] : [];
  });
}

const isScopeMap = (name: string): boolean => name === SCOPES || name === SCOPES_JUDGED;

const oldChains = (connection: Connection, table: string): Promise<string[]> =>
  names(connection, p.GETCHAIN, table, p.CHAIN.NAME);

async function readContents(connection: Connection, table: string): Promise<Contents> {
  const all = await names(connection, p.GETSET, table, p.SET.NAME);
  const sets = all.map(setNamed).filter((set) => set !== undefined);
  // A map of elements without one of scopes is what somebody else left of it: the numbers mean nothing, and the chains come back.
  const scopes =
    (await readScopes(connection, table)) ?? (sets.some(({ isScoped }) => isScoped) ? new Map() : undefined);
  return { sets, scopes };
}
