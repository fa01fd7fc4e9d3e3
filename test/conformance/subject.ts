import type { Test } from 'tap';
import type { Backend } from '../../src/backends/backend.js';

/** A sentence about a fresh backend that holds so many elements; 1,024 where it is not said. */
export type Sentence = (name: string, body: (t: Test, backend: Backend) => Promise<void>, size?: number) => void;

/** A backend under test, and its time. */
export interface Subject {
  /** A fresh one, empty and open, that can hold `size` elements of each family. */
  make(size: number): Promise<Backend>;
  now(): number;
  /** Whether UDP datagrams of an address are dropped. @param port to which; 4000 where absent. */
  drops(backend: Backend, address: string, port?: number): Promise<boolean>;
  /** Whether elements can have a scope: a backend whose elements cannot refuses those that do. */
  readonly scopes: boolean;
  /** Whether packets are real, and so can be counted. */
  readonly counts: boolean;
  /** Lets milliseconds pass. */
  pass(milliseconds: number): Promise<void>;
}

/** Addresses that a subject can send from. */
export const BANNED = '127.0.9.66';
export const BANNED6 = '2001:db8::66';
