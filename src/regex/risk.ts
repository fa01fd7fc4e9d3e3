import { isExponential, isPolynomial } from './ambiguity.js';
import { children, type Node } from './ast.js';
import { loopsOf } from './components.js';
import { automatonOf } from './glushkov.js';
import { isAnchored } from './traits.js';

/** How the time of a backtracking engine grows with the text's length, for the worst text: linearly, as a power, or exponentially. */
export type Risk = 'none' | 'polynomial' | 'exponential';

/**
 * Judges a pattern by the ambiguity of its automaton. It takes atomic groups for ordinary ones, and leaves anchors out: it may see a risk
 * where there is none.
 */
export function riskOf(root: Node): Risk {
  const risks = [riskOfAutomaton(root), ...looksIn(root).map(riskOfLook)];
  if (risks.includes('exponential')) return 'exponential';
  return risks.includes('polynomial') ? 'polynomial' : 'none';
}

function riskOfAutomaton(root: Node): Risk {
  const automaton = automatonOf(root);
  if (!automaton) return hasNestedLoops(root, false) ? 'exponential' : 'polynomial';
  const loops = loopsOf(automaton.follow);
  if (loops.some((loop) => isExponential(automaton, loop))) return 'exponential';
  return isPolynomial(automaton, loops, isAnchored(root, 'start', 'line-start')) ? 'polynomial' : 'none';
}

function looksIn(node: Node): Node[] {
  return [...(node.kind === 'look' ? [node.body] : []), ...children(node).flatMap(looksIn)];
}

/** A look around that may go far is asked again and again, from different places. */
function riskOfLook(body: Node): Risk {
  if (!hasLoop(body)) return 'none';
  return riskOfAutomaton(body) === 'exponential' ? 'exponential' : 'polynomial';
}

const isLoop = (node: Node): boolean =>
  node.kind === 'reference' || (node.kind === 'repetition' && node.most === Number.POSITIVE_INFINITY);

const hasLoop = (node: Node): boolean => isLoop(node) || children(node).some(hasLoop);

function hasNestedLoops(node: Node, isInLoop: boolean): boolean {
  if (isLoop(node) && isInLoop) return true;
  return children(node).some((child) => hasNestedLoops(child, isInLoop || isLoop(node)));
}
