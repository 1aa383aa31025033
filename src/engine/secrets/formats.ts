/**
 * The formats of secrets, as data: one row each, grouped by what they open.
 * A row with `context` is trusted only where one of its words names the value or stands near it;
 * all others are recognised by themselves, wherever they are.
 */
import type { CheckName } from './checksums.ts';
import type { Severity } from './finding.ts';

/** One row of the table. */
export interface FormatRow {
  id: string;
  provider: string;
  title: string;
  template: string;
  severity: Severity;
  /** Address where it can be revoked. */
  revoke: string;
  check?: CheckName;
  /** Words one of which must stand in the value's names or near it. */
  context?: readonly string[];
  /** What else to do than to revoke it. */
  step?: string;
}

const row = (
  id: string,
  provider: string,
  title: string,
  template: string,
  severity: Severity,
  revoke: string,
  more: Pick<FormatRow, 'check' | 'context' | 'step'> = {},
): FormatRow => ({ id, provider, title, template, severity, revoke, ...more });

const GITHUB = 'https://github.com/settings/tokens';
const GITLAB = 'https://gitlab.com/-/user_settings/personal_access_tokens';
const AWS = 'https://console.aws.amazon.com/iam/home#/security_credentials';
const GOOGLE = 'https://console.cloud.google.com/apis/credentials';
const SLACK = 'https://api.slack.com/apps';
const STRIPE = 'https://dashboard.stripe.com/apikeys';
const OPENAI = 'https://platform.openai.com/api-keys';
const ANTHROPIC = 'https://console.anthropic.com/settings/keys';
const ATLASSIAN = 'https://id.atlassian.com/manage-profile/security/api-tokens';
const CRC62 = { check: 'crc32-base62' } as const;

/** Code hosts and CI. */
const CODE_HOSTS: readonly FormatRow[] = [
  row('github-pat-classic', 'GitHub', 'GitHub personal access token (classic)', 'ghp_{base62:30}{check:base62:6}', 'critical', GITHUB, CRC62),
  row('github-oauth', 'GitHub', 'GitHub OAuth access token', 'gho_{base62:30}{check:base62:6}', 'critical', 'https://github.com/settings/applications', CRC62),
  row('github-app-user', 'GitHub', 'GitHub App user token', 'ghu_{base62:30}{check:base62:6}', 'critical', 'https://github.com/settings/apps/authorizations', CRC62),
  row('github-app-server', 'GitHub', 'GitHub App installation token', 'ghs_{base62:30}{check:base62:6}', 'high', GITHUB, CRC62),
  row('github-refresh', 'GitHub', 'GitHub App refresh token', 'ghr_{base62:70}{check:base62:6}', 'critical', GITHUB, CRC62),
  row('github-pat-fine', 'GitHub', 'GitHub personal access token (fine-grained)', 'github_pat_{base62:22}_{base62:59}', 'critical', 'https://github.com/settings/personal-access-tokens'),
  row('github-pat-legacy-40hex', 'GitHub', 'GitHub personal access token (classic, no prefix)', '{hex:40}', 'critical', GITHUB, { context: ['github', 'gh'] }),
  row('gitlab-pat', 'GitLab', 'GitLab personal access token', 'glpat-{base64url:20}', 'critical', GITLAB),
  row('gitlab-deploy', 'GitLab', 'GitLab deploy token', 'gldt-{base64url:20}', 'high', GITLAB),
  row('gitlab-runner', 'GitLab', 'GitLab runner token', 'glrt-{base64url:20}', 'high', GITLAB),
  row('gitlab-trigger', 'GitLab', 'GitLab pipeline trigger token', 'glptt-{hex:40}', 'high', GITLAB),
  row('gitlab-oauth-secret', 'GitLab', 'GitLab OAuth application secret', 'gloas-{base64url:64}', 'critical', GITLAB),
  row('bitbucket-app-password', 'Bitbucket', 'Bitbucket app password', 'ATBB{base62:24}{check:HEX:8}', 'critical', 'https://bitbucket.org/account/settings/app-passwords/', { check: 'crc32-HEX-all' }),
  row('atlassian-api-token', 'Atlassian', 'Atlassian API token', 'ATATT3xFfGF0{base64url:120-190}={check:HEX:8}', 'critical', ATLASSIAN, { check: 'crc32-HEX-all' }),
  row('circleci-personal', 'CircleCI', 'CircleCI personal API token', 'CCIPAT_{base62:22}_{hex:40}', 'critical', 'https://app.circleci.com/settings/user/tokens'),
  row('buildkite-user', 'Buildkite', 'Buildkite user access token', 'bkua_{hex:40}', 'high', 'https://buildkite.com/user/api-access-tokens'),
  row('sonarqube-user', 'SonarQube', 'SonarQube user token', 'squ_{hex:40}', 'high', ''),
  row('terraform-cloud', 'HashiCorp', 'Terraform Cloud API token', '{base62:14}.atlasv1.{base64url:60-70}', 'critical', 'https://app.terraform.io/app/settings/tokens'),
];

