/** GitHub, GitLab, Bitbucket, Jira, Sourcegraph, Harness and Artifactory: IDs and ends that stand in their tokens. */
import { charactersOf } from '../../archive/plain-text.ts';
import { decodeBase32, decodeBase64 } from './encodings.ts';
import { tellJwt } from './jwt.ts';
import { FactsBuilder, type TokenFacts } from './token-facts.ts';

/** GitHub: the ID in a fine-grained token, and the app and end of a stateless installation token. */
export function readGithub(value: string, now: number): TokenFacts | undefined {
  const fine = /^github_pat_11([A-Z2-7]{7})0/.exec(value)?.[1];
  if (fine !== undefined) {
    const bytes = decodeBase32(fine);
    if (!bytes) return undefined;
    return new FactsBuilder().fact('ID', new DataView(bytes.buffer).getUint32(0));
  }
  const stateless = /^ghs_(\d{1,12})_(eyJ.*)$/s.exec(value);
  if (stateless) {
    const token = tellJwt(stateless[2] as string, now);
    if (!token) return undefined;
    const told = new FactsBuilder().fact('app ID', stateless[1]).proven();
    Object.assign(told.facts, token.facts);
    told.why.push(...token.why);
    if (token.severity === 'low') told.severity = 'low';
    return told;
  }
  if (value.startsWith('ghs_')) return new FactsBuilder().fact('lifetime', '1 hour');
  if (value.startsWith('ghu_')) return new FactsBuilder().fact('lifetime', '8 hours');
  if (value.startsWith('ghr_')) return new FactsBuilder().fact('lifetime', '6 months');
  return undefined;
}

const GITLAB_FIELDS: Record<string, string> = {
  c: 'cell',
  g: 'group ID',
  o: 'organisation ID',
  p: 'project ID',
  t: 'kind',
  u: 'user ID',
};

/** GitLab's routable tokens hold lines such as `u:1a`, in base 36, behind or before random bytes. */
export function readGitlab(value: string): TokenFacts | undefined {
  const payload = /gl[a-z]{2,6}-(?:t\d_)?([\w-]{27,300})\.(?:0[01]\.)?[0-9a-z]{9}$/.exec(
    value,
  )?.[1];
  const bytes = payload === undefined ? undefined : decodeBase64(payload);
  if (!bytes) return undefined;
  const told = new FactsBuilder();
  for (const [, key = '', text = ''] of charactersOf(routingOf(bytes)).matchAll(
    /(?:^|\n)([cgoptu]):([0-9a-z]{1,11})(?=\n|$)/g,
  )) {
    const number = parseInt(text, 36);
    if (Number.isSafeInteger(number)) told.fact(GITLAB_FIELDS[key] ?? key, number);
  }
  return Object.keys(told.facts).length > 0 ? told : undefined;
}

/** The payload without its random bytes, where its last byte tells how many stand before the lines. */
function routingOf(bytes: Uint8Array): Uint8Array {
  const random = bytes.at(-1) ?? 0;
  const lines = bytes.subarray(random, -1);
  return /^(?:[a-z]:[0-9a-z]+(?:\n|$))+$/.test(charactersOf(lines)) ? lines : bytes;
}

/** Data Center tokens of Atlassian: base64 of a number, a colon and random bytes. */
export function readAtlassian(value: string): TokenFacts | undefined {
  if (!/^(?:BBDC-)?[A-Za-z0-9+/]{44}$/.test(value)) return undefined;
  const bytes = decodeBase64(value.replace(/^BBDC-/, ''));
  const id = bytes && /^(\d{6,16}):/.exec(charactersOf(bytes))?.[1];
  return id ? new FactsBuilder().fact('token ID', id).proven() : undefined;
}

/** Artifactory's reference tokens: base64 of `reftkn`, a version, the end in seconds, random text. */
export function readArtifactory(value: string, now: number): TokenFacts | undefined {
  if (!value.startsWith('cmVmdGtu')) return undefined;
  const bytes = decodeBase64(value);
  const match = bytes && /^reftkn:(\d\d):(\d{10}):/.exec(charactersOf(bytes));
  if (!match) return undefined;
  const told = new FactsBuilder().proven();
  // Ten zeros mean that the token never ends.
  if (Number(match[2]) === 0) return told.fact('expires', 'never').because('never expires');
  return told.expires(Number(match[2]), now);
}

/** Sourcegraph: the instance that a token is for. */
export function readSourcegraph(value: string): TokenFacts | undefined {
  const instance = /^sgp_([0-9a-f]{16}|local)_/.exec(value)?.[1];
  return instance === undefined ? undefined : new FactsBuilder().fact('instance', instance);
}

/** Harness: account and token ID. */
export function readHarness(value: string): TokenFacts | undefined {
  const match = /^([ps]at)\.([\w-]{22})\.([0-9a-f]{24})\./.exec(value);
  if (!match) return undefined;
  const kind = match[1] === 'sat' ? 'service account' : 'personal';
  return new FactsBuilder().fact('kind', kind).fact('account', match[2]).fact('token ID', match[3]);
}
