/** What the secrets stage finds: types shared by the scan, the report and the page. */
import type { BindingKind } from '../python/binding.ts';
import type { NameKind } from './names.ts';

/** About what a secret opens. */
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info';

/** About whether it is one; `certain` only where a checksum or structure proves the form. */
export type Confidence = 'certain' | 'high' | 'medium' | 'low';

/** From the worst down. */
export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info'];

/** The kind of a secret: what it is called, and what to do about it. */
export interface Rule {
  id: string;
  title: string;
  provider: string;
  severity: Severity;
  /** Address where it can be revoked, or empty. */
  revoke: string;
  steps: string[];
}

/** One secret at one place in some content, before anything is known of layers and images. */
export interface Detection {
  rule: Rule;
  severity: Severity;
  confidence: Confidence;
  /** The secret itself. */
  value: string;
  /** How it stands in the text, where that is not the same: percent-encoded in a URL. */
  written?: string;
  /** How we know, as sentences' parts. */
  why: string[];
  /** What the value itself tells without a network. */
  facts: Record<string, string>;
  /** Bytes from the start of the content, where known. */
  offset?: number;
  /** 1-based, where the content has lines. */
  line?: number;
  /** 1-based, in characters. */
  column?: number;
  /** The name it is bound to, where there is one. */
  name?: string;
  /**
   * It is none by itself: a token in the same image has to prove it (`signs`), or other files have to show that
   * its file is the image's own and no package's (`own`).
   */
  candidate?: 'signs' | 'own';
  /** How it is judged once other files show that its file is the image's own. */
  ifOwn?: Detection;
}

/** A value and what names it: the common form of everything the judge looks at. */
export interface NamedValue {
  name: string;
  value: string;
  /** How the name is tied to the value, in words: `environment variable`, `default argument of f`. */
  where: string;
  /** Farther names: other bindings, the function, the file's path. They give context, not the name. */
  context: string[];
  binding?: BindingKind;
  /** Whether the value was quoted or otherwise is the whole value; a bare word in prose is not. */
  exact: boolean;
  /** It stands in a connection string, beside a host or a user. */
  connection?: true;
  /** A string beside the string that is its name, behind a comma: an argument's value, or the next of a list. */
  beside?: true;
  /** One of several under this name, which may be a plural's then. */
  listed?: true;
  /** What the file's own format says that the value is; the name need not say it then. */
  kind?: NameKind;
  /** What the call that takes it says that it is; it is judged as by a name then. */
  called?: NameKind;
  /** What the secret is called, where the file's own format says more than its kind. */
  rule?: Rule;
  /** What the file tells of it. */
  facts?: Record<string, string>;
  /** How the value was encoded where it stood, if that hides nothing; part of a sentence. */
  coded?: string;
  /** The value as it stands in the text, where it was decoded. */
  written?: string;
}
