/**
 * The children that every node of a path tree has at the moment, as linked lists in columns: what is gone costs
 * nothing where a directory is emptied again and again.
 */

/** Nodes are the tree's. */
export class LiveChildren {
  #first: Int32Array;
  #next: Int32Array;
  #previous: Int32Array;

  constructor(nodes: number) {
    this.#first = new Int32Array(nodes).fill(-1);
    this.#next = new Int32Array(nodes).fill(-1);
    this.#previous = new Int32Array(nodes).fill(-1);
  }

  /** One of the children, or -1. */
  first(parent: number): number {
    return this.#first[parent] as number;
  }

  /** Adds a child that is not there. */
  add(node: number, parent: number): void {
    const next = this.#first[parent] as number;
    this.#next[node] = next;
    this.#previous[node] = -1;
    if (next >= 0) this.#previous[next] = node;
    this.#first[parent] = node;
  }

  /** Removes a child that is there. */
  remove(node: number, parent: number): void {
    const next = this.#next[node] as number;
    const previous = this.#previous[node] as number;
    if (previous >= 0) this.#next[previous] = next;
    else this.#first[parent] = next;
    if (next >= 0) this.#previous[next] = previous;
  }

  /** Makes room for so many nodes. */
  grow(nodes: number): void {
    const grown = (from: Int32Array): Int32Array => {
      const to = new Int32Array(nodes).fill(-1);
      to.set(from);
      return to;
    };
    this.#first = grown(this.#first);
    this.#next = grown(this.#next);
    this.#previous = grown(this.#previous);
  }
}
