/** Who issues JSON Web Tokens, by their claims, and what follows from who it is. */
import type { Severity } from '../finding.ts';
import { isObject } from './encodings.ts';

/** An issuer that is known. */
export interface Issuer {
  provider: string;
  facts: Record<string, unknown>;
  why: string[];
  severity?: Severity;
  /** Seconds since 1970, where the end has a claim of its own. */
  expires?: number;
}

type Claims = Record<string, unknown>;

/** Hosts of issuers, and whose they are. */
const HOSTS: readonly (readonly [RegExp, string])[] = [
  [/(^|\.)auth0\.com$/, 'Auth0'],
  [/(^|\.)okta(preview|-emea)?\.com$/, 'Okta'],
  [/^(login\.microsoftonline\.com|sts\.windows\.net)$/, 'Microsoft Entra'],
  [/^cognito-idp\.[a-z0-9-]+\.amazonaws\.com$/, 'AWS Cognito'],
  [/^accounts\.google\.com$/, 'Google'],
  [/^securetoken\.google\.com$/, 'Firebase'],
  [/^token\.actions\.githubusercontent\.com$/, 'GitHub Actions'],
  [/^oidc\.eks\.[a-z0-9-]+\.amazonaws\.com$/, 'Kubernetes'],
  [/^kubernetes\.default\.svc/, 'Kubernetes'],
  [/^appleid\.apple\.com$/, 'Apple'],
  [/(^|\.)clerk\.accounts\.dev$/, 'Clerk'],
  [/(^|\.)supabase\.(co|in)$/, 'Supabase'],
  [/^gitlab\.com$/, 'GitLab'],
  [/^auth\.calendly\.com$/, 'Calendly'],
  [/(^|\.)temporal\.io$/, 'Temporal'],
];

/** The issuer by what the claims hold; `provider` is empty where nobody knows it. */
export function issuerOf(header: Claims, claims: Claims): Issuer {
  return (
    supabase(claims) ??
    kubernetes(claims) ??
    firebase(claims) ??
    services(claims) ??
    githubApp(header, claims) ?? { ...byHost(claims), facts: realm(claims), ...identity(claims) }
  );
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Supabase: `service_role` passes by every rule of the database, `anon` is in every page. */
function supabase(claims: Claims): Issuer | undefined {
  if (!/^supabase(-demo)?$/.test(text(claims['iss'])) || typeof claims['role'] !== 'string')
    return undefined;
  const role = claims['role'];
  const issuer: Issuer = {
    provider: 'Supabase',
    facts: { project: claims['ref'], scope: role },
    why: [],
  };
  if (claims['iss'] === 'supabase-demo')
    return { ...issuer, severity: 'low', why: ['is the key of every local Supabase installation'] };
  if (role === 'service_role')
    return {
      ...issuer,
      severity: 'critical',
      why: ['passes by every access rule of the database'],
    };
  if (role === 'anon')
    return { ...issuer, severity: 'info', why: ['publishable: made to be seen in a page'] };
  return issuer;
}

/** Kubernetes service accounts: claims by name in those of old, nested in those that are bound. */
function kubernetes(claims: Claims): Issuer | undefined {
  const old = 'kubernetes.io/serviceaccount/';
  const nested = claims['kubernetes.io'];
  const subject = /^system:serviceaccount:([^:]{1,63}):([^:]{1,253})$/.exec(text(claims['sub']));
  if (claims['iss'] !== 'kubernetes/serviceaccount' && !isObject(nested) && !subject)
    return undefined;
  const bound = isObject(nested) ? nested : {};
  const account = bound['serviceaccount'];
  const pod = bound['pod'];
  return {
    provider: 'Kubernetes',
    severity: 'high',
    why: ['is the token of a service account in a cluster'],
    facts: {
      namespace: bound['namespace'] ?? claims[`${old}namespace`] ?? subject?.[1],
      user:
        (isObject(account) ? account['name'] : undefined) ??
        claims[`${old}service-account.name`] ??
        subject?.[2],
      pod: isObject(pod) ? pod['name'] : undefined,
    },
  };
}

function firebase(claims: Claims): Issuer | undefined {
  const project = /^https:\/\/(?:securetoken|session\.firebase)\.google\.com\/([\w-]{4,60})$/.exec(
    text(claims['iss']),
  )?.[1];
  if (project === undefined) return undefined;
  return { provider: 'Firebase', facts: { project }, why: [], severity: 'medium' };
}

/** Services that are known by claims of their own rather than by an issuer. */
function services(claims: Claims): Issuer | undefined {
  if (claims['tid'] !== undefined && claims['aai'] !== undefined && claims['uid'] !== undefined) {
    const facts = { user: claims['uid'], account: claims['actid'], region: claims['rgn'] };
    return { provider: 'monday.com', facts, why: [] };
  }
  if (claims['iss'] === 'web3-storage')
    return { provider: 'web3.storage', facts: { name: claims['name'] }, why: [] };
  if (claims['iss'] === 'front') return { provider: 'Front', facts: {}, why: [] };
  const artifactory = /^jf(?:rt|ac)@/.test(text(claims['iss']));
  if (artifactory) return { provider: 'JFrog', facts: {}, why: [] };
  if (claims['account_id'] !== undefined && claims['key_id'] !== undefined) {
    const facts = { account: claims['account_id'], 'key ID': claims['key_id'] };
    return { provider: /temporal/.test(text(claims['iss'])) ? 'Temporal' : '', facts, why: [] };
  }
  return undefined;
}

/** A GitHub App signs with RS256, names itself by number or client ID, and lives ten minutes. */
function githubApp(header: Claims, claims: Claims): Issuer | undefined {
  const issuer = claims['iss'];
  const app = typeof issuer === 'number' ? String(issuer) : text(issuer);
  const lives = Number(claims['exp']) - Number(claims['iat']);
  if (
    header['alg'] !== 'RS256' ||
    !/^(\d{3,9}|Iv\d[\w.]{10,24})$/.test(app) ||
    !(lives > 0 && lives <= 720)
  )
    return undefined;
  return { provider: 'GitHub', facts: { 'app ID': app }, why: ['is signed by a GitHub App'] };
}

function byHost(claims: Claims): { provider: string } {
  const issuer = text(claims['iss']);
  const host = /^https?:\/\/([^/:?#]{1,253})/.exec(issuer)?.[1] ?? '';
  for (const [pattern, provider] of HOSTS)
    if (host !== '' && pattern.test(host)) return { provider };
  return { provider: /\/(?:auth\/)?realms\/[^/]+$/.test(issuer) ? 'Keycloak' : '' };
}

function realm(claims: Claims): Record<string, unknown> {
  const issuer = text(claims['iss']);
  return {
    tenant: claims['tid'] ?? claims['tenant_id'] ?? claims['org_id'],
    realm: /\/realms\/([^/]{1,80})$/.exec(issuer)?.[1],
    client: claims['azp'] ?? claims['client_id'] ?? claims['appid'],
  };
}

/** OpenID Connect's identity tokens say who signed in, and are sent to nobody as a key. */
function identity(claims: Claims): { why: string[]; severity?: Severity } {
  const proof = claims['nonce'] !== undefined || claims['at_hash'] !== undefined;
  if (!proof || claims['scope'] !== undefined || claims['scp'] !== undefined) return { why: [] };
  return { why: ['is an identity token: it says who signed in'], severity: 'medium' };
}