/** Package registries. */
const REGISTRIES: readonly FormatRow[] = [
  row('pypi', 'PyPI', 'PyPI upload token', 'pypi-AgEIcHlwaS5vcmc{base64url:50-250}', 'critical', 'https://pypi.org/manage/account/'),
  row('pypi-test', 'TestPyPI', 'TestPyPI upload token', 'pypi-AgENdGVzdC5weXBpLm9yZw{base64url:50-250}', 'low', 'https://test.pypi.org/manage/account/'),
  row('npm', 'npm', 'npm access token', 'npm_{base62:30}{check:base62:6}', 'critical', 'https://www.npmjs.com/settings/~/tokens', CRC62),
  row('rubygems', 'RubyGems', 'RubyGems API key', 'rubygems_{hex:48}', 'critical', 'https://rubygems.org/profile/api_keys'),
  row('crates-io', 'crates.io', 'crates.io API token', 'cio{base62:32}', 'critical', 'https://crates.io/settings/tokens', { context: ['crates', 'cargo', 'token'] }),
  row('nuget', 'NuGet', 'NuGet API key', 'oy2{lower:43}', 'critical', 'https://www.nuget.org/account/apikeys'),
  row('dockerhub-pat', 'Docker Hub', 'Docker Hub access token', 'dckr_pat_{base64url:27}', 'critical', 'https://app.docker.com/settings/personal-access-tokens'),
  row('artifactory-apikey', 'JFrog', 'JFrog Artifactory API key', 'AKCp{base58:69}', 'critical', ''),
];

/** Clouds and platforms. */
const CLOUDS: readonly FormatRow[] = [
  row('aws-akia', 'AWS', 'AWS access key ID', 'AKIA{base32:16}', 'high', AWS, { step: 'Find the secret key that belongs to this ID; both must be replaced.' }),
  row('aws-asia', 'AWS', 'AWS temporary access key ID', 'ASIA{base32:16}', 'medium', AWS),
  row('aws-secret', 'AWS', 'AWS secret access key', '{base64:40}', 'critical', AWS, { context: ['aws', 'amazon', 's3', 'secretaccesskey', 'boto', 'boto3'] }),
  row('aws-bedrock-long', 'AWS', 'AWS Bedrock API key', 'ABSK{base64:109-269}', 'critical', AWS),
  row('gcp-api-key', 'Google', 'Google API key', 'AIza{base64url:35}', 'high', GOOGLE),
  row('gcp-oauth-client-secret', 'Google', 'Google OAuth client secret', 'GOCSPX-{base64url:28}', 'high', GOOGLE),
  row('gcp-oauth-access', 'Google', 'Google OAuth access token', 'ya29.{base64url:60-400}', 'medium', 'https://myaccount.google.com/permissions'),
  row('azure-storage-key', 'Azure', 'Azure storage account key', '{base64:76}+ASt{base64:6}==', 'critical', 'https://portal.azure.com/'),
  row('azure-ad-client-secret', 'Microsoft Entra', 'Microsoft Entra client secret', '{base62:3}8Q~{base64url:34}', 'critical', 'https://entra.microsoft.com/'),
  row('azure-devops-pat', 'Azure DevOps', 'Azure DevOps personal access token', '{base62:76}AZDO{base62:4}', 'critical', 'https://dev.azure.com/'),
  row('digitalocean-pat', 'DigitalOcean', 'DigitalOcean personal access token', 'dop_v1_{hex:64}', 'critical', 'https://cloud.digitalocean.com/account/api/tokens'),
  row('digitalocean-oauth', 'DigitalOcean', 'DigitalOcean OAuth token', 'doo_v1_{hex:64}', 'critical', 'https://cloud.digitalocean.com/account/api/access'),
  row('cloudflare-user-token', 'Cloudflare', 'Cloudflare user API token', 'cfut_{base62:40}{check:hex:8}', 'critical', 'https://dash.cloudflare.com/profile/api-tokens', { check: 'crc32-hex' }),
  row('cloudflare-origin-ca', 'Cloudflare', 'Cloudflare origin CA key', 'v1.0-{hex:24}-{hex:146}', 'critical', 'https://dash.cloudflare.com/profile/api-tokens'),
  row('heroku', 'Heroku', 'Heroku API key', 'HRKU-AA{base64url:58}', 'critical', 'https://dashboard.heroku.com/account'),
  row('vercel-personal', 'Vercel', 'Vercel access token', 'vcp_{base62:50}{check:base62:6}', 'critical', 'https://vercel.com/account/settings/tokens', CRC62),
  row('netlify', 'Netlify', 'Netlify personal access token', 'nfp_{base62:36}', 'high', 'https://app.netlify.com/user/applications'),
  row('flyio', 'Fly.io', 'Fly.io access token', 'FlyV1 fm2_{base64:100-700}', 'critical', 'https://fly.io/user/personal_access_tokens'),
  row('tailscale-auth', 'Tailscale', 'Tailscale auth key', 'tskey-auth-{base62:10-20}-{base62:32}', 'critical', 'https://login.tailscale.com/admin/settings/keys'),
  row('tailscale-api', 'Tailscale', 'Tailscale API key', 'tskey-api-{base62:10-20}-{base62:32}', 'critical', 'https://login.tailscale.com/admin/settings/keys'),
  row('vault-service', 'HashiCorp Vault', 'Vault service token', 'hvs.{base64url:90-120}', 'critical', ''),
  row('pulumi', 'Pulumi', 'Pulumi access token', 'pul-{hex:40}', 'critical', 'https://app.pulumi.com/account/tokens'),
  row('databricks', 'Databricks', 'Databricks access token', 'dapi{hex:32}', 'critical', ''),
  row('doppler-personal', 'Doppler', 'Doppler personal token', 'dp.pt.{base62:40-44}', 'critical', 'https://dashboard.doppler.com/'),
  row('planetscale-password', 'PlanetScale', 'PlanetScale password', 'pscale_pw_{base64url:43}', 'critical', 'https://app.planetscale.com/'),
  row('supabase-secret', 'Supabase', 'Supabase secret key', 'sb_secret_{base64url:31}', 'critical', 'https://supabase.com/dashboard/project/_/settings/api-keys'),
];

