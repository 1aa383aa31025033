/** Package registries. */
import { type FormatRow, row } from './row.ts';

/** Rows of the table, in the order in which they are tried. */
export const REGISTRIES: readonly FormatRow[] = [
  row('artifactory-apikey', 'JFrog', 'JFrog Artifactory API key', 'AKCp{b58:69}', 'critical', ''),
  row('artifactory-ref', 'JFrog', 'JFrog reference token', 'cmVmdGtu{b64:56}', 'critical', '', { check: 'reference' }),
  row('cloudsmith', 'Cloudsmith', 'Cloudsmith API key', 'csa_{hex:30}{b62:6}', 'high', 'cloudsmith.io/user/settings/api'),
  row('cloudsmith-legacy', 'Cloudsmith', 'Cloudsmith API key (old)', '{hex:40}', 'high', 'cloudsmith.io/user/settings/api', { context: 'cloudsmith' }),
  row('packagecloud', 'packagecloud', 'packagecloud API token', '{hex:48}', 'high', 'packagecloud.io/api_token', { context: 'packagecloud' }),
  row('packagist-private', 'Private Packagist', 'Private Packagist token', 'packagist_{out|ort|uut|uur|cut|cur|ack|acs}_{hex:28-96}', 'high', 'packagist.com'),
  row('nuget', 'NuGet', 'NuGet API key', 'oy2{lb32:43}', 'critical', 'www.nuget.org/account/apikeys'),
  row('pypi', 'PyPI', 'PyPI upload token', 'pypi-AgEIcHlwaS5vcmc{b64u:85-2000}', 'critical', 'pypi.org/manage/account/', { check: 'macaroon' }),
  row('pypi-test', 'TestPyPI', 'TestPyPI upload token', 'pypi-AgENdGVzdC5weXBpLm9yZw{b64u:85-2000}', 'low', 'test.pypi.org/manage/account/', { check: 'macaroon' }),
  row('npm', 'npm', 'npm access token', 'npm_{b62:30}{b62:6!}', 'critical', 'www.npmjs.com/settings/~/tokens', { check: 'crc32-base62' }),
  row('npm-legacy', 'npm', 'npm access token (old)', '{uuid}', 'critical', 'www.npmjs.com/settings/~/tokens', { context: '=npm npmjs npmrc' }),
  row('rubygems', 'RubyGems', 'RubyGems API key', 'rubygems_{hex:48}', 'critical', 'rubygems.org/profile/api_keys'),
  row('crates-io', 'crates.io', 'crates.io API token', 'cio{b62:32}', 'critical', 'crates.io/settings/tokens', { context: 'crates cratesio cargo' }),
  row('clojars', 'Clojars', 'Clojars deploy token', 'CLOJARS_{hex:60}', 'critical', 'clojars.org/tokens'),
  row('gemfury', 'Gemfury', 'Gemfury token', '{b62:20}', 'high', 'manage.fury.io/manage', { context: 'gemfury =fury' }),
  row('hex-pm', 'Hex.pm', 'Hex.pm API key', '{hex:32}', 'high', 'hex.pm/dashboard/keys', { context: 'hexapikey' }),
  row('dependency-track', 'Dependency-Track', 'Dependency-Track API key', 'odt_{b62:32}', 'medium', ''),
  row('pyx-v1', 'Astral pyx', 'pyx API key', 'sk-pyx-{b62:45-80}', 'high', 'astral.sh/pyx'),
];
