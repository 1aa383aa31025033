/** What ties a constant to a name: the kinds of the findings report. */

/** How a name is tied to a constant; see the report's contract for each. */
export type BindingKind =
  | 'default-argument'
  | 'keyword-argument'
  | 'variable'
  | 'attribute'
  | 'subscript'
  | 'dict-value'
  | 'comparison'
  | 'url'
  | 'argument'
  | 'returned'
  | 'docstring'
  | 'unreferenced'
  | 'none';

/** One string constant and what it is bound to. */
export interface Binding {
  /** The constant as text; bytes are read as UTF-8, else Latin-1. */
  value: string;
  kind: BindingKind;
  /** The name it is bound to; empty for `unreferenced` and `none`. */
  name: string;
  /** Qualified name of the code it stands in; for a default argument, of the function it belongs to. */
  qualname: string;
  /** Source line, or 0 where the line table has none. */
  line: number;
  /** Farther names of the same constant, nearest first. */
  others: { kind: BindingKind; name: string }[];
  /** The call that it is handed to, by its dotted name, and as which argument, from 0. */
  call?: { callee: string; argument: number };
  /** The name is but a string beside it: the first of a pair. */
  beside?: true;
  /** Place among the constants of the code object that loads it; -1 where it is a part of one or salvaged. */
  index: number;
}
