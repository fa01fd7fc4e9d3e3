import type { Node } from './ast.js';
export type Risk = 'none' | 'polynomial' | 'exponential';
export const riskOf = (_node: Node): Risk => 'none';
