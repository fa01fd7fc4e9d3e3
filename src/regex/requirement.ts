import type { Node } from './ast.js';
export interface Clause { readonly literals: readonly string[]; readonly ignoreCase: boolean; }
export type Requirement = readonly Clause[];
export const requirementOf = (_node: Node): Requirement => [];
