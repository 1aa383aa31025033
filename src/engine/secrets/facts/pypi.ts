/**
 * PyPI's upload tokens: macaroons in the binary format 2 of libmacaroons, whose caveats (JSON, as the
 * Warehouse defines them) say what they may do and until when.
 */
import { charactersOf } from '../../archive/plain-text.ts';
import { decodeBase64, isObject, parseObject, utf8 } from './encodings.ts';
import { FactsBuilder, type TokenFacts } from './token-facts.ts';

/** A macaroon's readable parts. */
interface Macaroon {
  location: string;
  identifier: string;
  caveats: string[];
}

const FIELD = { end: 0, location: 1, identifier: 2, verification: 4, signature: 6 } as const;
const MOST_CAVEATS = 64;

/** Reads `pypi-` and a macaroon. */
export function readPypi(value: string, now: number): TokenFacts | undefined {
  if (!value.startsWith('pypi-')) return undefined;
  const bytes = decodeBase64(value.slice(5));
  const macaroon = bytes && readMacaroon(bytes);
  if (!macaroon) return undefined;
  const told = new FactsBuilder().proven().fact('host', macaroon.location);
  told.fact('token ID', macaroon.identifier);
  const limits: Limits = { projects: [], projectIds: [], publisher: false };
  for (const caveat of macaroon.caveats) readCaveat(caveat, limits);
  told.fact('project', limits.projects).fact('project ID', limits.projectIds);
  told.fact('user', limits.user);
  told.date('valid from', limits.notBefore).expires(limits.expires, now);
  const testing = macaroon.location === 'test.pypi.org';
  if (limits.projects.length > 0 || limits.projectIds.length > 0) {
    told.fact('scope', 'project').because('opens only the projects that it names');
    told.weighs(testing ? 'low' : 'high');
  } else if (limits.publisher) {
    told.fact('scope', 'trusted publisher').because('was issued to a trusted publisher');
    told.weighs(testing ? 'low' : 'high');
  } else {
    told.fact('scope', 'whole account').because('opens the whole account');
    told.weighs(testing ? 'low' : 'critical');
  }
  return told;
}

interface Limits {
  projects: string[];
  projectIds: string[];
  publisher: boolean;
  user?: string;
  /** Seconds since 1970; the earliest end and the latest start count. */
  expires?: number;
  notBefore?: number;
}

/** One caveat: an array with a tag, or one of the objects that came before those. */
function readCaveat(text: string, limits: Limits): void {
  const object = parseObject(text);
  if (object) {
    const permissions = object['permissions'];
    if (isObject(permissions)) limits.projects.push(...strings(permissions['projects']));
    limits.projectIds.push(...strings(object['project_ids']));
    limitTime(limits, object['exp'], object['nbf']);
    return;
  }
  let caveat: unknown;
  try {
    caveat = JSON.parse(text);
  } catch {
    return;
  }
  if (!Array.isArray(caveat)) return;
  const [tag, first, second] = caveat as unknown[];
  if (tag === 0) limitTime(limits, first, second);
  else if (tag === 1) limits.projects.push(...strings(first));
  else if (tag === 2) limits.projectIds.push(...strings(first));
  else if (tag === 3 && typeof first === 'string') limits.user = first;
  else if (tag === 4) limits.publisher = true;
}

function limitTime(limits: Limits, expires: unknown, notBefore: unknown): void {
  if (typeof expires === 'number') limits.expires = Math.min(expires, limits.expires ?? Infinity);
  if (typeof notBefore === 'number')
    limits.notBefore = Math.max(notBefore, limits.notBefore ?? -Infinity);
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** Fields of type, length and data; a zero ends each section, and the signature ends it all. */
function readMacaroon(bytes: Uint8Array): Macaroon | undefined {
  if (bytes[0] !== 2) return undefined;
  let at = 1;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; shift < 28 && at < bytes.length; shift += 7) {
      const byte = bytes[at++] as number;
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return Number.NaN;
  };
  const macaroon: Macaroon = { location: '', identifier: '', caveats: [] };
  let caveats = false;
  while (at < bytes.length && macaroon.caveats.length < MOST_CAVEATS) {
    const field = varint();
    if (field === FIELD.end) {
      caveats = true;
      continue;
    }
    const length = varint();
    if (!(length >= 0) || at + length > bytes.length) return undefined;
    const data = bytes.subarray(at, at + length);
    at += length;
    if (field === FIELD.signature) return length === 32 && caveats ? macaroon : undefined;
    if (field === FIELD.identifier) {
      const text = utf8(data);
      if (caveats) macaroon.caveats.push(text ?? '');
      else macaroon.identifier = text ?? '';
    } else if (field === FIELD.location && !caveats) macaroon.location = charactersOf(data);
    else if (field !== FIELD.location && field !== FIELD.verification) return undefined;
  }
  return undefined;
}