/** Chat and mail. */
const MESSAGING: readonly FormatRow[] = [
  row('slack-bot', 'Slack', 'Slack bot token', 'xoxb-{digit:10-13}-{digit:10-13}-{base62:24}', 'critical', SLACK),
  row('slack-user', 'Slack', 'Slack user token', 'xoxp-{digit:10-13}-{digit:10-13}-{digit:10-13}-{hex:32}', 'critical', SLACK),
  row('slack-app', 'Slack', 'Slack app-level token', 'xapp-1-A{upper:8-12}-{digit:12-14}-{hex:64}', 'high', SLACK),
  row('slack-webhook', 'Slack', 'Slack incoming webhook', 'https://hooks.slack.com/services/T{upper:8-12}/B{upper:8-12}/{base62:24}', 'medium', SLACK),
  row('discord-webhook', 'Discord', 'Discord webhook', 'https://discord.com/api/webhooks/{digit:17-20}/{base64url:60-72}', 'medium', 'https://discord.com/developers/applications'),
  row('telegram-bot', 'Telegram', 'Telegram bot token', '{digit:8-10}:AA{base64url:33}', 'critical', 'https://t.me/BotFather'),
  row('sendgrid', 'SendGrid', 'SendGrid API key', 'SG.{base64url:22}.{base64url:43}', 'critical', 'https://app.sendgrid.com/settings/api_keys'),
  row('mailgun', 'Mailgun', 'Mailgun API key', 'key-{hex:32}', 'critical', 'https://app.mailgun.com/settings/api_security', { context: ['mailgun'] }),
  row('mailchimp', 'Mailchimp', 'Mailchimp API key', '{hex:32}-us{digit:1-2}', 'high', 'https://admin.mailchimp.com/account/api/'),
  row('twilio-key', 'Twilio', 'Twilio API key', 'SK{hex:32}', 'high', 'https://console.twilio.com/', { context: ['twilio'] }),
  row('twilio-auth', 'Twilio', 'Twilio auth token', '{hex:32}', 'critical', 'https://console.twilio.com/', { context: ['twilio'] }),
];

/** Payment. */
const PAYMENT: readonly FormatRow[] = [
  row('stripe-live', 'Stripe', 'Stripe live secret key', 'sk_live_{base62:24-107}', 'critical', STRIPE),
  row('stripe-restricted-live', 'Stripe', 'Stripe live restricted key', 'rk_live_{base62:24-107}', 'critical', STRIPE),
  row('stripe-test', 'Stripe', 'Stripe test secret key', 'sk_test_{base62:24-107}', 'low', 'https://dashboard.stripe.com/test/apikeys'),
  row('stripe-webhook', 'Stripe', 'Stripe webhook signing secret', 'whsec_{base62:32}', 'high', 'https://dashboard.stripe.com/webhooks'),
  row('square-access', 'Square', 'Square access token', 'sq0atp-{base64url:22}', 'critical', 'https://developer.squareup.com/apps'),
  row('square-secret', 'Square', 'Square application secret', 'sq0csp-{base64url:43}', 'critical', 'https://developer.squareup.com/apps'),
  row('shopify-app', 'Shopify', 'Shopify admin API token', 'shpat_{hex:32}', 'critical', 'https://admin.shopify.com/'),
  row('shopify-shared', 'Shopify', 'Shopify app secret', 'shpss_{hex:32}', 'high', 'https://partners.shopify.com/'),
  row('razorpay', 'Razorpay', 'Razorpay live key ID', 'rzp_live_{base62:14}', 'high', 'https://dashboard.razorpay.com/app/keys'),
];

