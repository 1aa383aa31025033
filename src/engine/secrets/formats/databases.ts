/** Databases, search and data pipelines. */
import { type FormatRow, row } from './row.ts';

/** Rows of the table, in the order in which they are tried. */
export const DATABASES: readonly FormatRow[] = [
  row('supabase-pat', 'Supabase', 'Supabase management token', 'sbp_{hex:40}', 'critical', 'supabase.com/dashboard/account/tokens'),
  row('supabase-secret', 'Supabase', 'Supabase secret key', 'sb_secret_{b64u:31}', 'critical', 'supabase.com/dashboard/project/_/settings/api-keys'),
  row('neon', 'Neon', 'Neon API key', 'napi_{b62:64}', 'critical', 'console.neon.tech/app/settings/api-keys'),
  row('planetscale-token', 'PlanetScale', 'PlanetScale service token', 'pscale_tkn_{b64u:43}', 'critical', 'app.planetscale.com'),
  row('planetscale-password', 'PlanetScale', 'PlanetScale password', 'pscale_pw_{b64u:43}', 'critical', 'app.planetscale.com/'),
  row('planetscale-oauth', 'PlanetScale', 'PlanetScale OAuth token', 'pscale_oauth_{b64u:43}', 'critical', 'app.planetscale.com'),
  row('mongodb-atlas-sa', 'MongoDB Atlas', 'MongoDB Atlas service account secret', 'mdb_sa_sk_{b64u:40}', 'critical', 'cloud.mongodb.com'),
  row('mongodb-atlas-key', 'MongoDB Atlas', 'MongoDB Atlas private key', '{uuid}', 'high', 'cloud.mongodb.com', { context: '=atlas mongodb mongodbatlas' }),
  row('databricks', 'Databricks', 'Databricks access token', 'dapi{hex:32}', 'critical', ''),
  row('confluent', 'Confluent', 'Confluent Cloud API secret', 'cflt{b64:54}{b64:6!}', 'critical', 'confluent.cloud/settings/api-keys', { check: 'crc32-base64' }),
  row('confluent-old', 'Confluent', 'Confluent Cloud API secret (old)', '{b64:64}', 'critical', 'confluent.cloud/settings/api-keys', { context: 'confluent ccloud =kafka' }),
  row('elastic-cloud', 'Elastic Cloud', 'Elastic Cloud API key', 'essu_{b64:80-100}{=:0-2}', 'critical', 'cloud.elastic.co/account/keys'),
  row('astra', 'DataStax Astra', 'DataStax Astra application token', 'AstraCS:{b62:24}:{hex:64}', 'critical', 'astra.datastax.com'),
  row('cockroach', 'CockroachDB Cloud', 'CockroachDB Cloud API key', 'CCDB1_{b62:22}_{b62:40}', 'critical', 'cockroachlabs.cloud'),
  row('clickhouse-cloud', 'ClickHouse Cloud', 'ClickHouse Cloud API secret', '4b1d{b62:38}', 'critical', 'console.clickhouse.cloud/organization/keys'),
  row('influxdb', 'InfluxDB', 'InfluxDB API token', '{b64u:86}==', 'high', '', { context: 'influx influxdb' }),
  row('aiven', 'Aiven', 'Aiven API token', '{b64:372}', 'critical', 'console.aiven.io/profile/tokens', { context: 'aiven' }),
  row('aiven-password', 'Aiven', 'Password of an Aiven or DigitalOcean database', 'AVNS_{b64u:19}', 'high', 'console.aiven.io'),
  row('algolia', 'Algolia', 'Algolia admin API key', '{hex:32}', 'high', 'dashboard.algolia.com/account/api-keys', { context: 'algolia' }),
  row('couchbase-capella', 'Couchbase Capella', 'Couchbase Capella API key secret', '{b64:64}', 'high', 'cloud.couchbase.com', { context: 'couchbase capella' }),
  row('upstash-redis', 'Upstash', 'Upstash Redis REST token', 'A{b64u:50-120}{=:0-2}', 'high', 'console.upstash.com', { context: 'upstash' }),
  row('dbt-cloud', 'dbt Cloud', 'dbt Cloud token', 'dbt{u|c}_{b64u:40}', 'high', 'cloud.getdbt.com/settings/profile'),
  row('prefect', 'Prefect Cloud', 'Prefect Cloud API key', 'pn{u|b}_{b62:36}', 'high', 'app.prefect.cloud/my/api-keys'),
];
