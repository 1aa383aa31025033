import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** 24 characters drawn at random, the same in every run. */
const R = base64(constructedToken('a value of the corpus')).slice(3, 27);
/** A password as a person would make it up. */
const P = ['Tr0ub', '4dor', '&3x'].join('');
const P64 = base64(P);
const LOGIN64 = base64(`deploy:${P}`);

/** What is read, from where: the path, the text, the name, and the value where it is not `R`. */
const FOUND: [string, string, string, string?][] = [
  ['app/settings.py', `DB_PASSWORD = "${R}"`, 'DB_PASSWORD'],
  ['app/settings.py', `DB_PASSWORD: str = '${R}'`, 'DB_PASSWORD'],
  ['app/settings.py', `DATABASES = {"default": {"PASSWORD": "${R}"}}`, 'PASSWORD'],
  ['app/settings.py', `API_TOKEN = (\n    "${R}"\n)`, 'API_TOKEN'],
  ['app/settings.py', `os.environ["API_TOKEN"] = "${R}"`, 'API_TOKEN'],
  ['app/auth.py', `hmac.new(b"${R}", message, "sha256")`, 'hmac.new'],
  ['app/auth.py', `jwt.encode({"sub": user["id"]}, "${R}", algorithm="HS256")`, 'jwt.encode'],
  ['app/auth.js', `jwt.sign({ id: user.id }, '${R}', { expiresIn: '1h' })`, 'jwt.sign'],
  ['app/auth.js', `crypto.createHmac('sha256', '${R}').update(x)`, 'createHmac'],
  ['app/.env', `DEBUG=1\nDB_PASSWORD=${P}\n`, 'DB_PASSWORD', P],
  ['app/.env', `export DB_PASSWORD='${P}'`, 'DB_PASSWORD', P],
  ['app/.env.production', `DB_PASSWORD=hunter2!`, 'DB_PASSWORD', 'hunter2!'],
  ['app/.env', `DB_PASSWORD=Summer2024`, 'DB_PASSWORD', 'Summer2024'],
  [
    'app/.env',
    'DB_PASSWORD="correct horse battery staple"',
    'DB_PASSWORD',
    'correct horse battery staple',
  ],
  [
    'app/.env',
    'DB_PASSWORD=correct horse battery staple',
    'DB_PASSWORD',
    'correct horse battery staple',
  ],
  ['app/.env', 'MYSQL_ROOT_PASSWORD=supergeheim', 'MYSQL_ROOT_PASSWORD', 'supergeheim'],
  ['app/.env', `password2=${P}`, 'password2', P],
  ['app/.env', `INTERNAL_KEY=${R}`, 'INTERNAL_KEY'],
  ['app/.env', `REDIS_AUTH=${P}`, 'REDIS_AUTH', P],
  [
    'app/.env',
    'CONSUL_HTTP_TOKEN=6f1c2e0a-4b7d-4c1e-9d2f-0a1b2c3d4e5f',
    'CONSUL_HTTP_TOKEN',
    '6f1c2e0a-4b7d-4c1e-9d2f-0a1b2c3d4e5f',
  ],
  ['app/.gitlab-ci.yml', `script:\n  - PGPASSWORD=${P} psql -h db -U app\n`, 'PGPASSWORD', P],
  ['app/config/initializers/devise.rb', `config.pepper = '${R}'`, 'config.pepper'],
  ['app/config.json', `{"password": "${P}"}`, 'password', P],
  ['app/config.json', `{\n  "password":\n    "${P}"\n}`, 'password', P],
  ['app/config.json', `{"password": "${P}\\"\\u0041"}`, 'password', `${P}"A`],
  ['app/config.json', `[{"name": "DB_PASSWORD", "value": "${P}"}]`, 'DB_PASSWORD', P],
  ['app/config.json', `[{\n  "value": "${P}",\n  "name": "DB_PASSWORD"\n}]`, 'DB_PASSWORD', P],
  ['app/config.json', `{"ParameterKey": "DbPassword", "ParameterValue": "${P}"}`, 'DbPassword', P],
  ['app/config.yaml', `db:\n  password: ${P}\n`, 'password', P],
  ['app/config.yaml', `db:\n  password: '${P}''s'\n`, 'password', `${P}'s`],
  ['app/config.yaml', `db:\n  password: |\n    ${P}\n  user: x\n`, 'password', P],
  ['app/config.yaml', `db:\n  password: >-\n    ${P}\n`, 'password', P],
  ['app/config.yaml', `db: {user: x, password: ${P}, port: 1}`, 'password', P],
  ['app/docker-compose.yml', `environment:\n  - DB_PASSWORD=${P}\n`, 'DB_PASSWORD', P],
  [
    'app/docker-compose.yml',
    `environment:\n  DB_PASSWORD: \${DB_PASSWORD:-${P}}\n`,
    'DB_PASSWORD',
    P,
  ],
  ['app/application.yml', `spring:\n  password: \${DB_PASSWORD:${P}}\n`, 'password', P],
  ['app/deploy.yaml', `env:\n  - name: DB_PASSWORD\n    value: ${P}\n`, 'DB_PASSWORD', P],
  ['app/deploy.yaml', `env:\n  - value: ${P}\n    name: DB_PASSWORD\n`, 'DB_PASSWORD', P],
  ['app/config.toml', `[db]\npassword = "${P}"\n`, 'password', P],
  ['app/config.toml', `db = { user = "x", password = "${P}" }\n`, 'password', P],
  ['app/app.ini', `[db]\npassword = ${P} ; of the database\n`, 'password', P],
  ['app/app.properties', `spring.datasource.password=${P}\n`, 'spring.datasource.password', P],
  ['app/app.properties', `db.password : ${P}\n`, 'db.password', P],
  ['app/app.conf', `requirepass ${P}\n`, 'requirepass', P],
  ['etc/wpa_supplicant.conf', `network={\n  ssid="x"\n  psk="${P}"\n}`, 'psk', P],
  ['app/web.config', `<add key="password" value="${P.replace('&', '&amp;')}"/>`, 'password', P],
  ['app/web.xml', `<password>${P.replace('&', '&amp;')}</password>`, 'password', P],
  ['app/web.xml', `<password><![CDATA[${P}]]></password>`, 'password', P],
  ['app/web.xml', `<property value="${R}" name="db.password"/>`, 'db.password'],
  ['app/strings.xml', `<string name="api_key">${R}</string>`, 'api_key'],
  ['app/Info.plist', `<key>ApiKey</key>\n\t<string>${R}</string>`, 'ApiKey'],
  ['app/run.sh', `#!/bin/sh\nexport DB_PASSWORD="${P}"\n`, 'DB_PASSWORD', P],
  ['app/run.sh', `PGPASSWORD=${R} psql -h db -U app`, 'PGPASSWORD'],
  ['app/run.bat', `set DB_PASSWORD=${R}\r\n`, 'DB_PASSWORD'],
  [
    'app/run.ps1',
    `$p = ConvertTo-SecureString "${R}" -AsPlainText -Force`,
    'ConvertTo-SecureString',
  ],
  ['Dockerfile', `FROM x\nENV DB_PASSWORD=${P} DEBUG=1\n`, 'DB_PASSWORD', P],
  ['Dockerfile', `FROM x\nENV DB_PASSWORD ${P}\n`, 'DB_PASSWORD', P],
  ['Dockerfile', `FROM x\nARG API_TOKEN=${R}\n`, 'API_TOKEN'],
  ['Dockerfile', `RUN curl -u deploy:${P} https://repo/`, 'curl -u', P],
  ['app/index.js', `const apiKey = '${R}';`, 'apiKey'],
  ['app/index.js', `const api = { apiKey: \`${R}\` };`, 'apiKey'],
  ['app/index.js', `const { apiKey = '${R}' } = process.env;`, 'apiKey'],
  ['app/index.ts', `private readonly apiKey: string = '${R}';`, 'apiKey'],
  ['app/main.js', `!function(){${'var a=1;'.repeat(9000)}var c={apiKey:"${R}",b:2}}()`, 'apiKey'],
  ['app/main.js.map', `{"sourcesContent":["const apiKey = \\"${R}\\";\\n"]}`, 'apiKey'],
  ['app/index.html', `<script>window.config = {apiKey: "${R}"}</script>`, 'apiKey'],
  ['app/main.go', `cfg := Config{Password: "${R}"}`, 'Password'],
  ['app/main.go', `var apiToken string = "${R}"`, 'apiToken'],
  ['app/main.go', `key := []byte("x")\nsecretKey := []byte("${R}")`, 'secretKey'],
  ['app/main.rs', `const API_KEY: &str = "${R}";`, 'API_KEY'],
  ['app/Main.java', `private static final String PASSWORD = "${R}";`, 'PASSWORD'],
  ['app/Main.java', `dataSource.setPassword("${R}");`, 'dataSource.setPassword'],
  ['app/Main.kt', `val apiKey: String = "${R}"`, 'apiKey'],
  ['app/Main.cs', `var c = "Server=db;User Id=app;Password=${R};";`, 'Password'],
  ['app/appsettings.json', `{"Db": "Server=db;Uid=app;Pwd=${P};"}`, 'Pwd', P],
  [
    'app/appsettings.json',
    `{"S": "DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${R}==;"}`,
    'AccountKey',
    `${R}==`,
  ],
  ['app/db.properties', `url=jdbc:mysql://db/x?user=app&password=${R}&ssl=1`, 'password'],
  ['app/main.c', `#define API_KEY "${R}"`, 'API_KEY'],
  ['app/main.c', `static const char api_key[] = "${R}";`, 'api_key'],
  ['app/app.rb', `config = { :password => "${R}" }`, 'password'],
  ['app/app.rb', `config.secret_key_base = '${R}'`, 'config.secret_key_base'],
  ['app/wp-config.php', `define('DB_PASSWORD', '${P}');`, 'DB_PASSWORD', P],
  ['app/config.php', `'password' => '${P}',`, 'password', P],
  ['app/config.php', `$config['password'] = '${R}';`, 'password'],
  ['app/app.pl', `my $password = '${R}';`, 'password'],
  [
    'app/main.tf',
    `variable "db_password" {\n  type    = string\n  default = "${P}"\n}`,
    'db_password',
    P,
  ],
  ['app/prod.tfvars', `db_password = "${P}"`, 'db_password', P],
  ['app/terraform.tfstate', `{"attributes": {"password": "${P}"}}`, 'password', P],
  ['app/init.sql', `CREATE USER app IDENTIFIED BY '${R}';`, 'IDENTIFIED BY'],
  ['app/init.sql', `CREATE ROLE app LOGIN PASSWORD '${R}';`, 'PASSWORD'],
  ['root/.netrc', `machine repo.internal login deploy password ${P}\n`, 'password', P],
  ['root/.netrc', `machine repo.internal\n  login deploy\n  password ${P}\n`, 'password', P],
  ['root/.pgpass', `db.internal:5432:main:app:${P}\n`, 'password', P],
  ['root/.npmrc', `//registry.internal/:_authToken=${R}\n`, '_authToken'],
  ['root/.npmrc', `_auth=${LOGIN64}\nalways-auth=true\n`, '_auth', P],
  ['root/.npmrc', `//registry.internal/:_password="${P64}"\n`, '_password', P],
  ['root/.pypirc', `[internal]\nusername = deploy\npassword = ${P}\n`, 'password', P],
  ['etc/pip.conf', `[global]\nindex-url = https://deploy:${R}@repo.internal/simple\n`, 'deploy'],
  ['root/.docker/config.json', `{"auths": {"repo.internal": {"auth": "${LOGIN64}"}}}`, 'auth', P],
  [
    'root/.docker/config.json',
    `{"auths": {"repo.internal": {"identitytoken": "${R}"}}}`,
    'identitytoken',
  ],
  [
    'app/pull-secret.json',
    `{\n "auths": {\n  "a.internal": {\n   "auth": "${LOGIN64}"\n  }\n }\n}`,
    'auth',
    P,
  ],
  ['app/auth.json', `{"bearer": {"repo.internal": "${R}"}}`, 'bearer'],
  [
    'app/secret.yaml',
    `apiVersion: v1\ndata:\n  db-password: ${P64}\nkind: Secret\n`,
    'db-password',
    P,
  ],
  ['app/secret.yaml', `kind: Secret\nstringData:\n  password: ${P}\n`, 'password', P],
  ['app/secret.json', `{"kind": "Secret", "data": {"password": "${P64}"}}`, 'password', P],
  [
    'app/secret.yaml',
    `kind: Secret\ndata:\n  uri: ${base64(`amqp://app:${P}@mq.internal/`)}\n`,
    'uri',
    P,
  ],
  [
    'app/pull.yaml',
    `kind: Secret\ndata:\n  .dockerconfigjson: ${base64(`{"auths":{"r.internal":{"auth":"${LOGIN64}"}}}`)}\n`,
    '.dockerconfigjson',
    P,
  ],
  ['root/.kube/config', `users:\n- name: x\n  user:\n    token: ${R}\n`, 'token'],
  ['root/.aws/credentials', `[default]\naws_secret_access_key = ${R}\n`, 'aws_secret_access_key'],
  ['root/.boto', `[Credentials]\ngs_oauth2_refresh_token = ${R}\n`, 'gs_oauth2_refresh_token'],
  ['root/.s3cfg', `[default]\nsecret_key = ${R}\n`, 'secret_key'],
  ['root/.config/rclone/rclone.conf', `[x]\ntype = sftp\npass = ${R}\n`, 'pass'],
  ['root/.azure/accessTokens.json', `[{"refreshToken": "${R}"}]`, 'refreshToken'],
  [
    'root/.config/gcloud/application_default_credentials.json',
    `{"client_secret": "${R}"}`,
    'client_secret',
  ],
  ['root/.my.cnf', `[client]\npassword=${P}\n`, 'password', P],
  ['root/.my.cnf', `[client]\npassword="${P}"\n`, 'password', P],
  [
    'app/.git/config',
    `[remote "origin"]\n\turl = https://deploy:${R}@git.internal/app.git\n`,
    'deploy',
  ],
  [
    'app/.git/config',
    `[http]\n\textraheader = AUTHORIZATION: basic ${LOGIN64}\n`,
    'AUTHORIZATION',
    P,
  ],
  ['root/.git-credentials', `https://deploy:${P.replace('&', '%26')}@git.internal\n`, 'deploy', P],
  ['root/.bash_history', `ls\ncurl -u deploy:${P} https://repo/\n`, 'curl -u', P],
  ['root/.bash_history', `curl -H "Authorization: Bearer ${R}" https://api/\n`, 'Authorization'],
  ['root/.bash_history', `curl -H 'PRIVATE-TOKEN: ${R}' https://api/\n`, 'PRIVATE-TOKEN'],
  ['root/.bash_history', `mysql -uroot -p${P} app\n`, 'mysql -p', P],
  ['root/.bash_history', `mysqldump -u root -p'${P}' app\n`, 'mysqldump -p', P],
  ['root/.bash_history', `sshpass -p ${P} ssh root@host\n`, 'sshpass -p', P],
  ['root/.bash_history', `docker login -u x -p ${P} repo.internal\n`, 'docker login -p', P],
  ['root/.bash_history', `echo ${P} | docker login -u x --password-stdin\n`, 'docker login', P],
  ['root/.bash_history', `redis-cli -h r -a ${P} ping\n`, 'redis-cli -a', P],
  ['root/.bash_history', `echo "root:${P}" | chpasswd\n`, 'chpasswd', P],
  ['root/.bash_history', `ldapsearch -x -D cn=admin \\\n  -w ${P}\n`, 'ldapsearch -w', P],
  ['root/.bash_history', `export GH_TOKEN=${R}\n`, 'GH_TOKEN'],
  ['root/.bash_history', `openssl aes-256-cbc -in x -passin pass:${R}\n`, 'openssl -passin'],
  ['root/.bash_history', `helm install x --set db.password=${R} chart\n`, 'db.password'],
  ['app/.github/workflows/ci.yml', `env:\n  API_TOKEN: ${R}\n`, 'API_TOKEN'],
  ['app/.gitlab-ci.yml', `variables:\n  DEPLOY_TOKEN: "${R}"\n`, 'DEPLOY_TOKEN'],
  ['app/.circleci/config.yml', `environment:\n  API_TOKEN: ${R}\n`, 'API_TOKEN'],
  [
    'var/jenkins_home/credentials.xml',
    `<password>{AQAA${base64(R + R)}}</password>`,
    'password',
    `{AQAA${base64(R + R)}}`,
  ],
  ['app/client.py', `requests.get(url, auth=("ci", "${R}"))`, 'auth'],
  ['app/client.py', `smtp.login("ci@x.internal", "${R}")`, 'login'],
  ['app/Main.java', `DriverManager.getConnection(url, "app", "${R}");`, 'getConnection'],
  ['app/Main.cs', `new NetworkCredential("app", "${R}")`, 'NetworkCredential'],
  ['app/db.php', `$db = new mysqli('db', 'app', '${R}', 'main');`, 'mysqli'],
  ['app/db.php', `$db = new PDO("mysql:host=db", 'app', '${R}');`, 'PDO'],
  ['app/main.go', `os.Setenv("DB_PASSWORD", "${R}")`, 'DB_PASSWORD'],
  ['app/build.gradle', `  storePassword "${P}"\n`, 'storePassword', P],
  ['app/core.clj', `{:user "x" :password "${P}"}`, 'password', P],
  ['etc/nginx/app.conf', `proxy_set_header Authorization "Bearer ${R}";`, 'Authorization'],
  ['app/beans.xml', `<property name="password"><value>${R}</value></property>`, 'password'],
  ['app/unattend.xml', `<Password>\n  <Value>${R}</Value>`, 'Password'],
  ['app/tomcat-users.xml', `<user username="x" password="${R}" roles="y"/>`, 'password'],
  ['app/hosts.ini', `db ansible_user=x ansible_ssh_pass=${P}`, 'ansible_ssh_pass', P],
  ['etc/app.service', `Environment="DB_PASSWORD=${P}"`, 'DB_PASSWORD', P],
  ['etc/rabbitmq.conf', `default_pass = ${P}`, 'default_pass', P],
  ['app/mail.js', `auth: { user: 'x', pass: '${P}' }`, 'pass', P],
  ['app/config.yaml', `url: redis://:${P}@redis:6379/0\n`, '', P],
  ['app/a.ipynb', `{"source": ["import os\\n", "API_TOKEN = \\"${R}\\"\\n"]}`, 'API_TOKEN'],
  ['app/a.ipynb', `{"source": "import os\\nAPI_TOKEN = \\"${R}\\"\\nx = 1"}`, 'API_TOKEN'],
  ['app/a.ipynb', `{"source": ["%env API_TOKEN=${R}\\n", "x = 1"]}`, 'API_TOKEN'],
  [
    'app/c.postman_collection.json',
    `{"bearer": [{"key": "token", "value": "${R}", "type": "string"}]}`,
    'token',
  ],
  [
    'app/c.postman_collection.json',
    `{"apikey": [{"key": "value", "value": "${R}"}, {"key": "key", "value": "X-API-Key"}]}`,
    'apikey',
  ],
  ['app/a.har', `{"headers": [{"name": "X-Auth-Token", "value": "${R}"}]}`, 'X-Auth-Token'],
  ['app/a.http', `GET https://a.internal/\nAuthorization: Basic ${LOGIN64}\n`, 'Authorization', P],
  [
    'app/terraform.tfstate',
    `{"outputs": {"db_password": {\n  "value": "${P}",\n  "type": "string"}}}`,
    'db_password',
    P,
  ],
  [
    'app/terraform.tfstate',
    `{"resources": [{"type": "random_password", "instances": [{"attributes": {"result": "${P}\\u0026"}}]}]}`,
    'random_password.result',
    `${P}&`,
  ],
  ['var/log/app.log', `headers={'Authorization': 'Basic ${LOGIN64}', 'x': 1}`, 'Authorization', P],
  ['var/log/app.log', `"GET /api?access_token=${R} HTTP/1.1" 200 1\n`, 'access_token'],
  ['root/.psql_history', `alter role app login password '${R}';\n`, 'password'],
  ['root/.sqlite_history', `PRAGMA key = '${P}';\n`, 'database key', P],
  ['root/.mongorc.js', `db.auth("admin", "${R}")\n`, 'db.auth'],
  ['root/.rediscli_history', `get x\nAUTH ${P}\n`, 'password', P],
  ['root/.rediscli_history', `auth default "${P}"\n`, 'password', P],
  ['root/.rediscli_history', `config set requirepass ${P}\n`, 'password', P],
  ['root/.rediscli_history', `ACL SETUSER app on >${P} ~* +@all\n`, 'password', P],
  ['etc/redis/redis.conf', `user app on >${P} ~* +@all\n`, 'password', P],
  ['etc/redis/users.acl', `user default on >${P} ~* &* +@all\n`, 'password', P],
  ['etc/rabbitmq.config', `[{rabbit, [{default_pass, <<"${P}">>}]}].`, 'default_pass', P],
  ['etc/pgbouncer/userlist.txt', `"app" "${P}"\n`, 'password', P],
  ['etc/ppp/chap-secrets', `# client server secret\n"app" * "${P}" *\n`, 'password', P],
  ['etc/ppp/pap-secrets', `app\t*\t${P}\t*\n`, 'password', P],
  ['etc/openvpn/client/auth.txt', `app\r\n${P}\r\n`, 'password', P],
  ['app/x.ovpn', `client\n<auth-user-pass>\napp\n${P}\n</auth-user-pass>\n`, 'password', P],
  ['etc/postfix/sasl_passwd', `[smtp.internal]:587 app@x.internal:${P}\n`, 'password', P],
  ['etc/exim4/passwd.client', `*.internal:app:${P}\n`, 'password', P],
  ['root/.msmtprc', `account x\nuser app\npassword ${P}\n`, 'password', P],
  ['app/a.js', `const s = process.env.API_SECRET || '${R}';\n`, 'process.env.API_SECRET'],
  ['app/.env', 'DB_PASSWORD=orbit-quartzcanyon\n', 'DB_PASSWORD', 'orbit-quartzcanyon'],
  ['etc/ipsec.secrets', `1.2.3.4 %any : PSK "${P}"\n`, 'password', P],
  ['etc/nslcd.conf', `binddn cn=app\nbindpw ${P}\n`, 'password', P],
  ['etc/openldap/slapd.conf', `rootpw ${P}\n`, 'password', P],
  ['etc/sssd/sssd.conf', `[domain/x]\nldap_default_authtok = ${P}\n`, 'password', P],
  ['etc/davfs2/secrets', `https://dav.internal/ app "${P}"\n`, 'password', P],
  ['etc/snmp/snmpd.conf', `createUser app SHA-256 "${P}" AES\n`, 'password', P],
  ['root/.curlrc', `user = "app:${P}"\n`, 'password', P],
  ['app/config.yaml', `url: postgres://app:p@ss${P}@db/main\n`, 'app', `p@ss${P}`],
];

