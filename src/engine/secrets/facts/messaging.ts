/** Chat and mail: teams, apps, bots and accounts that stand in tokens and webhook addresses. */
import { charactersOf } from '../../archive/plain-text.ts';
import { decodeBase64 } from './encodings.ts';
import { FactsBuilder, type TokenFacts } from './token-facts.ts';

/** Slack: bot, user and app tokens, and webhooks. */
export function readSlack(value: string): TokenFacts | undefined {
  const hook =
    /hooks\.slack\.com\/(?:services|workflows|triggers)\/([TE]\w{6,14})\/(\w{6,16})/.exec(value);
  if (hook) return new FactsBuilder().fact('workspace', hook[1]).fact('webhook', hook[2]);
  const app = /^xapp-\d-(A\w{6,14})-(\d{6,16})-/.exec(value);
  if (app) return new FactsBuilder().fact('app', app[1]);
  const token = /^xox([bpcars])-(\d{6,16})-(\d{6,16})-/.exec(value);
  if (!token) return undefined;
  const told = new FactsBuilder().fact('workspace', token[2]);
  return told.fact(token[1] === 'b' ? 'bot' : 'user', token[3]);
}

const DISCORD_EPOCH = 1_420_070_400; // seconds: 2015-01-01, from which Discord counts

/** Discord: the bot or webhook ID, and with it when it was made (the ID's upper bits, in milliseconds). */
export function readDiscord(value: string): TokenFacts | undefined {
  const hook = /discord(?:app)?\.com\/api\/webhooks\/(\d{17,20})\//.exec(value)?.[1];
  if (hook !== undefined) return withSnowflake(new FactsBuilder().fact('webhook', hook), hook);
  const first = /^([\w-]{23,28})\.([\w-]{6})\.[\w-]{27,38}$/.exec(value)?.[1];
  const bytes = first === undefined ? undefined : decodeBase64(first);
  const id = bytes && /^\d{17,20}$/.exec(charactersOf(bytes))?.[0];
  if (!id) return undefined;
  return withSnowflake(new FactsBuilder().proven().fact('bot', id), id);
}

function withSnowflake(told: FactsBuilder, id: string): FactsBuilder {
  return told.date('created', Math.floor(Number(BigInt(id) >> 22n) / 1000) + DISCORD_EPOCH);
}

/** Telegram: the bot's ID. */
export function readTelegram(value: string): TokenFacts | undefined {
  const bot = /^(\d{7,12}):/.exec(value)?.[1];
  return bot === undefined ? undefined : new FactsBuilder().fact('bot', bot);
}

/** SendGrid: the key's ID. */
export function readSendgrid(value: string): TokenFacts | undefined {
  const id = /^SG\.([\w-]{16,32})\./.exec(value)?.[1];
  return id === undefined ? undefined : new FactsBuilder().fact('key ID', id);
}

/** Mailchimp: the data centre behind the key. */
export function readMailchimp(value: string): TokenFacts | undefined {
  const centre = /-(us\d{1,2})$/.exec(value)?.[1];
  return centre === undefined
    ? undefined
    : new FactsBuilder().fact('host', `${centre}.api.mailchimp.com`);
}

/** Twilio: an ID by itself is no secret. */
export function readTwilio(value: string): TokenFacts | undefined {
  if (/^SK[0-9a-f]{32}$/.test(value)) return new FactsBuilder().fact('kind', 'API key ID');
  if (/^AC[0-9a-f]{32}$/.test(value)) return new FactsBuilder().fact('account', value);
  return undefined;
}

/** Microsoft Teams: tenant and group of a webhook. */
export function readTeams(value: string): TokenFacts | undefined {
  const match = /\/webhook(?:b2)?\/([0-9a-f-]{36})@([0-9a-f-]{36})\/IncomingWebhook\//.exec(value);
  if (!match) return undefined;
  return new FactsBuilder().fact('group', match[1]).fact('tenant', match[2]);
}

/** HubSpot: the region of a private app's token. */
export function readHubspot(value: string): TokenFacts | undefined {
  const region = /^pat-([a-z]{2}\d)-/.exec(value)?.[1];
  return region === undefined ? undefined : new FactsBuilder().fact('region', region);
}

/** Webex: the organisation behind a token. */
export function readWebex(value: string): TokenFacts | undefined {
  const organisation = /_\w{4}_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(value)?.[1];
  return organisation === undefined
    ? undefined
    : new FactsBuilder().fact('organisation', organisation);
}
