/** Key material, frameworks and password hashes. */
import { NEW_KEY, NEW_PAIR } from '../advice.ts';
import { type FormatRow, row } from './row.ts';

/** Rows of the table, in the order in which they are tried. */
export const KEYS: readonly FormatRow[] = [
  row('age-identity', 'age', 'Private key of the tool age', 'AGE-SECRET-KEY-1{BECH:58}', 'critical', '', { check: 'bech32', step: 'Make a new key, and encrypt anew what was encrypted to this one.' }),
  row('age-plugin', 'age', 'Plugin identity of the tool age', 'AGE-PLUGIN-{u36:2-12}-1{BECH:40-100}', 'medium', '', { check: 'bech32', lenient: true, step: 'Make a new key, and encrypt anew what was encrypted to this one.' }),
  row('age-recipient', 'age', 'Public key of the tool age', 'age1{bech:58}', 'info', '', { check: 'bech32' }),
  row('tor-hs-key', 'Tor', 'Tor onion service key', '== ed25519v1-secret: type0 ==', 'critical', '', { step: 'Make a new service key; the address changes with it.' }),
  row('gpg-agent-key', 'GnuPG', 'GnuPG agent key (protected by a passphrase)', '(21:protected-private-key', 'medium', '', { step: 'Replace the key if its passphrase may be guessed.' }),
  row('gpg-agent-open', 'GnuPG', 'GnuPG agent key (without a passphrase)', '(11:private-key({3:rsa|3:dsa|3:ecc|3:elg}(', 'critical', '', { step: 'Replace the key, and revoke the old one with gpg.' }),
  row('gpg-agent-open-text', 'GnuPG', 'GnuPG agent key (without a passphrase)', 'Key: (private-key ({rsa|dsa|ecc|elg} (', 'critical', '', { step: 'Replace the key, and revoke the old one with gpg.' }),
  row('minisign-open', 'minisign', 'minisign secret key (without a password)', 'RWQAAEIy{b64:203}=', 'critical', '', { step: NEW_PAIR }),
  row('minisign-sealed', 'minisign', 'minisign secret key (under a password)', 'RWRTY0Iy{b64:203}=', 'medium', '', { step: NEW_PAIR }),
  row('signify-open', 'signify', 'signify secret key (without a password)', 'RWRCSwAAAAA{b64:128}=', 'critical', '', { step: NEW_PAIR }),
  row('signify-sealed', 'signify', 'signify secret key (under a password)', 'RWRCSwAAACo{b64:128}=', 'medium', '', { step: NEW_PAIR }),
  row('wireguard-preshared', 'WireGuard', 'WireGuard preshared key', '{b64:43}=', 'high', '', { context: '=presharedkey', step: NEW_KEY }),
  row('wireguard-private', 'WireGuard', 'WireGuard private key', '{b64:43}=', 'critical', '', { context: 'wireguard =wg', step: NEW_KEY }),
  row('nkey-seed', 'NATS', 'NATS NKEY seed', 'S{U|A|O|N|C}A{b32:55}', 'critical', '', { check: 'crc16-base32', step: 'Revoke it with nsc.' }),
  row('vapid', 'Web Push', 'VAPID private key', '{b64u:43}', 'medium', '', { context: 'vapid', step: NEW_KEY }),
  row('django-secret', 'Django', 'Django SECRET_KEY (generated default)', 'django-insecure-{django:50}', 'high', '', { step: NEW_KEY }),
  row('flask-secret', 'Flask', 'Flask SECRET_KEY', '{hex:48}', 'high', '', { context: 'flask', step: NEW_KEY }),
  row('rails-master', 'Rails', 'Rails master key', '{hex:32}', 'critical', '', { context: 'masterkey railsmasterkey', key: 'master', step: NEW_KEY }),
  row('rails-secret-key-base', 'Rails', 'Rails secret_key_base', '{hex:128}', 'critical', '', { context: 'secretkeybase rails', step: NEW_KEY }),
  row('laravel-app-key', 'Laravel', 'Laravel APP_KEY', 'base64:{b64:43}=', 'high', '', { context: 'laravel =app', step: NEW_KEY }),
  row('symfony-secret', 'Symfony', 'Symfony APP_SECRET', '{hex:32}', 'high', '', { context: 'symfony', step: NEW_KEY }),
  row('aspnet-machinekey', 'ASP.NET', 'ASP.NET machine key', '(validationKey="){HEX:40-128}', 'critical', '', { step: NEW_KEY }),
  row('fernet', 'Fernet', 'Fernet key', '{b64u:43}=', 'critical', '', { context: 'fernet', step: NEW_KEY }),
  row('bcrypt', '', 'Password hash (bcrypt)', '$2{a|b|y}${dig:2}${crypt:53}', 'info', '', { step: 'Change the password.' }),
  row('md5crypt', '', 'Password hash (MD5 crypt)', '$1${crypt:1-8}${crypt:22}', 'info', '', { step: 'Change the password.' }),
  row('sha256crypt', '', 'Password hash (SHA-256 crypt)', '$5${crypt:1}{salt:0-32}${crypt:43}', 'info', '', { step: 'Change the password.' }),
  row('sha512crypt', '', 'Password hash (SHA-512 crypt)', '$6${crypt:1}{salt:0-32}${crypt:86}', 'info', '', { step: 'Change the password.' }),
  row('yescrypt', '', 'Password hash (yescrypt)', '$y$j9T${crypt:1-86}${crypt:43}', 'info', '', { step: 'Change the password.' }),
  row('cisco-type8', '', 'Password hash (Cisco type 8)', '$8${crypt:14}${crypt:43}', 'info', '', { step: 'Change the password.' }),
  row('krb5asrep', '', 'Kerberos AS-REP hash', '$krb5asrep$23${user:3-80}:{hex:32}${hex:64-2000}', 'low', '', { step: 'Change the password.' }),
  row('htpasswd', '', 'Password hash (Apache MD5)', '$apr1${crypt:1-8}${crypt:22}', 'info', '', { step: 'Change the password.' }),
];
