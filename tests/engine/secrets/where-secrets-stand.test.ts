/** Notations, files and logs in which secrets stand, and beside each what looks the same and is none. */
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent } from '../../make/scan-content.ts';

const token = (sentence: string): string => `q7${constructedToken(sentence).slice(3, 18)}Z`;
const A = token('a secret of an application');
const B = token('another secret of an application');
const P = ['Tulip99', 'harbor'].join('!');
const HEX = `${constructedToken('half a key')}${constructedToken('the other')}`.slice(0, 64);
const KEY = Buffer.from(HEX, 'hex').toString('base64');
const coded = (text: string): string => Buffer.from(text).toString('base64');

const loud = (text: string, path: string): string[] =>
  scanContent(text, path)
    .filter(({ severity }) => severity !== 'low' && severity !== 'info')
    .map(({ value }) => value);

type Case = readonly [path: string, text: string, ...values: string[]];

const CASES: Record<string, readonly Case[]> = {
  'files that are named by a country': [
    ['srv/group_vars/de.yml', `mysql_root_password: ${P}\n`, P],
    ['srv/host_vars/it.yml', `db_password: ${A}\n`, A],
    ['srv/config/no.json', `{"db":{"password":"${A}"}}`, A],
    ['srv/application_de.properties', `spring.datasource.password=${P}\n`, P],
    ['srv/hr.yaml', `password: ${A}\n`, A],
    ['srv/lang/de.json', '{"password":"Passwort2!","hint":{"password":"Mindestens8Zeichen!"}}'],
    ['srv/de.yml', `password: ${P}\ntoken: Zugriffsschluessel12\n`],
  ],
  'elements of hashes': [
    ['srv/a.pl', `$h->{password} = "${A}";`, A],
    ['srv/a.pl', `$self->{db}{pass} = '${A}';`, A],
    ['srv/a.pl', `$ENV{DB_PASS} //= "${A}";`, A],
    ['srv/a.pl', `if ($o->{'token'} eq "${A}") {}`, A],
    ['srv/a.js', `const {password} = "${A}";`],
    ['srv/a.tmpl', `Enter {password}: "${A}"`],
  ],
  'parameters and their defaults': [
    ['srv/a.yaml', `Parameters:\n  DBPassword:\n    Type: String\n    Default: ${A}\n`, A],
    ['srv/a.yaml', `Parameters:\n  X:\n    Type: String\n  DBPassword:\n    Default: ${P}\n`, P],
    [
      'srv/a.yaml',
      `x:\n  db_password:\n    NoEcho: true\n    Type: String\n    Default: "${P}"\n`,
      P,
    ],
    ['srv/a.json', `{"DBPassword":{"Type":"String","NoEcho":true,"Default":"${P}"}}`, P],
    ['srv/a.json', `{"db_password":{"type":"string","description":"x","default":"${A}"}}`, A],
    ['srv/a.yaml', `- name: DB_PASSWORD\n  displayName: A b\n  required: true\n  value: ${A}\n`, A],
    ['srv/a.yaml', `DB_PASSWORD:\n  value: ${A}\n  description: x\n`, A],
    ['srv/a.yaml', `DBPassword:\n  Type: String\n  Default: changeme\nX:\n  Default: ${A}\n`],
    ['srv/a.json', `{"password":{"type":"string"},"x":{"type":"string","default":"${A}"}}`],
    [
      'srv/a.yaml',
      'DBPassword:\n  Type: AWS::SSM::Parameter::Value<String>\n  Default: /prod/db1\n',
    ],
  ],
  'parameters of a store, by their paths': [
    ['srv/a.yaml', `Name: /prod/db/password\nType: String\nValue: ${A}\n`, A],
    ['srv/a.json', `{"Name": "/prod/db/password", "Type": "String", "Value": "${A}"}`, A],
    [
      'var/cache/debconf/passwords.dat',
      `Name: mysql-server/root_password\nTemplate: mysql-server/root_password\nValue: ${P}\n`,
      P,
    ],
    ['srv/a.yaml', `Name: /prod/db/host\nType: String\nValue: ${A}\n`],
    ['srv/a.yaml', `path: /prod/db/password\nvalue: ${A}\n`],
  ],
  'keys of Rails': [
    ['srv/secrets.yml', `production:\n  db_key_base: ${A}${B}\n`, A + B],
    ['srv/secrets.json', `{"encrypted_settings_key_base": "${A}${B}"}`, A + B],
    ['srv/secrets.json', `{"active_record_encryption_primary_key": ["${A}${B}"]}`, A + B],
    ['srv/a.rb', `config.active_record.encryption.primary_key = "${A}${B}"\n`, A + B],
    ['srv/a.rb', `config.active_record.encryption.deterministic_key = "${A}${B}"\n`, A + B],
    ['srv/schema.rb', `add_index :t, primary_key: "${A}${B}"\n`],
  ],
  'fields of YAML and JSON': [
    ['srv/a.yaml', `kind: Secret\nstringData: {password: ${A}, token: ${B}}\n`, A, B],
    ['srv/a.yaml', `- name: Authorization\n  value: Bearer ${A}\n`, A],
    ['srv/a.yaml', `data:\n  .env: "DB_PASSWORD=${A}\\nLOG=1\\n"\n`, A],
    ['srv/a.html', `<div data-a="{&quot;smtpPassword&quot;:&quot;${P}&quot;}">`, P],
    ['srv/a.html', `<div data-a="{&quot;b&quot;:1,&quot;api_key&quot;: &quot;${A}&quot;}">`, A],
    ['srv/a.html', `<p>password&nbsp;&quot;${A}&quot;</p>`],
  ],
  'logs and answers': [
    ['var/log/a.log', `#0 a.php(1): PDO->__construct('mysql:host=d', 'app', '${P}', Array)\n`, P],
    ['srv/preseed.cfg', `d-i passwd/root-password password ${P}\n`, P],
    ['srv/preseed.cfg', `mysql-server mysql-server/root_password password ${P}\n`, P],
    ['srv/preseed.cfg', 'd-i passwd/root-password-crypted password $6$abcdefgh$abcdefghijkl\n'],
    ['srv/preseed.cfg', 'd-i passwd/root-password seen true\n'],
    ['srv/ks.cfg', `rootpw --plaintext ${P}\n`, P],
    ['var/log/a.log', `A temporary password is generated for root@localhost: ${P}\n`, P],
    ['var/log/a.log', `the following password to proceed to installation:\n\n${HEX}\n`],
    [
      'var/log/a.log',
      `Please use the following password to proceed to installation:\n\n${HEX.slice(0, 32)}\n`,
      HEX.slice(0, 32),
    ],
    ['var/log/a.log', `Password for the elastic user (reset with \`x -u elastic\`):\n  ${A}\n`, A],
  ],
  'files of users': [
    ['etc/management/jmxremote.password', `# a\nmonitorRole  ${A}\ncontrolRole  ${P}\n`, A, P],
    ['opt/activemq/conf/users.properties', `admin=${A}\nuser=${P}\n`, A, P],
    ['opt/karaf/etc/users.properties', `karaf = ${P},_g_:admingroup\n`, P],
    ['opt/jetty/etc/realm.properties', `admin: ${P},admin\na: MD5:${HEX.slice(32)},user\n`, P],
    ['opt/wildfly/configuration/application-users.properties', `bob=${HEX.slice(32)}\n`],
    ['srv/jaas.conf', `x.PlainLoginModule required\n user_ann="${P}"\n user_bob="${A}";`, P, A],
    ['srv/.env', `A=1\nNEO4J_AUTH=neo4j/${P}\n`, P],
    ['srv/.env', 'A=1\nNEO4J_AUTH=none\n'],
    ['etc/dovecot/users', `bob:{PLAIN}${P}:1000:1000::/home/bob\nann:{CRYPT}${A}:1::\n`, P],
    ['etc/rsyncd.secrets', `# a\nbackup:${P}\n`, P],
    ['etc/lsyncd/rsync.secret', `${P}\n`, P],
    ['root/.mbsyncrc', `Host h\nPass ${P}\nPassCmd "pass show ${A}"\n`, P],
    ['root/.offlineimaprc', `[Repository x]\nremotepass = ${P}\n`, P],
    ['etc/ldap.secret', `${P}\n`, P],
    ['etc/zabbix/psk', `${HEX}\n`, HEX],
    ['srv/.yarnrc.yml', `a:\n  npmAuthIdent: "ci:${P}"\n`, P],
    ['srv/.yarnrc.yml', `a:\n  npmAuthIdent: ${coded(`ci:${P}`)}\n`, P],
    ['etc/consul.d/consul.hcl', `encrypt = "${KEY}"\n`, KEY],
    ['etc/nomad/server.json', `{"server": {"encrypt": "${KEY}"}}`, KEY],
    ['etc/app.d/a.hcl', `encrypt = "${KEY}"\n`],
    ['srv/a.xml', `<Key>Password</Key>\n<Value ProtectInMemory="True">${P}</Value>`, P],
    ['srv/standalone.xml', `<credential-reference clear-text="${P}"/>`, P],
    ['opt/couchdb/etc/local.d/a.ini', `[admins]\nadmin = ${P}\n\n[chttpd]\nport = 5984\n`, P],
    ['opt/couchdb/etc/local.ini', `[admins]\nadmin = -pbkdf2-${HEX},${A},10\n`],
  ],
  'other languages': [
    ['srv/a.vb', `Dim dbPassword As String = "${P}"\n`, P],
    ['srv/a.vb', 'Dim dbPassword As String = TextBox1.Text\n'],
    ['srv/a.sql', `CREATE LOGIN a WITH PASSWORD = N'${P}';\n`, P],
    ['srv/a.m', `self.password = @"${P}";\n`, P],
    ['srv/a.el', `(setq smtp-password "${P}")\n`, P],
    ['srv/a.lisp', `(defvar *db-password* "${P}")\n`, P],
    ['srv/a.el', '(message smtp-password "no password given")\n'],
    ['srv/.env', `A=1\nAPP_KEYS=${A},${B}\n`, A, B],
    ['srv/.env', `A=1\nAPI_KEYS=svc1:${A},svc2:${B}\n`, A, B],
    ['srv/.env', 'A=1\nAPI_KEYS=https://a.dev/keys,https://b.dev/keys\nMAX_TOKENS=4096,8192\n'],
    ['root/.bash_history', `pulumi config set --secret dbPassword ${P}\n`, P],
    ['root/.bash_history', 'pulumi config set aws:region eu-central-1\n'],
    ['root/.bash_history', `aws ssm put-parameter --name /prod/db/password --value ${P}\n`, P],
    [
      'root/.bash_history',
      `aws ssm put-parameter --type SecureString --value "${A}" --name x\n`,
      A,
    ],
    ['root/.bash_history', `aws ssm put-parameter --name /prod/db/host --value ${A}\n`],
  ],
};

describe.each(Object.entries(CASES))('%s', (_, cases) => {
  test.each(cases)('%s: %s', (path, text, ...values) => {
    expect(loud(text, path).sort()).toEqual([...values].sort());
  });
});
