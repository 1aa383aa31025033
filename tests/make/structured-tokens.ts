/** Tokens whose structure decodes: what the engine checks, computed forwards and apart from it. */
import { createHash } from 'node:crypto';
import { crc32 } from '../../src/engine/archive/crc32.ts';
import { marvin32 } from '../../src/engine/secrets/marvin.ts';
import type { StructureName } from '../../src/engine/secrets/token-structure.ts';
import type { Numbers } from './secret-examples.ts';

const SEEDS: Partial<Record<StructureName, string>> = {
  'azure-eventgrid': 'SendRecv',
  'azure-container-registry': 'ACRDflt0',
  'azure-batch': 'AbAcct00',
  'azure-functions': 'System00',
  'azure-redis': 'Access00',
  'azure-storage': 'Default0',
  'azure-search': 'PAdmin00',
  'azure-ml': 'Classic0',
  'azure-apim': 'Gatewy00',
};

const CONNECTION_SEEDS: Partial<Record<StructureName, string>> = {
  'cosmos-key': 'MastRW00',
  'iothub-key': 'Device00',
  'servicebus-key': 'Manage00',
};

/** Gives a text that a template drew at random the structure that its format promises. */
export function structured(structure: StructureName, plain: string, next: Numbers): string {
  const seed = SEEDS[structure];
  if (seed !== undefined) return withMarvinTail(plain, seed);
  const keySeed = CONNECTION_SEEDS[structure];
  if (keySeed !== undefined) {
    const name = plain.lastIndexOf('Key=');
    const at = name < 0 ? 0 : name + 4;
    return plain.slice(0, at) + withMarvinTail(plain.slice(at), keySeed);
  }
  switch (structure) {
    case 'annotated-key':
      return annotated(plain);
    case 'base58check':
      return base58Check(plain);
    case 'base64-id': {
      const id = String(Math.floor(1e11 + next() * 2e11));
      const secret = Buffer.from(Array.from({ length: 20 }, () => next() * 256));
      const lead = plain.startsWith('BBDC-') ? 'BBDC-' : '';
      return lead + Buffer.concat([Buffer.from(`${id}:`), secret]).toString('base64');
    }
    case 'bech32':
      return bech32(plain);
    case 'crc16-base32':
      return withCrc16(plain);
    case 'devops-token':
      return devOps(plain);
    case 'discord-bot': {
      const id = `${Math.floor(1 + next() * 9)}${digits(next, 17)}`;
      return Buffer.from(id).toString('base64') + plain.slice(plain.indexOf('.'));
    }
    case 'entra-secret': {
      const sum = marvinOf(Buffer.from(plain.slice(0, -3)), 'AadPwd00');
      return plain.slice(0, -3) + inBase(BigInt(sum), ENTRA).slice(0, 3);
    }
    case 'json':
      return withJson(plain, next);
    case 'macaroon':
      return macaroon(plain, next);
    case 'reference': {
      const secret = plain.replace(/\W/g, 'x').slice(-27);
      return Buffer.from(`reftkn:01:17${digits(next, 8)}:${secret}`).toString('base64');
    }
    default:
      throw new Error(`no example of ${structure}`);
  }
}

function digits(next: Numbers, count: number): string {
  return Array.from({ length: count }, () => Math.floor(next() * 10)).join('');
}

function inBase(value: bigint, alphabet: string): string {
  let text = '';
  for (let rest = value; rest > 0n; rest /= BigInt(alphabet.length))
    text = (alphabet[Number(rest % BigInt(alphabet.length))] ?? '') + text;
  return text;
}

function marvinOf(bytes: Buffer, seed: string): number {
  const halves = Buffer.from(seed);
  return marvin32(new Uint8Array(bytes), halves.readUInt32BE(0), halves.readUInt32BE(4));
}

function withMarvinTail(plain: string, seed: string): string {
  const url = /[-_]/.test(plain);
  const bytes = Buffer.from(plain, 'base64');
  bytes.writeUInt32LE(marvinOf(bytes.subarray(0, -4), seed), bytes.length - 4);
  const text = bytes.toString('base64');
  return url ? text.replaceAll('+', '-').replaceAll('/', '_') : text;
}

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const ENTRA = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ1234567890.-_~';

function annotated(plain: string): string {
  const body = plain.slice(0, 80);
  const sum = Buffer.alloc(4);
  sum.writeUInt32LE(marvinOf(Buffer.from(body, 'base64'), 'Default0'));
  const base62 = inBase(BigInt(sum.readUInt32BE()), BASE62).padEnd(6, '0');
  return body + base62.slice(0, 4);
}

const BASE58 = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';

/** A key of a wallet: its version as the first characters tell it, then random bytes. */
function base58Check(plain: string): string {
  const sha = (bytes: Buffer): Buffer => createHash('sha256').update(bytes).digest();
  const filler = createHash('sha512').update(plain).digest();
  const version: Record<string, string> = {
    x: '0488ade4',
    t: '04358394',
    y: '049d7878',
    z: '04b2430c',
  };
  const extended = version[plain[0] ?? ''];
  const body = extended
    ? Buffer.concat([Buffer.from(extended, 'hex'), filler, filler]).subarray(0, 78)
    : Buffer.concat([
        Buffer.from([0x80]),
        filler.subarray(0, 32),
        Buffer.from(plain.startsWith('5') ? [] : [1]),
      ]);
  const whole = Buffer.concat([body, sha(sha(body)).subarray(0, 4)]);
  return inBase(BigInt(`0x${whole.toString('hex')}`), BASE58);
}

