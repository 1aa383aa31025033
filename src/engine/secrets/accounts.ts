/** Whose password it may be. */

/** Words that a password's name says its account with: `DB_PASSWORD`, `spring.datasource.password`. */
export const ACCOUNTS = new Set(
  (
    'db database mysql mariadb postgres postgresql pg redis smtp mail email imap root admin administrator ftp sftp ssh ldap sql ' +
    'mssql sa oracle mongo mongodb rabbitmq amqp jdbc datasource keystore truststore proxy vault wifi wpa service jenkins ' +
    'elastic elasticsearch kibana grafana sudo backup master jwt django flask app session cookie neo4j couchdb influxdb ' +
    'cassandra clickhouse minio s3 nexus artifactory registry docker sonar keycloak rails spring quarkus server ansible become ' +
    'superuser deploy ci git http basic bind samba smb vpn pgp gpg signing prod production staging'
  ).split(' '),
);
