/** Monitoring, vaults, platforms and AI providers: organisations, users, projects and kinds that stand in their tokens. */
import { charactersOf } from '../../archive/plain-text.ts';
import { decodeBase64, decodeJson, parseObject, utf8 } from './encodings.ts';
import { FactsBuilder, type TokenFacts } from './token-facts.ts';

/** Grafana Cloud (`glc_` and JSON) and Grafana's API keys of old (JSON by itself). */
export function readGrafana(value: string): TokenFacts | undefined {
  const json = decodeJson(value.replace(/^glc_/, ''));
  if (!json || typeof json['k'] !== 'string') return undefined;
  const told = new FactsBuilder().proven().fact('name', json['n']);
  told.fact('organisation ID', json['o'] ?? json['id']);
  const more = json['m'];
  if (typeof more === 'object' && more !== null) told.fact('region', (more as { r?: unknown }).r);
  return told;
}

/** Sentry: an organisation's token holds JSON; a DSN names its project. */
export function readSentry(value: string): TokenFacts | undefined {
  const dsn =
    /^https?:\/\/[0-9a-f]{32}(?::[0-9a-f]{32})?@(?:o(\d+)\.)?([\w.-]{4,80})\/(\d{1,20})$/.exec(
      value,
    );
  if (dsn)
    return new FactsBuilder()
      .fact('organisation ID', dsn[1])
      .fact('host', dsn[2])
      .fact('project ID', dsn[3]);
  const body = /^sntrys_([A-Za-z0-9+/=_-]+)_/.exec(value)?.[1];
  const json = body === undefined ? undefined : decodeJson(body);
  if (!json) return undefined;
  const told = new FactsBuilder()
    .proven()
    .fact('organisation', json['org'])
    .fact('host', json['url']);
  return told.fact('region', json['region_url']).date('issued', json['iat']);
}

/** 1Password: a service account's token holds JSON; a Secret Key names its account. */
export function readOnePassword(value: string): TokenFacts | undefined {
  const account = /^A3-?([A-Z0-9]{6})-/.exec(value)?.[1];
  if (account !== undefined) return new FactsBuilder().fact('account', account);
  const json = value.startsWith('ops_') ? decodeJson(value.slice(4)) : undefined;
  if (!json) return undefined;
  const told = new FactsBuilder().proven().fact('user', json['email']);
  return told.fact('host', json['signInAddress']).fact('device', json['deviceUuid']);
}

/** Mapbox: the user stands in the middle part. A public token is made to be seen. */
export function readMapbox(value: string): TokenFacts | undefined {
  const [kind = '', middle = ''] = value.split('.', 3);
  const json = /^[spt]k$/.test(kind) ? decodeJson(middle) : undefined;
  if (!json || typeof json['u'] !== 'string') return undefined;
  const told = new FactsBuilder().proven().fact('user', json['u']);
  if (kind === 'pk') told.weighs('info').because('public: made to be seen');
  return told;
}

/** Base64 of `user:password`, as registries, npm and HTTP's basic scheme have it. */
export function readBasic(value: string): TokenFacts | undefined {
  const bytes = decodeBase64(value.replace(/^(?:_auth=|basic\s+)/i, ''));
  const text = bytes && utf8(bytes);
  const user = text && /^([^\s:\u0000-\u001f]{1,200}):[^\u0000-\u001f]+$/.exec(text)?.[1];
  return user ? new FactsBuilder().fact('user', user) : undefined;
}

/** Google: a service account's or a user's credentials in JSON. */
export function readGoogle(value: string): TokenFacts | undefined {
  if (value.startsWith('ya29.')) return new FactsBuilder().fact('lifetime', '1 hour');
  return readGoogleAccount(value);
}

