/**
 * Passwords in cloud-init's user data: `password`, `plain_text_passwd`, and the users of `chpasswd`, as a block, as a
 * list, and as text in quotes. Described in cloud-init's manual, modules `cc_users_groups` and `cc_set_passwords`.
 */
import { lines } from './credential-files.ts';
import type { FileReader, ReadValue } from './file-readers.ts';
import { isPasswordHash } from './not-secrets.ts';

const SETTING = /^[ \t]{0,16}(?:- )?(password|plain_text_passwd):[ \t]{1,8}(\S.{0,511})$/;
const LIST = /^([ \t]{0,16})list:[ \t]*(?:[|>][+-]?\d?)?[ \t]*$/;
const ENTRY = /^([ \t]{0,24})(- )?["']?([\w.-]{1,32}):([^\s"'].{0,511})$/;
/** What makes cloud-init draw a password. */
const DRAWN = /^(?:R|RANDOM)$/;

function readCloudInit(text: string): ReadValue[] {
  if (!/^#cloud-config|^chpasswd:/m.test(text)) return [];
  let indent = -1; // of the list at hand
  return lines(text).flatMap(({ line, at }): ReadValue[] => {
    const list = LIST.exec(line);
    if (list) indent = (list[1] as string).length;
    if (list || line.trim() === '') return [];
    const [, before = '', item, user = '', rest = ''] = (indent >= 0 && ENTRY.exec(line)) || [];
    if (user !== '' && before.length + (item === undefined ? 0 : 1) > indent)
      return passwordOf(rest, at + line.length - rest.length, user);
    indent = -1;
    const [, , written = ''] = SETTING.exec(line) ?? [];
    return written === '' ? [] : passwordOf(written, at + line.length - written.length);
  });
}

/** A password without its quotes and what is remarked behind it. */
function passwordOf(written: string, at: number, user?: string): ReadValue[] {
  const [, quoted = '', value = ''] = /^(["'])(.*?)\1[ \t]*(?:#.*)?$/.exec(written) ?? [
    undefined,
    '',
    written,
  ];
  const plain = value.replace(/[ \t]+#.*$|["'][ \t]*$/, '').trimEnd();
  if (plain === '' || DRAWN.test(plain) || /^[{[&*!|>]/.test(plain)) return [];
  const where = `${user === undefined ? '' : `of the user ${user} `}in a configuration of cloud-init`;
  const what = isPasswordHash(plain) ? { hash: true } : { kind: 'password' as const };
  return [{ name: 'password', at: at + quoted.length, length: plain.length, where, ...what }];
}

/** The reader for user data and what else cloud-init is configured by. */
export const CLOUD_INIT_READER: FileReader = {
  triggers: ['#cloud-config', 'chpasswd:'],
  read: readCloudInit,
};