/** AI providers. */
const AI: readonly FormatRow[] = [
  row('openai-project', 'OpenAI', 'OpenAI project API key', 'sk-proj-{base64url:20-100}T3BlbkFJ{base64url:20-100}', 'critical', OPENAI),
  row('openai-service', 'OpenAI', 'OpenAI service account key', 'sk-svcacct-{base64url:20-100}T3BlbkFJ{base64url:20-100}', 'critical', OPENAI),
  row('openai-legacy', 'OpenAI', 'OpenAI API key', 'sk-{base62:20}T3BlbkFJ{base62:20}', 'critical', OPENAI),
  row('anthropic-api', 'Anthropic', 'Anthropic API key', 'sk-ant-api03-{base64url:93}AA', 'critical', ANTHROPIC),
  row('anthropic-admin', 'Anthropic', 'Anthropic admin key', 'sk-ant-admin01-{base64url:93}AA', 'critical', ANTHROPIC),
  row('huggingface', 'Hugging Face', 'Hugging Face access token', 'hf_{alpha:34}', 'critical', 'https://huggingface.co/settings/tokens'),
  row('groq', 'Groq', 'Groq API key', 'gsk_{base62:52}', 'high', 'https://console.groq.com/keys'),
  row('xai', 'xAI', 'xAI API key', 'xai-{base62:80}', 'high', 'https://console.x.ai/'),
  row('perplexity', 'Perplexity', 'Perplexity API key', 'pplx-{base62:48}', 'high', 'https://www.perplexity.ai/settings/api'),
  row('replicate', 'Replicate', 'Replicate API token', 'r8_{base62:37}', 'high', 'https://replicate.com/account/api-tokens'),
  row('langsmith', 'LangChain', 'LangSmith API key', 'lsv2_pt_{hex:32}_{hex:10}', 'high', 'https://smith.langchain.com/settings'),
];

/** Monitoring, work and other services. */
const SERVICES: readonly FormatRow[] = [
  row('grafana-service-account', 'Grafana', 'Grafana service account token', 'glsa_{base62:32}_{check:hex:8}', 'high', '', { check: 'crc32-hex-little-endian' }),
  row('newrelic-user', 'New Relic', 'New Relic user key', 'NRAK-{upper:27}', 'high', 'https://one.newrelic.com/api-keys'),
  row('sentry-user', 'Sentry', 'Sentry user auth token', 'sntryu_{hex:64}', 'high', 'https://sentry.io/settings/account/api/auth-tokens/'),
  row('dynatrace', 'Dynatrace', 'Dynatrace API token', 'dt0c01.{upper:24}.{upper:64}', 'high', ''),
  row('linear-api', 'Linear', 'Linear API key', 'lin_api_{base62:40}', 'high', 'https://linear.app/settings/api'),
  row('notion', 'Notion', 'Notion integration token', 'ntn_{digit:11}{base62:35}', 'high', 'https://www.notion.so/profile/integrations'),
  row('airtable', 'Airtable', 'Airtable personal access token', 'pat{base62:14}.{hex:64}', 'high', 'https://airtable.com/create/tokens'),
  row('figma', 'Figma', 'Figma personal access token', 'figd_{base64url:40}', 'high', 'https://www.figma.com/settings'),
  row('postman', 'Postman', 'Postman API key', 'PMAK-{hex:24}-{hex:34}', 'high', 'https://go.postman.co/settings/me/api-keys'),
  row('confluent', 'Confluent', 'Confluent Cloud API secret', 'cflt{base64:54}{check:base64:6}', 'critical', 'https://confluent.cloud/settings/api-keys', { check: 'crc32-base64' }),
  row('datadog-api', 'Datadog', 'Datadog API key', '{hex:32}', 'high', 'https://app.datadoghq.com/organization-settings/api-keys', { context: ['datadog', 'dd'] }),
];

/** Every format, in the order in which they are tried. */
export const FORMATS: readonly FormatRow[] = [
  ...CODE_HOSTS,
  ...REGISTRIES,
  ...CLOUDS,
  ...MESSAGING,
  ...PAYMENT,
  ...AI,
  ...SERVICES,
];