/** The account that a text in the form of Google's credential files names; the text may be a part of one. */
export function readGoogleAccount(text: string): FactsBuilder | undefined {
  if (!/"type\\?"\s*:\s*\\?"(?:service_account|authorized_user|external_account)/.test(text))
    return undefined;
  const plain = text.replaceAll('\\"', '"');
  const field = (name: string): string | undefined =>
    new RegExp(`"${name}"\\s{0,8}:\\s{0,8}"([^"\\\\]{1,200})"`).exec(plain)?.[1];
  const told = new FactsBuilder()
    .fact('user', field('client_email'))
    .fact('project', field('project_id'));
  told.fact('key ID', field('private_key_id')).fact('client ID', field('client_id'));
  return Object.keys(told.facts).length > 0 ? told : undefined;
}

const NATS_ROLES: Record<string, string> = {
  A: 'account',
  C: 'cluster',
  N: 'server',
  O: 'operator',
  U: 'user',
  X: 'encryption',
};

/** A NATS seed: its second letter is the role. */
export function readNkey(value: string): TokenFacts | undefined {
  const role = NATS_ROLES[/^S([ACNOUX])[A-Z2-7]{56}$/.exec(value)?.[1] ?? ''];
  return role === undefined ? undefined : new FactsBuilder().fact('kind', `${role} seed`);
}

/** Facts that one group of a pattern each holds: what the value must look like, and the groups' keys. */
const PARTS: Record<string, readonly (readonly [RegExp, ...string[]])[]> = {
  airtable: [[/^(pat\w{14})\./, 'token ID']],
  asana: [[/^[12]\/(\d{10,20})[:/]/, 'user ID']],
  authress: [[/\.acc[-_]([a-z0-9-]{8,36})\./, 'account']],
  clickup: [[/^pk_(\d{4,12})_/, 'user ID']],
  configcat: [[/^configcat-sdk-1\/([\w-]{22})\//, 'product']],
  doppler: [
    [/^dp\.st\.([a-z0-9_-]{2,35})\./, 'config'],
    [/^dp\.(ct|pt|st|sa|scim|audit)\./, 'kind'],
  ],
  dynatrace: [[/^(dt0[a-z]\d\d\.[A-Z0-9]{8,24})\./, 'token ID']],
  facebook: [[/^(\d{13,17})\|/, 'app ID']],
  maxmind: [[/^([A-Za-z0-9]{6})_/, 'key ID']],
  mongodb: [[/^mdb_sa_(sk|id)_/, 'kind']],
  newrelic: [[/^(eu\d\dxx)/, 'region']],
  packagist: [[/^packagist_(\w{3})_/, 'kind']],
  quay: [[/^([a-z0-9_-]+\+[a-z0-9_-]+):/, 'user']],
  salesforce: [[/^(00D[A-Za-z0-9]{12})/, 'organisation ID']],
  scalingo: [[/^tk-us-/, 'kind']],
  tailscale: [[/^tskey-(\w+)-(\w{8,20})-/, 'kind', 'key ID']],
  twitch: [[/^live_(\d{6,12})_/, 'user ID']],
  twitter: [[/^(\d{6,20})-/, 'user ID']],
  upstash: [[/^https:\/\/([a-z0-9.-]{4,80})/, 'host']],
};

/** Kinds that the first characters of a token tell. */
const KINDS: readonly (readonly [string, string])[] = [
  ['sk-proj-', 'project key'],
  ['sk-svcacct-', 'service account key'],
  ['sk-admin-', 'admin key'],
  ['sk-ant-api', 'API key'],
  ['sk-ant-admin', 'admin key'],
  ['sk-ant-oat', 'OAuth access token'],
  ['sk-ant-ort', 'OAuth refresh token'],
  ['lsv2_pt_', 'personal token'],
  ['lsv2_sk_', 'service key'],
  ['squ_', 'user token'],
  ['sqp_', 'project analysis token'],
  ['sqa_', 'global analysis token'],
  ['hvs.', 'service token'],
  ['hvb.', 'batch token'],
  ['hvr.', 'recovery token'],
  ['dbtu_', 'user token'],
  ['dbtc_', 'service token'],
  ['pnu_', 'user key'],
  ['pnb_', 'service account key'],
  ['cfk_', 'global key'],
  ['cfut_', 'user token'],
  ['cfat_', 'account token'],
  ['lin_api_', 'personal key'],
  ['lin_oauth_', 'OAuth token'],
  ['shpat_', 'admin token'],
  ['shpca_', 'custom app token'],
  ['shppa_', 'private app password'],
  ['shpss_', 'app secret'],
  ['sb_secret_', 'secret key'],
  ['dckr_pat_', 'personal token'],
  ['dckr_oat_', 'organisation token'],
];
const DOPPLER: Record<string, string> = {
  ct: 'CLI token',
  pt: 'personal token',
  st: 'service token',
  sa: 'service account token',
  scim: 'SCIM token',
  audit: 'audit token',
};
const PACKAGIST: Record<string, string> = {
  out: 'organisation, update',
  ort: 'organisation, read',
  uut: 'user, update',
  cut: 'Conductor, update',
  ack: 'API key',
  acs: 'API secret',
};

/** Plain parts of the tokens of `family`, the first word of a rule's ID. */
export function readParts(family: string, value: string): TokenFacts | undefined {
  const told = new FactsBuilder();
  for (const [pattern, ...keys] of PARTS[family] ?? []) {
    const match = pattern.exec(value);
    if (!match) continue;
    keys.forEach((key, i) => told.fact(key, named(family, match[i + 1])));
  }
  const kind = KINDS.find(([start]) => value.startsWith(start))?.[1];
  if (kind !== undefined) told.fact('kind', kind);
  if (family === 'newrelic' && /^[0-9a-f]{36}NRAL$/.test(value)) told.fact('kind', 'license key');
  return Object.keys(told.facts).length > 0 ? told : undefined;
}

function named(family: string, text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (family === 'doppler') return DOPPLER[text] ?? text;
  return family === 'packagist' ? (PACKAGIST[text] ?? text) : text;
}

/** WorkOS, Intercom and others whose token is base64 of a word, a separator and an ID. */
export function readWrapped(value: string): TokenFacts | undefined {
  const bytes = decodeBase64(value.replace(/^(?:sk_(?:live|test)_|essu_)/, ''));
  const match =
    bytes && /^(tok|key|client|[\w-]{16,24})[:_]([\w-]{8,40})/.exec(charactersOf(bytes));
  return match ? new FactsBuilder().fact('key ID', match[2]) : undefined;
}

/** Docker's configuration as Kubernetes carries it: base64 of JSON with registries and their users. */
export function readDockerConfig(value: string): TokenFacts | undefined {
  const start = value.startsWith('{') ? value : undefined;
  const json =
    start === undefined ? decodeJson(value.slice(value.indexOf('eyJ'))) : parseObject(start);
  const auths = json?.['auths'];
  if (typeof auths !== 'object' || auths === null) return readBasic(value);
  const told = new FactsBuilder().fact('host', Object.keys(auths));
  const users = Object.values(auths)
    .slice(0, 8)
    .flatMap((entry: unknown) => {
      const { auth, username } = (entry ?? {}) as { auth?: unknown; username?: unknown };
      const user = typeof username === 'string' ? username : undefined;
      return user ?? (typeof auth === 'string' ? (readBasic(auth)?.facts['user'] ?? []) : []);
    });
  return told.fact('user', users);
}
