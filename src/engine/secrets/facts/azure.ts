/** Azure: the service that an identifiable key belongs to and when it was made, shared access signatures, connection strings. */
import { hasStructure, type StructureName } from '../token-structure.ts';
import { FactsBuilder, type TokenFacts } from './token-facts.ts';

/** Signatures that Azure's services put at a fixed place of their keys, and whose they are. */
const SIGNATURES: Record<string, string> = {
  AzFu: 'Functions',
  AzSe: 'AI Search',
  '+ASt': 'Storage',
  ACDb: 'Cosmos DB',
  '+ABa': 'Batch',
  '+AMC': 'Machine Learning',
  APIM: 'API Management',
  AzCa: 'Cache for Redis',
  '+ACR': 'Container Registry',
  '+ASb': 'Service Bus',
  '+AEh': 'Event Hubs',
  '+ARm': 'Relay',
  AZEG: 'Event Grid',
  AIoT: 'IoT Hub',
  AZDO: 'DevOps',
};
/** Where a signature may begin: in keys of 32, 44, 52, 56 and 88 characters. */
const SIGNATURE_PLACES = [33, 42, 44, 76];
/** The checksum at the end of the keys that stand in connection strings, by the signature before it. */
const SUMS: Record<string, StructureName> = {
  '+ASt': 'azure-storage',
  ACDb: 'cosmos-key',
  '+ASb': 'servicebus-key',
  '+AEh': 'servicebus-key',
  '+ARm': 'servicebus-key',
  AIoT: 'iothub-key',
};
const PERMISSIONS: Record<string, string> = {
  r: 'read',
  a: 'add',
  c: 'create',
  w: 'write',
  d: 'delete',
  x: 'delete versions',
  y: 'delete for good',
  l: 'list',
  t: 'tags',
  f: 'filter',
  m: 'move',
  e: 'execute',
  o: 'ownership',
  p: 'permissions',
  i: 'set immutability',
  u: 'update',
};
const RESOURCES: Record<string, string> = {
  b: 'blob',
  bv: 'blob version',
  bs: 'blob snapshot',
  c: 'container',
  d: 'directory',
  f: 'file',
  q: 'queue',
  s: 'share',
  t: 'table',
};
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Any Azure value that says something. */
export function readAzure(value: string, now: number): TokenFacts | undefined {
  if (/(?:^|[?&;])sig=|SharedAccessSignature/.test(value)) return readSignature(value, now);
  if (value.includes(';')) return readConnection(value);
  return readAnnotated(value) ?? readIdentifiable(value);
}

/** A common annotated security key: 52 random characters, a marker, year and month, platform, service. */
function readAnnotated(value: string): TokenFacts | undefined {
  const match = /^[A-Za-z0-9]{52}JQQJ9(9|D|H)([A-Za-z0-9])([A-L])/.exec(value);
  if (!match || value.length < 80) return undefined;
  const [, kind, year = '', month = ''] = match;
  const told = new FactsBuilder().fact('service', SIGNATURES[value.slice(76, 80)]);
  const made = `${2024 + DIGITS.indexOf(year)}-${String(DIGITS.indexOf(month) + 1).padStart(2, '0')}`;
  told.fact('made', made).because(`says that it was made in ${made}`);
  if (kind === 'D') told.fact('kind', 'derived key');
  if (kind === 'H') told.fact('kind', 'hash of a key');
  return told;
}

function readIdentifiable(value: string): TokenFacts | undefined {
  const signature = signatureOf(value);
  return signature === undefined
    ? undefined
    : new FactsBuilder().fact('service', SIGNATURES[signature]);
}

function signatureOf(key: string): string | undefined {
  return SIGNATURE_PLACES.map((place) => key.slice(place, place + 4)).find((four) =>
    Object.hasOwn(SIGNATURES, four),
  );
}

/** A shared access signature: the query of a signed request. */
function readSignature(value: string, now: number): TokenFacts | undefined {
  const account = /https?:\/\/([a-z0-9-]{3,60})\.(\w+)\.core\.windows\.net/.exec(value);
  const marker = /SharedAccessSignature[= ]/.exec(value);
  const start = marker ? marker.index + marker[0].length : value.indexOf('?') + 1;
  const query = new URLSearchParams(value.slice(start, start + 4096));
  if (!query.has('sig')) return undefined;
  const told = new FactsBuilder().fact('account', account?.[1]).fact('service', account?.[2]);
  told.fact('resource', RESOURCES[query.get('sr') ?? ''] ?? services(query.get('ss')));
  told.fact('host', scopeOf(query.get('sr')));
  told.fact('policy', query.get('skn') ?? query.get('si'));
  const granted = Array.from(
    (query.get('sp') ?? '').slice(0, 32),
    (letter) => PERMISSIONS[letter] ?? letter,
  );
  told.fact('scope', [...new Set(granted)].slice(0, 16).join(', '));
  told.fact('addresses', query.get('sip')).fact('valid from', dateOf(query.get('st')));
  const end = query.get('se') ?? '';
  told.expires(/^\d{9,11}$/.test(end) ? Number(end) : Date.parse(end) / 1000, now);
  if (/[wdcxy]/.test(query.get('sp') ?? '') && told.facts['expired'] === undefined)
    told.because('lets its holder write');
  return told;
}

function services(letters: string | null): string | undefined {
  return letters === null
    ? undefined
    : Array.from(letters.slice(0, 4), (letter) => RESOURCES[letter] ?? letter).join(', ');
}

/** In Service Bus, Event Hubs and IoT Hub `sr` is an address. */
function scopeOf(resource: string | null): string | undefined {
  return resource !== null && resource.length > 2 ? resource.replace(/^\w+:\/\//, '') : undefined;
}

function dateOf(text: string | null): string | undefined {
  return text !== null && /^\d{4}-\d\d-\d\d/.test(text) ? text : undefined;
}

/** What a connection string's key says; those from before signatures have no checksum either. */
function tellKey(told: FactsBuilder, key: string): void {
  const signature = signatureOf(key);
  if (signature === undefined) return;
  told.fact('service', SIGNATURES[signature]);
  const sum = SUMS[signature];
  if (sum !== undefined && !hasStructure(sum, key))
    told.refuted("its key's checksum is wrong, so it cannot be a real one");
}

/** A connection string: `Name=value` joined by semicolons. */
function readConnection(value: string): TokenFacts | undefined {
  const told = new FactsBuilder();
  for (const field of value.slice(0, 4096).split(';')) {
    const at = field.indexOf('=');
    if (at < 0) continue;
    const name = field.slice(0, at).trim().toLowerCase().replace(/ /g, '');
    const text = field.slice(at + 1).trim();
    if (name === 'accountname') told.fact('account', text);
    else if (/^(?:hostname|endpoint|accountendpoint|server|datasource)$/.test(name))
      told.fact('host', text.replace(/^(?:\w+:\/\/|tcp:)/, '').replace(/\/+$/, ''));
    else if (/^(?:sharedaccesskeyname|id)$/.test(name)) told.fact('policy', text);
    else if (/^(?:userid|uid|user)$/.test(name)) told.fact('user', text);
    else if (/^(?:database|initialcatalog)$/.test(name)) told.fact('database', text);
    else if (name === 'entitypath') told.fact('entity', text);
    else if (/^(?:accountkey|sharedaccesskey)$/.test(name)) tellKey(told, text);
  }
  return Object.keys(told.facts).length > 0 ? told : undefined;
}
