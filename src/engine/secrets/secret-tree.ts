/** Looks for any of many secrets in a text at once. */

const DEEPEST = 64; // characters by which secrets are told apart; those with more in common are tried one by one

/** Secrets by their first characters, no farther than they differ. */
export class SecretTree {
  #root: Branch = { ending: undefined, longer: [], next: undefined };

  /** Takes secrets of one character or more, each once. */
  constructor(secrets: Iterable<string>) {
    for (const secret of secrets) this.#add(secret);
  }

  /** The longest of the secrets that stands in `text` at `at`. */
  longestAt(text: string, at: number): string | undefined {
    let longest: string | undefined;
    let branch: Branch | undefined = this.#root;
    for (let depth = 0; branch; depth++) {
      longest = branch.ending ?? longest;
      for (const secret of branch.longer)
        if (secret.length > (longest?.length ?? 0) && text.startsWith(secret, at)) longest = secret;
      branch = branch.next?.get(text.charCodeAt(at + depth));
    }
    return longest;
  }

  #add(secret: string): void {
    let branch = this.#root;
    for (let depth = 0; depth < secret.length; depth++) {
      if (!branch.next) {
        if (branch.longer.length === 0 || depth === DEEPEST) {
          branch.longer.push(secret);
          return;
        }
        branch.next = new Map();
        for (const other of branch.longer.splice(0)) {
          const next = nextOf(branch.next, other.charCodeAt(depth));
          if (other.length > depth + 1) next.longer.push(other);
          else next.ending = other;
        }
      }
      branch = nextOf(branch.next, secret.charCodeAt(depth));
    }
    branch.ending = secret;
  }
}

interface Branch {
  /** The secret that ends here. */
  ending: string | undefined;
  /** Secrets that go on from here and are told apart no further. */
  longer: string[];
  /** By the code of their next character. */
  next: Map<number, Branch> | undefined;
}

function nextOf(branches: Map<number, Branch>, code: number): Branch {
  let branch = branches.get(code);
  if (!branch) branches.set(code, (branch = { ending: undefined, longer: [], next: undefined }));
  return branch;
}