/** Where a value stands in a text, counted anew: 1-based, in characters. */
function placeOf(text: string, value: string): { line: number; column: number } {
  const before = text.slice(0, text.indexOf(value)).split('\n');
  return { line: before.length, column: Array.from(before.at(-1) ?? '').length + 1 };
}

describe('is found with its name and its place', () => {
  test.each(FOUND)('%s: %s', (path, text, name, value = R) => {
    const found = scan(text, path);
    expect(found.map((one) => one.value)).toEqual([value]);
    const [detection] = found;
    expect(detection?.name).toBe(name);
    expect(detection?.why.length).toBeGreaterThan(0);
    const written = detection?.written ?? value;
    expect(text).toContain(written);
    expect(detection).toMatchObject(placeOf(text, written));
    expect(Buffer.from(text).subarray(detection?.offset).toString()).toMatch(
      new RegExp(`^${written.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}`),
    );
  });
});

test('in a program a password counts that is a string of its own', () => {
  const [found] = scan(`\0\x01\0DB_PASSWORD=${P}\0PATH=/bin\0`, 'bin/tool');
  expect(found).toMatchObject({ name: 'DB_PASSWORD', value: P });
  expect(scan(`\0\x01 DB_PASSWORD=${P} and more\0`, 'bin/tool')).toEqual([]);
});

