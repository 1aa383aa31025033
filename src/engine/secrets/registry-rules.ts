/** Tokens of registries that have no form of their own: only the file that they stand in tells what they open. */
import { EVERY_COPY, REBUILD } from './advice.ts';
import type { Rule } from './finding.ts';

/** Of a registry of packages that is not npm's own. */
export const PACKAGE_REGISTRY_TOKEN: Rule = {
  id: 'package-registry-token',
  title: 'Token of a package registry',
  provider: '',
  severity: 'high',
  revoke: '',
  steps: [`Revoke the token at the registry. ${EVERY_COPY}`, REBUILD],
};

/** What Docker keeps after a log-in by the browser: it is exchanged for access, again and again. */
export const IDENTITY_TOKEN: Rule = {
  id: 'registry-identity-token',
  title: 'Refresh token of a container registry',
  provider: '',
  severity: 'high',
  revoke: '',
  steps: [`Revoke the sign-in at the registry. ${EVERY_COPY}`, REBUILD],
};

/** Whether a host gives out npm's own tokens. */
export function isNpmHost(host: string): boolean {
  return /^(?:registry\.npmjs\.(?:org|com)|registry\.yarnpkg\.com)(?:$|[/:])/i.test(host);
}
