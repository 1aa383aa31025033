/** WireGuard's private keys: only their name and the clamping of their 32 bytes tell them. */
import { REBUILD, REPLACE_PAIR } from './advice.ts';
import type { Detection, NamedValue, Rule } from './finding.ts';
import { readWireguard } from './keys/x25519-key.ts';

const WIREGUARD: Rule = {
  id: 'wireguard-private',
  title: 'WireGuard private key',
  provider: 'WireGuard',
  severity: 'critical',
  revoke: '',
  steps: [REPLACE_PAIR, REBUILD],
};

/** The `PrivateKey` of an interface, before where it stands is looked at. */
export function wireguardKey(named: NamedValue, value: string): Detection | undefined {
  if (value.length !== 44 || !/(?:^|[._-])private_?key$/i.test(named.name)) return undefined;
  const told = readWireguard(value);
  return (
    told && {
      rule: WIREGUARD,
      severity: 'critical',
      confidence: 'high',
      value,
      why: ['32 bytes in the form of a WireGuard private key', `bound to the name ${named.name}`],
      facts: told.facts,
      name: named.name,
    }
  );
}