describe('stays silent', () => {
  test.each([
    ['app/config.py', 'password = os.environ["DB_PASSWORD"]'],
    ['app/config.py', `git_commit = "${constructedToken()}"`],
    ['app/config.py', 'SOCIAL_AUTH_GITHUB_KEY = "Iv1.8f61a9b3c7dbe7e6"'],
    [
      'app/deploy.yaml',
      `    checksum/secret: ${constructedToken()}${constructedToken('b').slice(0, 24)}`,
    ],
    ['bin/tool', '\0\x01\0DB_PASSWORD=%s:x-1\0PATH=/bin\0'],
    ['app/config.py', 'token = "6f1c2e0a-4b7d-4c1e-9d2f-0a1b2c3d4e5f"'],
    ['app/config.py', `checksum = "${constructedToken()}${constructedToken('b').slice(0, 24)}"`],
    ['app/config.py', 'PASSWORD_RE = r"^(?=.*[A-Z])(?=.*[0-9]).{8,64}$"'],
    ['app/config.py', 'password = getpass.getpass("Password: ")'],
    ['app/config.py', 'parser.add_argument("--password", help="the password, 8 to 16 characters")'],
    ['app/config.py', `password_hash = "$2b$12$${R}${R}abcde"`],
    ['app/config.py', `password = "$2b$12$${R}${R}abcde"`],
    ['app/.env', 'DB_PASSWORD=${DB_PASSWORD}'],
    ['app/.env', 'DB_PASSWORD='],
    ['app/.env', 'DB_PASSWORD=changeme'],
    ['app/.env', 'DB_PASSWORD=<your password>'],
    ['app/.env', 'DB_PASSWORD=$OTHER_PASSWORD'],
    ['app/.env', 'DB_PASSWORD_FILE=/run/secrets/db'],
    ['app/.env.example', 'DB_PASSWORD=secret123'],
    ['app/index.js', 'const token = process.env.API_TOKEN;'],
    ['app/index.js', 'const password = req.body.password1;'],
    ['app/index.js', '<input type="password" name="password" placeholder="Passw0rd1" />'],
    ['app/index.js', 'export const RESET_PASSWORD = "auth/RESET_PASSWORD_2";'],
    ['app/style.css', '.password-field1 { color: #aabbcc }\n.token:hover { width: 12px }'],
    ['app/locales/de.json', '{"password": "Passwort eingeben", "token": "Zeichen2"}'],
    ['app/lang/de.json', '{"password": "Passwort eingeben", "newPassword": "Neues Passwort!"}'],
    ['app/lang/it.json', '{"newPassword": "il nuovo codice segreto"}'],
    ['app/form.json', '{"name": "password", "type": "password", "label": "Password (8+)"}'],
    [
      'app/config.yaml',
      'image: app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    ],
    ['app/config.yaml', 'password:\n  min_length: 12\n  pattern: "[a-z0-9]+"'],
    ['app/config.yaml', 'secretName: app-tls-2024\nimagePullSecrets: registry-2'],
    [
      'app/config.yaml',
      '- name: DB_PASSWORD\n  valueFrom:\n    secretKeyRef:\n      name: db-1\n      key: pass2',
    ],
    ['app/config.yaml', 'password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  6162'],
    ['app/package-lock.json', `"token": {"integrity": "sha512-${R}${R}=="}`],
    ['app/x.html', `<script integrity="sha384-${R}${R}" src="token.js"></script>`],
    ['app/key.txt', `public_key = "ssh-rsa AAAAB3NzaC1yc2E${R}${R}"`],
    ['app/README.md', 'Set `password: hunter2!` in the file, or DB_PASSWORD=Summer2024.'],
    ['app/LICENSE', 'License key: grants you the token right to use 1 copy, secret or not.'],
    ['app/run.sh', 'curl -u "$USER:$PASS" https://x/\nmysql -p"$DB_PASS"\nsshpass -p "$1" ssh x'],
    ['app/run.sh', 'docker login -u x -p ${TOKEN}\necho "$PW" | docker login --password-stdin'],
    ['app/run.sh', 'mysql -u root -p app\nread -s -p "Password: " PASSWORD'],
    [
      'app/secret.yaml',
      `kind: Secret\ndata:\n  username: ${base64('deploy')}\n  ca.crt: ${base64('x y z')}\n`,
    ],
    ['app/secret.yaml', `kind: Secret\ndata:\n  password: ${base64('changeme')}\n`],
    ['root/.netrc', 'machine x login y password ${PASSWORD}'],
    ['etc/ppp/chap-secrets', '# client server secret\n#"app" * "hunter2!" *\n'],
    ['etc/ldap/ldap.conf', '#bindpw hunter2!\nbase dc=x'],
    ['app/ph.yml', 'api_key: ENC[AES256_GCM,data:abcd,iv:xyz,tag:q,type:str]'],
    ['app/.env', 'DB_PASSWORD=db-password-file'],
    ['etc/slapd.conf', 'rootpw {SSHA}0c0b0a09080706050403020100ffeeddccbbaa99'],
    [
      'etc/redis/redis.conf',
      '# requirepass hunter2!\n# user app on >hunter2! ~*\nuser x on nopass\n',
    ],
    ['etc/openvpn/auth.txt', 'This file is not used.\nSee the manual.\n'],
    ['app/terraform.tfstate', '{"type": "random_id", "result": "a1b2c3d4e5f6"}'],
    ['root/.npmrc', '//registry.internal/:_authToken=${NPM_TOKEN}'],
    [
      'usr/lib/python3/dist-packages/x/conf.py',
      'PASSWORD = "hunter2!"\nDB_PASSWORD = "Summer2024"',
    ],
    ['app/node_modules/x/index.js', 'const password = "Summer2024!";'],
    ['app/Main.java', 'String token = getToken("API_TOKEN_1");'],
    ['app/schema.sql', 'password VARCHAR(255) NOT NULL,\ntoken CHAR(40)'],
  ])('%s: %s', (path, text) => {
    // Hashes and what is encrypted are no more than information.
    const found = scan(text, path).filter(({ severity }) => severity !== 'info');
    expect(found.map(({ rule, value, name }) => [rule.id, name, value])).toEqual([]);
  });
});

test.each([
  ['app/tools.ini', '[github]\nuser = x\ntoken = '],
  ['app/deploy.py', 'from github import Github\n\ntoken = '],
  ['app/deploy.py', 'API = "https://api.github.com"\nHEADERS = 1\ntoken = '],
])('a provider named nearby tells what a token without a form opens: %s', (path, before) => {
  const token = constructedToken();
  const [named] = scan(`${before}"${token}"\n`, path);
  expect(named).toMatchObject({ rule: { id: 'github-pat-legacy-40hex' }, value: token });
  expect(scan(`token = "${token}"\n`, path)[0]?.rule.id).toBe('generic-token');
});

test('values beside a secret are not told of it', () => {
  const other = base64(constructedToken('another value')).slice(3, 27);
  for (const { why } of scan(`github = "${other}"\ntoken = "${constructedToken()}"`, 'app/x.py'))
    expect(why.join(' ')).not.toContain(other);
});

test('hashes of passwords are information', () => {
  const hash = `$6$${R.slice(0, 8)}$${R}${R}`;
  for (const [path, text] of [
    ['etc/shadow', `root:${hash}:19000:0:99999:7:::\ndaemon:*:1:0:9:7:::\n`],
    ['etc/nginx/.htpasswd', `admin:${hash}\n`],
  ] as const) {
    expect(scan(text, path)).toMatchObject([
      { rule: { id: 'password-hash' }, severity: 'info', value: hash, line: 1 },
    ]);
  }
});

test('names in binary data count where what they hold looks drawn at random', () => {
  const text = `\0\x01\x02DB_PASSWORD=${R}\0API_TOKEN=short1\0{"refresh_token":"${R}x"}\0`;
  expect(scan(text, 'usr/bin/tool').map(({ name, value }) => [name, value])).toEqual([
    ['DB_PASSWORD', R],
    ['refresh_token', `${R}x`],
  ]);
});

test('lines and columns count characters, whatever the line ends and the pieces', () => {
  const filler = 'größer und schöner, Zeile für Zeile\r\n'.repeat(40_000);
  const text = `${filler}# ä\r\nü = 1; DB_PASSWORD = "${R}"\r\n${filler}`;
  for (const pieces of [4096, 100_001, 0]) {
    expect(scan(text, 'app/config.py', pieces)).toMatchObject([
      { value: R, line: 40_002, column: 23 },
    ]);
  }
});

test('a line of megabytes takes as long as many lines', () => {
  const seconds = (separator: string): number => {
    const text = `{"password":"${R}","a":1},${separator}`.repeat(20_000);
    const began = process.cpuUsage().user;
    expect(scan(text, 'app/data.json').length).toBeGreaterThan(0);
    return process.cpuUsage().user - began;
  };
  seconds('\n');
  expect(seconds('')).toBeLessThan(5 * seconds('\n') + 100_000);
});

test('both passwords of an SNMP user are found where they stand', () => {
  const text = `createUser app SHA "${P}" AES ${P}2\n`;
  expect(scan(text, 'etc/snmp/snmpd.conf').map(({ value, offset }) => [value, offset])).toEqual([
    [P, text.indexOf(P)],
    [`${P}2`, text.indexOf(`${P}2`)],
  ]);
});

test('commands in a history of libedit are read as they were typed', () => {
  const typed = `CREATE USER app IDENTIFIED BY '${R}';`.replaceAll(' ', '\\040');
  const [found, ...more] = scan(`_HiStOrY_V2_\n${typed}\n`, 'root/.mysql_history');
  expect(more).toEqual([]);
  expect(found?.value).toBe(R);
  expect(found?.line).toBe(2);
});

test('hashes of passwords are told from passwords in the same files', () => {
  const hash = `md5${constructedToken().slice(0, 32)}`;
  const found = scan(`"a" "${hash}"\n`, 'etc/pgbouncer/userlist.txt');
  expect(found.map(({ rule, severity }) => [rule.id, severity])).toEqual([
    ['password-hash', 'info'],
  ]);
});
