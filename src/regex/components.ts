/** Strongly connected parts of a graph that have a way around: its loops. Tarjan's algorithm, without recursion. */
export function loopsOf(follow: readonly (readonly number[])[]): number[][] {
  const search = new Tarjan(follow);
  for (let node = 0; node < follow.length; node++) search.visit(node);
  return search.found.filter(
    ([node, other]) => other !== undefined || follow[node as number]?.includes(node as number),
  );
}

class Tarjan {
  readonly found: number[][] = [];
  readonly #follow: readonly (readonly number[])[];
  readonly #order = new Map<number, number>();
  readonly #low = new Map<number, number>();
  readonly #open: number[] = [];
  readonly #isOpen = new Set<number>();

  constructor(follow: readonly (readonly number[])[]) {
    this.#follow = follow;
  }

  visit(root: number): void {
    if (this.#order.has(root)) return;
    const path = [{ node: root, next: 0 }];
    this.#enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const target = this.#follow[top.node]?.[top.next++];
      if (target === undefined) {
        path.pop();
        this.#leave(top.node, path.at(-1)?.node);
      } else if (!this.#order.has(target)) {
        this.#enter(target);
        path.push({ node: target, next: 0 });
      } else if (this.#isOpen.has(target)) {
        this.#lower(top.node, this.#order.get(target) as number);
      }
    }
  }

  #enter(node: number): void {
    this.#low.set(node, this.#order.size);
    this.#order.set(node, this.#order.size);
    this.#open.push(node);
    this.#isOpen.add(node);
  }

  #lower(node: number, order: number): void {
    this.#low.set(node, Math.min(this.#low.get(node) as number, order));
  }

  #leave(node: number, parent: number | undefined): void {
    const low = this.#low.get(node) as number;
    if (parent !== undefined) this.#lower(parent, low);
    if (low !== this.#order.get(node)) return;
    const part = this.#open.splice(this.#open.lastIndexOf(node));
    for (const member of part) this.#isOpen.delete(member);
    this.found.push(part);
  }
}
