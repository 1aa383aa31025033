/**
 * AWS: the account that an access key ID belongs to, the accounts that are known traps, what stands in
 * Bedrock keys, session tokens and presigned requests, and which secret key belongs to which ID.
 */
import { charactersOf } from '../../archive/plain-text.ts';
import type { Detection } from '../finding.ts';
import { decodeBase32, decodeBase64, utf8 } from './encodings.ts';
import { FactsBuilder, type TokenFacts } from './token-facts.ts';

/** Accounts of canarytokens.org, as published: they hold nothing but an alarm. */
const CANARY_ACCOUNTS = new Set([
  ...['052310077262', '171436882533', '534261010715', '595918472158', '717712589309'],
  ...['819147034852', '992382622183', '730335385048', '266735846894', '893192397702'],
]);

/**
 * The 12-digit account in an access key ID, or undefined for IDs from before accounts were in them
 * (those that go on with I or J). The 16 characters after the kind are base32; of the first 48 bits, the
 * 40 after the first are the account.
 */
export function accountOfKeyId(id: string): string | undefined {
  if (!/^A(?:KI|SI|BI|CC)A[A-HK-Z2-7][A-Z2-7]{15}$/.test(id)) return undefined;
  const bytes = decodeBase32(id.slice(4));
  if (!bytes) return undefined;
  let number = 0;
  for (let i = 0; i < 6; i++) number = number * 256 + (bytes[i] as number);
  const account = Math.floor((number % 2 ** 47) / 128);
  return account < 1e12 ? String(account).padStart(12, '0') : undefined;
}

/** Any AWS value that says something. */
export function readAws(value: string, now: number): TokenFacts | undefined {
  if (/^A(?:KI|SI|BI|CC)A[A-Z2-7]{16}$/.test(value)) return readKeyId(value);
  if (value.startsWith('ABSK')) return readBedrockLong(value);
  if (value.startsWith('bedrock-api-key-')) return readBedrockShort(value, now);
  if (value.includes('X-Amz-Credential=')) return readPresigned(value, now);
  return readSessionToken(value);
}

function readKeyId(id: string): TokenFacts | undefined {
  const account = accountOfKeyId(id);
  return account === undefined ? undefined : withAccount(new FactsBuilder(), account);
}

function withAccount(told: FactsBuilder, account: string): FactsBuilder {
  told.fact('account', account);
  if (CANARY_ACCOUNTS.has(account)) {
    told.canary = true;
    told.fact('canary', 'yes');
  }
  return told;
}

/** `ABSK` and base64 of the name of an IAM user, a colon and a secret. */
function readBedrockLong(value: string): TokenFacts | undefined {
  const bytes = decodeBase64(value.slice(4));
  const user = bytes && /^(BedrockAPIKey-[\w+=,.@-]{1,64}):/.exec(charactersOf(bytes))?.[1];
  if (!user) return undefined;
  const told = new FactsBuilder().fact('user', user).proven();
  const account = /-at-(\d{12})$/.exec(user)?.[1];
  return account === undefined ? told : withAccount(told, account);
}

/** A presigned request in base64: AWS Signature Version 4 in a query. */
function readBedrockShort(value: string, now: number): TokenFacts | undefined {
  const bytes = decodeBase64(value.slice('bedrock-api-key-'.length));
  const url = bytes && utf8(bytes);
  return url?.startsWith('bedrock.amazonaws.com') ? readPresigned(url, now)?.proven() : undefined;
}

function readPresigned(url: string, now: number): FactsBuilder | undefined {
  const query = new URLSearchParams(url.slice(url.indexOf('?') + 1, url.indexOf('?') + 8192));
  const [id = '', , region, service] = query.get('X-Amz-Credential')?.split('/') ?? [];
  if (!/^A[A-Z]{3}[A-Z2-7]{16}$/.test(id)) return undefined;
  const told = new FactsBuilder().fact('key ID', id);
  const account = accountOfKeyId(id);
  if (account !== undefined) withAccount(told, account);
  told.fact('region', region).fact('service', service);
  const signed = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '');
  if (signed) {
    const [date, time] = [signed.slice(1, 4).join('-'), signed.slice(4).join(':')];
    const at = Date.parse(`${date}T${time}Z`) / 1000;
    told.date('issued', at).expires(at + Number(query.get('X-Amz-Expires') ?? Number.NaN), now);
  }
  return told;
}

/** Session tokens name the region of the service that issued them near their start. */
function readSessionToken(value: string): TokenFacts | undefined {
  if (value.length < 200) return undefined;
  const bytes = decodeBase64(value.slice(0, 160));
  if (!bytes) return undefined;
  const text = charactersOf(bytes);
  const region = /[a-z]{2}(?:-[a-z]{3,10}){1,2}-\d/.exec(text)?.[0];
  if (!region || !/origin_|^\x14|^\x17/.test(text.slice(0, 16))) return undefined;
  return new FactsBuilder().fact('region', region);
}

/** What an ID tells of the secret key that stands beside it. */
export function factsOfPair(id: Detection): Record<string, string> {
  const { account, canary } = id.facts;
  return {
    'key ID': id.value,
    ...(account !== undefined && { account }),
    ...(canary !== undefined && { canary }),
  };
}

/** Writes into the ID's own finding whether its secret key was found beside it. */
export function notePair(id: Detection, secrets: number): void {
  if (!/^A[KS]IA/.test(id.value)) return;
  id.facts['secret key'] = secrets > 0 ? 'stands beside it' : 'not beside it';
  if (secrets > 0) id.why.push('its secret key stands beside it');
}