const BECH32 = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

function bech32(plain: string): string {
  const one = plain.lastIndexOf('1');
  const lower = plain.toLowerCase();
  const head = Array.from(lower.slice(0, one), (character) => character.charCodeAt(0));
  const data = Array.from(lower.slice(one + 1, -6), (character) => BECH32.indexOf(character));
  const values = [...head.map((c) => c >> 5), 0, ...head.map((c) => c & 31), ...data];
  let sum = 1n;
  for (const value of [...values, 0, 0, 0, 0, 0, 0]) {
    const top = sum >> 25n;
    sum = ((sum & 0x1ffffffn) << 5n) ^ BigInt(value);
    const words = [0x3b6a57b2n, 0x26508e6dn, 0x1ea119fan, 0x3d4233ddn, 0x2a1462b3n];
    words.forEach((word, i) => {
      if ((top >> BigInt(i)) & 1n) sum ^= word;
    });
  }
  sum ^= 1n;
  const tail = [5, 4, 3, 2, 1, 0].map((i) => BECH32[Number((sum >> BigInt(5 * i)) & 31n)]).join('');
  return plain.slice(0, -6) + (plain === plain.toUpperCase() ? tail.toUpperCase() : tail);
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function toBits(plain: string): string {
  return Array.from(plain.toUpperCase(), (digit) =>
    BASE32.indexOf(digit).toString(2).padStart(5, '0'),
  ).join('');
}

function fromBits(bits: string): string {
  return (bits.match(/.{1,5}/g) ?? [])
    .map((five) => BASE32[parseInt(five.padEnd(5, '0'), 2)])
    .join('');
}

function bytesOf(bits: string): number[] {
  return (bits.match(/.{8}/g) ?? []).map((eight) => parseInt(eight, 2));
}

function withCrc16(plain: string): string {
  const bytes = bytesOf(toBits(plain));
  let sum = 0;
  for (const byte of bytes.slice(0, -2)) {
    for (let bit = 7; bit >= 0; bit--) {
      const out = ((sum >> 15) ^ (byte >> bit)) & 1;
      sum = ((sum << 1) & 0xffff) ^ (out ? 0x1021 : 0);
    }
  }
  const whole = [...bytes.slice(0, -2), sum & 255, sum >> 8];
  return fromBits(whole.map((byte) => byte.toString(2).padStart(8, '0')).join(''));
}

function devOps(plain: string): string {
  const bytes = bytesOf(toBits(plain));
  const others = bytes.filter((_, at) => ![2, 7, 8, 22].includes(at));
  const sum = (crc32(Uint8Array.from(others)) ^ 0xe0b9692d) >>> 0;
  [22, 8, 7, 2].forEach((at, i) => (bytes[at] = (sum >>> (8 * i)) & 255));
  return fromBits(bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('')).toLowerCase();
}

/** Objects by the base64 of how they begin, open where a filler of any length goes. */
const OBJECTS: [string, (filler: string) => string][] = [
  ['eyJhdXRocyI6', (filler) => `{"auths":{"registry.example":{"auth":"${filler}"}}}`],
  ['eyJpYXQiO', (filler) => `{"iat":1700000000.5,"url":"https://x.example","org":"${filler}"}`],
  ['eyJrIjoi', (filler) => `{"k":"${filler}","n":"a name","id":1}`],
  ['eyJ1', (filler) => `{"u":"somebody","a":"${filler}"}`],
  ['eyJ', (filler) => `{"o":"${filler}","m":{"r":"x"}}`],
];

function withJson(plain: string, next: Numbers): string {
  const at = plain.indexOf('eyJ');
  const made = OBJECTS.find(([start]) => plain.startsWith(start, at))?.[1];
  if (!made) throw new Error(`no object begins like this: ${plain}`);
  const tail = /[._][\w-]{22,43}$/.exec(plain)?.[0] ?? '';
  const room = Math.floor(((plain.length - at - tail.length) * 3) / 4);
  let filler = '';
  while (made(filler).length < room || made(filler).length % 3 !== 0)
    filler += BASE62[Math.floor(next() * 62)] ?? '';
  return plain.slice(0, at) + Buffer.from(made(filler)).toString('base64') + tail;
}

function macaroon(plain: string, next: Numbers): string {
  const field = (type: number, content: Buffer): Buffer =>
    Buffer.concat([Buffer.from([type, content.length]), content]);
  const end = Buffer.from([0]);
  const location = plain.includes('AgEN') ? 'test.pypi.org' : 'pypi.org';
  const bytes = Buffer.concat([
    Buffer.from([2]),
    field(1, Buffer.from(location)),
    field(2, Buffer.from(digits(next, 36))),
    end,
    field(2, Buffer.from(`[1, ["project-${digits(next, 4)}"]]`)),
    end,
    end,
    field(6, createHash('sha256').update(plain).digest()),
  ]);
  return `pypi-${bytes.toString('base64url')}`;
}
