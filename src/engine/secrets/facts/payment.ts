/** Payment: whether a key is live or for tests, and whose it is. */
import { FactsBuilder, type TokenFacts } from './token-facts.ts';

/** Words by which providers say that money is not real. */
const TEST = /^(?:test|sandbox|sdbx|development|dev|tst|hmlg|rma_sandbox)$/i;
const LIVE = /^(?:live|production|prod)$/i;

/** The environment word in the front of any key, as `mode`: `live` or `test`. A test key opens no money. */
export function readMode(value: string): FactsBuilder | undefined {
  for (const word of value.slice(0, 40).split(/[_.$:-]/)) {
    if (LIVE.test(word)) return new FactsBuilder().fact('mode', 'live');
    if (TEST.test(word)) return testMode();
  }
  return undefined;
}

function testMode(): FactsBuilder {
  return new FactsBuilder()
    .fact('mode', 'test')
    .weighs('low')
    .because('is for tests, by its own word');
}

/** Stripe: the mode, and in keys of today the account, which follows a 5. */
export function readStripe(value: string): TokenFacts | undefined {
  const match = /^[srp]k_(live|test|prod)_(?:5(1[0-9A-Za-z]{15}))?/.exec(value);
  if (!match) return undefined;
  const told = match[1] === 'test' ? testMode() : new FactsBuilder().fact('mode', 'live');
  if (match[2] !== undefined) told.fact('account', `acct_${match[2]}`);
  if (value.startsWith('rk')) told.fact('scope', 'restricted');
  if (value.startsWith('pk')) told.weighs('info').because('publishable: made to be seen');
  return told;
}

/** Braintree: environment and merchant. */
export function readBraintree(value: string): TokenFacts | undefined {
  const match = /^access_token\$(\w{4,12})\$([0-9a-z]{16})\$/.exec(value);
  return match ? readMode(match[1] as string)?.fact('merchant', match[2]) : undefined;
}

/** Flutterwave: test keys say so, and live ones say nothing. */
export function readFlutterwave(value: string): TokenFacts | undefined {
  if (!/^FLW(?:SEC|PUB)K/.test(value)) return undefined;
  return /^FLW\w+K_TEST-/.test(value) ? testMode() : new FactsBuilder().fact('mode', 'live');
}

/** EasyPost: the third letter tells the mode. */
export function readEasypost(value: string): TokenFacts | undefined {
  if (value.startsWith('EZTK')) return testMode();
  return value.startsWith('EZAK') ? new FactsBuilder().fact('mode', 'live') : undefined;
}

/** Square: what sort of token it is. */
export function readSquare(value: string): TokenFacts | undefined {
  const word = /^(?:sandbox-)?sq0(atp|csp|idp)-/.exec(value)?.[1];
  if (word === undefined) return undefined;
  const told = value.startsWith('sandbox-') ? testMode() : new FactsBuilder();
  const kinds = { atp: 'access token', csp: 'application secret', idp: 'application ID' };
  return told.fact('kind', kinds[word as keyof typeof kinds]);
}

/** Paddle: the mode and the key's ID. */
export function readPaddle(value: string): TokenFacts | undefined {
  const match = /^pdl_(live|sdbx)_apikey_([0-9a-z]{26})_/.exec(value);
  return match ? readMode(match[1] as string)?.fact('key ID', match[2]) : undefined;
}
