/** Which reader knows what, by the rule that found a value; and how facts go into a detection. */
import { canary, notReal } from '../advice.ts';
import type { FileKind } from '../file-kind.ts';
import { type Detection, SEVERITIES, type Severity } from '../finding.ts';
import { readAge, readWireguard } from '../keys/x25519-key.ts';
import { readAws } from './aws.ts';
import { readAzure } from './azure.ts';
import {
  readArtifactory,
  readAtlassian,
  readGithub,
  readGitlab,
  readHarness,
  readSourcegraph,
} from './code-hosts.ts';
import { tellJwt } from './jwt.ts';
import {
  readDiscord,
  readHubspot,
  readMailchimp,
  readSendgrid,
  readSlack,
  readTeams,
  readTelegram,
  readTwilio,
  readWebex,
} from './messaging.ts';
import {
  readBraintree,
  readEasypost,
  readFlutterwave,
  readMode,
  readPaddle,
  readSquare,
  readStripe,
} from './payment.ts';
import { readPypi } from './pypi.ts';
import {
  readBasic,
  readDockerConfig,
  readGoogle,
  readGrafana,
  readMapbox,
  readNkey,
  readOnePassword,
  readParts,
  readSentry,
  readWrapped,
} from './services.ts';
import type { FactsReader, TokenFacts } from './token-facts.ts';

/** Readers by the first word of a rule's ID. */
const READERS: Record<string, FactsReader> = {
  age: readAge,
  artifactory: readArtifactory,
  aws: readAws,
  azure: readAzure,
  asaas: readMode,
  bitbucket: readAtlassian,
  braintree: readBraintree,
  cisco: readWebex,
  discord: readDiscord,
  docker: readDockerConfig,
  dockerconfigjson: readDockerConfig,
  duffel: readMode,
  easypost: readEasypost,
  elastic: readWrapped,
  flutterwave: readFlutterwave,
  gcp: readGoogle,
  github: readGithub,
  gitlab: readGitlab,
  gocardless: readMode,
  grafana: readGrafana,
  harness: readHarness,
  http: readBasic,
  hubspot: readHubspot,
  intercom: readWrapped,
  jira: readAtlassian,
  lob: readMode,
  mailchimp: readMailchimp,
  mapbox: readMapbox,
  mercury: readMode,
  mollie: readMode,
  nkey: readNkey,
  npmrc: readBasic,
  onepassword: readOnePassword,
  onfido: readMode,
  paddle: readPaddle,
  pagarme: readMode,
  paystack: readMode,
  persona: readMode,
  plaid: readMode,
  pypi: readPypi,
  razorpay: readMode,
  sendgrid: readSendgrid,
  sentry: readSentry,
  shippo: readMode,
  slack: readSlack,
  sourcegraph: readSourcegraph,
  square: readSquare,
  stripe: readStripe,
  stytch: readMode,
  teams: readTeams,
  telegram: readTelegram,
  twilio: readTwilio,
  wireguard: readWireguard,
  workos: readWrapped,
};

const NOTHING: TokenFacts = { facts: {}, why: [] };
const LONGEST = 16_384; // characters; no token with readable parts is longer

/**
 * What a value tells of itself, given the ID of the rule that found it; `now` in milliseconds.
 * Synchronous, without a network, linear in the value's length, and never throws.
 */
export function factsOf(ruleId: string, value: string, now = Date.now()): TokenFacts {
  if (value.length > LONGEST) return NOTHING;
  const family = /^[^-]*/.exec(ruleId)?.[0] ?? '';
  const told = (Object.hasOwn(READERS, family) ? READERS[family] : undefined)?.(value, now);
  if (told) return told;
  if (/^ey[JA]/.test(value)) return tellJwt(value, now) ?? NOTHING;
  return readParts(family, value) ?? NOTHING;
}

/**
 * Adds to a detection what its value tells. A lesser severity always counts; a greater one only outside of
 * tests and documentation, and never for a value whose checksum is wrong.
 */
export function withFacts(detection: Detection, file: FileKind, now = Date.now()): Detection {
  const told = factsOf(detection.rule.id, detection.value, now);
  const { severity, confidence } = told;
  const result: Detection = {
    ...detection,
    facts: { ...detection.facts, ...told.facts },
    why: [...detection.why, ...told.why],
  };
  if (detection.confidence === 'low') return result;
  if (told.unreal)
    return { ...result, rule: notReal(detection.rule), severity: 'info', confidence: 'low' };
  if (confidence) result.confidence = confidence;
  if (told.canary) return asCanary(result);
  if (severity && (isLess(severity, detection.severity) || !eased(file)))
    result.severity = severity;
  return result;
}

/** A detection of what belongs to a canary: worth knowing of, and nothing to revoke. */
export function asCanary(detection: Detection): Detection {
  const severity = isLess('low', detection.severity) ? 'low' : detection.severity;
  const why = [
    ...detection.why,
    'belongs to a published canary account: using it alerts its owner',
  ];
  return { ...detection, rule: canary(detection.rule), severity, why };
}

function isLess(a: Severity, b: Severity): boolean {
  return SEVERITIES.indexOf(a) > SEVERITIES.indexOf(b);
}

function eased(file: FileKind): boolean {
  return file.test || (file.vendor && file.prose);
}
