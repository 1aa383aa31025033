/**
 * Kubernetes Secrets, whose `data` is in base64 and whose `stringData` is plain, as YAML and as JSON; and
 * the keys and tokens of kubeconfigs. Described in the Kubernetes reference, `Secret v1`.
 */
import { base64Text } from './base64-text.ts';
import { looksRandom } from './entropy.ts';
import type { ReadValue } from './file-readers.ts';
import { type NameKind, secretKind } from './names.ts';
import { readsAsChosen } from './word-passwords.ts';

const SECTION = /^([ \t]{0,16})(?:- )?(data|stringData):[ \t]*\r?$/;
const ENTRY = /^([ \t]{1,20})["']?([\w.-]{1,253})["']?:[ \t]{1,8}(?:!!binary[ \t])?(.{1,65535})$/;
const JSON_SECTION = /"(data|stringData)"\s{0,40}:\s{0,40}\{([^{}]{0,262144})\}/g;
const JSON_ENTRY = /"([\w.-]{1,253})"\s{0,40}:\s{0,40}"((?:[^"\\]|\\.){1,65535})"/g;
const KUBECONFIG =
  /^[ \t-]{1,20}(client-key-data)["']?:[ \t]{1,8}["']?([A-Za-z0-9+/=]{40,16384})/gm;

const ACCOUNT_KEY = /^(?:admin(?:istrator)?|root|superuser|postgres|sa|replication|default)$/i;

/** What a Secret holds, decoded. */
export function readKubernetesSecrets(text: string): ReadValue[] {
  const values: ReadValue[] = [];
  let at = 0;
  for (const document of text.split(/^(?=---)/m)) {
    if (/^[ \t]{0,16}(?:- )?kind:[ \t]+["']?Secret["']?[ \t]*\r?$/m.test(document)) {
      values.push(...readYaml(document, at));
    }
    at += document.length;
  }
  if (!/"kind"\s{0,40}:\s{0,40}"Secret"/.test(text)) return values;
  for (const section of text.matchAll(JSON_SECTION)) {
    const [whole, field = '', body = ''] = section;
    const from = section.index + whole.length - 1 - body.length;
    for (const entry of body.matchAll(JSON_ENTRY)) {
      const [pair, key = '', value = ''] = entry;
      push(values, field, key, value, from + entry.index + pair.length - 1 - value.length);
    }
  }
  return values;
}

/** The client key of a kubeconfig, a PEM block in base64. */
export function readKubeconfig(text: string): ReadValue[] {
  return [...text.matchAll(KUBECONFIG)].flatMap((match): ReadValue[] => {
    const [whole, name = '', coded = ''] = match;
    const value = base64Text(coded);
    const at = match.index + whole.length - coded.length;
    return value === undefined
      ? []
      : [{ name, at, length: coded.length, value, where: 'in a kubeconfig' }];
  });
}

function readYaml(document: string, start: number): ReadValue[] {
  const values: ReadValue[] = [];
  let field = '';
  let indent = -1;
  let at = start;
  for (const line of document.split('\n')) {
    const section = SECTION.exec(line);
    if (section) {
      indent = section[1]?.length ?? 0;
      field = section[2] as string;
    } else if (field !== '') {
      const entry = ENTRY.exec(line);
      const inner = entry?.[1]?.length ?? 0;
      if (entry && inner > indent) {
        const value = (entry[3] as string).trim().replace(/^(["'])(.*)\1$/, '$2');
        push(values, field, entry[2] as string, value, at + line.lastIndexOf(value));
      } else if (/^\S/.test(line) || (line.trim() !== '' && line.search(/\S/) <= indent))
        field = '';
    }
    at += line.length + 1;
  }
  return values;
}

/** In a Secret a plain `key` is one too, and so is what looks drawn at random; a certificate or a name is none. */
function kindIn(key: string, plain: string): NameKind | undefined {
  const named = secretKind(key);
  if (
    named ||
    /(?:crt|cert|ca|pub|public|pem|user|username|host|name|id|email|url|uri)$/i.test(key)
  )
    return named;
  // Under an account's name stands its password.
  if (ACCOUNT_KEY.test(key) && readsAsChosen(plain.trim())) return 'password';
  return /(?:^|[._-])(?:key|value|auth|pass)$/i.test(key) || looksRandom(plain)
    ? 'secret'
    : undefined;
}

function push(values: ReadValue[], field: string, key: string, written: string, at: number): void {
  const value = field === 'data' ? base64Text(written) : undefined;
  const kind = kindIn(key, value ?? written);
  const base = {
    name: key,
    at,
    length: written.length,
    ...(kind && { kind }),
    where: 'in a Kubernetes Secret',
  };
  if (field === 'stringData') {
    if (!/^[|>][+-]?\d?$/.test(written)) values.push(base);
    return;
  }
  if (value === undefined) return;
  values.push({ ...base, value: value.trimEnd(), coded: 'in base64, which hides nothing' });
}
