import type { Encoder } from '../../netlink/encoder.js';
import { NLM_F_APPEND, NLM_F_CREATE } from '../../netlink/protocol.js';
import type { Expression } from './expressions.js';
import * as p from './protocol.js';
import type { Transaction } from './transaction.js';

/** `counter dropped4 { }` */
export function addCounter(transaction: Transaction, table: string, name: string): void {
  transaction.add(p.NEWOBJ, NLM_F_CREATE, (encoder) => {
    encoder.string(p.OBJ.TABLE, table).string(p.OBJ.NAME, name).u32(p.OBJ.TYPE, p.OBJECT_COUNTER);
    encoder.nested(p.OBJ.DATA, () => undefined);
  });
}

export function deleteCounter(transaction: Transaction, table: string, name: string): void {
  transaction.add(p.DELOBJ, 0, (encoder) => {
    encoder.string(p.OBJ.TABLE, table).string(p.OBJ.NAME, name).u32(p.OBJ.TYPE, p.OBJECT_COUNTER);
  });
}

/** A chain that hangs on no hook. */
export function addChain(transaction: Transaction, table: string, name: string): void {
  transaction.add(p.NEWCHAIN, NLM_F_CREATE, (encoder) => {
    encoder.string(p.CHAIN.TABLE, table).string(p.CHAIN.NAME, name);
  });
}

/** Takes chains with their rules away; the rules first, since they lead from one chain to another. */
export function deleteChains(transaction: Transaction, table: string, chains: readonly string[]): void {
  for (const chain of chains) deleteRules(transaction, table, chain);
  for (const chain of chains) {
    transaction.add(p.DELCHAIN, 0, (encoder) => encoder.string(p.CHAIN.TABLE, table).string(p.CHAIN.NAME, chain));
  }
}

/** All of a chain. */
export function deleteRules(transaction: Transaction, table: string, chain: string): void {
  transaction.add(p.DELRULE, 0, (encoder) => encoder.string(p.RULE.TABLE, table).string(p.RULE.CHAIN, chain));
}

export function addRule(
  transaction: Transaction,
  table: string,
  chain: string,
  expressions: readonly Expression[],
  place: 'first' | 'last' = 'last',
): void {
  transaction.add(p.NEWRULE, NLM_F_CREATE | (place === 'last' ? NLM_F_APPEND : 0), (encoder) => {
    encoder.string(p.RULE.TABLE, table).string(p.RULE.CHAIN, chain);
    encoder.nested(p.RULE.EXPRESSIONS, () => {
      for (const expression of expressions) expression(encoder);
    });
  });
}

/** What a set's keys are: nft's own number of the type, so that `nft list` prints them, and their bytes. */
export interface KeyType {
  readonly type: number;
  readonly length: number;
}

/** What every NEWSET begins with. */
export function setHead(encoder: Encoder, table: string, name: string, key: KeyType, flags: number): void {
  encoder.string(p.SET.TABLE, table).string(p.SET.NAME, name).u32(p.SET.FLAGS, flags);
  // The id is a handle within the transaction; the name serves as well, but the kernel insists (EINVAL).
  encoder.u32(p.SET.KEY_TYPE, key.type).u32(p.SET.KEY_LEN, key.length).u32(p.SET.ID, 1);
}

/** Tells nft that keys or data are in host order, so that it prints them as they are meant. */
export function hostOrder(encoder: Encoder, type: number): void {
  encoder.bytesOf(p.SET.USERDATA, Uint8Array.of(type, 4, p.HOST_ENDIAN, 0, 0, 0));
}

/** `flush set inet dropset ban4`: without a list all elements are meant (nf_tables_api.c, nf_tables_delsetelem). */
export function flushSet(transaction: Transaction, table: string, name: string): void {
  transaction.add(p.DELSETELEM, 0, (encoder) => encoder.string(p.ELEMS.TABLE, table).string(p.ELEMS.SET, name));
}
