/** Passwords that manuals and tools set for keystores: they are tried, since with them a store is open to anyone. */
export const COMMON_PASSWORDS: readonly string[] = [
  'changeit',
  'changeme',
  'password',
  'secret',
  '',
  'keystore',
  '123456',
  'test123',
];
