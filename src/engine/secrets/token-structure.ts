/** Structure that a token's own form promises: what it decodes to, and checksums inside. */
import { Sha256 } from '../archive/sha256.ts';
import { decodeBase32, decodeBase58 } from './base-encodings.ts';
import { decodeBase64 } from './facts/encodings.ts';
import { hasMarvinTail, isAnnotatedKey, isDevOpsToken, isEntraSecret } from './marvin.ts';

/** Names of the structures, as format rows refer to them. */
export type StructureName = keyof typeof STRUCTURES;

const STRUCTURES = {
  'annotated-key': isAnnotatedKey,
  'azure-container-registry': marvin('ACRDflt0'),
  'azure-batch': marvin('AbAcct00'),
  'azure-functions': marvin('Functi00', 'System00', 'Master00'),
  'azure-redis': marvin('Access00'),
  'cosmos-key': keyed(
    ...['MastRO00', 'MastRW00', 'SysAll00', 'Resour00', 'SystRO00', 'SystRW00', 'Encryp00'],
  ),
  'iothub-key': keyed('IoTHub00', 'DpsKey00', 'Device00'),
  'servicebus-key': keyed('Send0000', 'Manage00', 'Listen00', 'System00', 'Unknown0'),
  'azure-storage': keyed('Default0'),
  'azure-search': marvin('Query000', 'PAdmin00'),
  'azure-ml': marvin('Classic0'),
  'azure-apim': marvin('Tenant00', 'IoTHub00', 'Gatewy00', 'GitKey00'),
  'azure-eventgrid': marvin('SendRecv'),
  base58check: isBase58Check,
  'base64-id': (token: string) => /^\d{1,19}:/.test(decoded(token.replace(/^BBDC-/, ''))),
  bech32: isBech32,
  'crc16-base32': isCrc16Base32,
  'devops-token': isDevOpsToken,
  'discord-bot': (token: string) => /^\d{17,20}$/.test(decoded(token.slice(0, token.indexOf('.')))),
  'entra-secret': isEntraSecret,
  json: holdsJson,
  macaroon: isMacaroon,
  reference: (token: string) => /^reftkn:\d{1,3}:\d{10,13}:\w+$/.test(decoded(token)),
};

/** Whether a token has the structure that its format promises. Never throws. */
export function hasStructure(structure: StructureName, token: string): boolean {
  return STRUCTURES[structure](token);
}

/** Whether a check is one of structure. */
export function isStructure(check: string): check is StructureName {
  return check in STRUCTURES;
}

/** Structures that are a checksum over the whole value: a wrong one proves that a service refuses it. */
const SUMS: ReadonlySet<string> = new Set(['base58check', 'crc16-base32', 'devops-token']);

/** Whether a check is such a checksum. */
export function isSum(check: string | undefined): boolean {
  return check !== undefined && SUMS.has(check);
}

function marvin(...seeds: string[]): (token: string) => boolean {
  return (token) => hasMarvinTail(token, seeds);
}

/** Such a key, or a connection string that ends in one. */
function keyed(...seeds: string[]): (token: string) => boolean {
  return (token) => hasMarvinTail(token.replace(/^.*;\w+Key=/, ''), seeds);
}

function decoded(text: string): string {
  const bytes = decodeBase64(text);
  return bytes ? String.fromCharCode(...bytes.subarray(0, 512)) : '';
}

/** Base64 of a JSON object, wherever in the token `{"` begins. */
function holdsJson(token: string): boolean {
  const text = /eyJ[\w+/-]+/.exec(token)?.[0] ?? '';
  // Sentry joins the object and the secret with an underscore, which base64url has too.
  const ends = [text.length, text.lastIndexOf('_')];
  return ends.some((end) => {
    const bytes = end > 0 ? decodeBase64(text.slice(0, end)) : undefined;
    if (!bytes) return false;
    try {
      return typeof JSON.parse(new TextDecoder().decode(bytes)) === 'object';
    } catch {
      return false;
    }
  });
}

/** Four bytes at the end are the first of the double SHA-256 of all before (Bitcoin). */
function isBase58Check(token: string): boolean {
  const bytes = decodeBase58(token);
  if (!bytes || bytes.length < 8) return false;
  const once = new Sha256().update(bytes.subarray(0, -4)).digest();
  const twice = new Sha256().update(once).digest();
  return bytes.subarray(-4).every((byte, i) => byte === twice[i]);
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';
const BECH32_GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];

/** BIP 173's checksum over the part before the last 1 and the digits after it. */
function isBech32(token: string): boolean {
  const text = token.toLowerCase();
  const one = text.lastIndexOf('1');
  const codes = Array.from(text.slice(0, one), (character) => character.charCodeAt(0));
  const digits = Array.from(text.slice(one + 1), (character) => BECH32.indexOf(character));
  if (one < 1 || digits.includes(-1)) return false;
  let sum = 1;
  for (const value of [...codes.map((c) => c >> 5), 0, ...codes.map((c) => c & 31), ...digits]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ value;
    for (const [i, word] of BECH32_GENERATOR.entries()) if ((top >> i) & 1) sum ^= word;
  }
  return sum === 1;
}

/** Stellar's and NATS's keys: the last two bytes are the CRC-16/XMODEM of all before, low byte first. */
function isCrc16Base32(token: string): boolean {
  const bytes = decodeBase32(token);
  if (!bytes || bytes.length < 8) return false;
  let sum = 0;
  for (const byte of bytes.subarray(0, -2)) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      sum = (sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1) & 0xffff;
  }
  return bytes.at(-2) === (sum & 255) && bytes.at(-1) === sum >> 8;
}

const END = 0;
const LOCATION = 1;
const IDENTIFIER = 2;
const SIGNATURE = 6;

/** A macaroon of version 2: a location, an identifier, caveats in sections, and a signature. */
function isMacaroon(token: string): boolean {
  const bytes = decodeBase64(token.slice(token.indexOf('-') + 1));
  if (bytes?.[0] !== 2) return false;
  let at = 1;
  const types: number[] = [];
  let length = 0;
  while (at < bytes.length) {
    const type = bytes[at++] as number;
    types.push(type);
    if (type === END) continue;
    length = 0;
    for (let shift = 0; at < bytes.length && shift < 28; shift += 7) {
      const byte = bytes[at++] as number;
      length |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    at += length;
  }
  return (
    at === bytes.length &&
    types[0] === LOCATION &&
    types[1] === IDENTIFIER &&
    types.at(-1) === SIGNATURE &&
    length === 32
  );
}
