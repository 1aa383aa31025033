/** Tables in text: SQL dumps, comma-separated values, as the programs that write them do. */
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

/** 24 characters drawn at random, the same in every run. */
const R = Buffer.from(constructedToken('a value in a table'), 'hex')
  .toString('base64')
  .slice(0, 24);
const T = constructedToken('another value in a table');
/** A password as a person would make it up. */
const P = ['Tr0ub', '4dor', '&3x'].join('');

/** Path, text, name, and the value where it is not `R`. */
const FOUND: [string, string, string, string?][] = [
  // PostgreSQL
  [
    'dump.sql',
    `COPY public.users (id, login, api_token, note) FROM stdin;\n1\tann\t${R}\t\\N\n\\.\n`,
    'api_token',
  ],
  [
    'dump.sql',
    `COPY "public"."Settings" (key, value) FROM stdin;\nsmtp_password\t${P}\ntheme\tdark\n\\.\n`,
    'smtp_password',
    P,
  ],
  [
    'dump.sql',
    `CREATE TABLE public.users (\n    id integer NOT NULL,\n    password character varying(64) DEFAULT 'x, y'::text\n);\nCOPY public.users FROM stdin;\n1\tSumm\\\\er!20\n\\.\n`,
    'password',
    'Summ\\er!20',
  ],
  [
    'dump.sql',
    `INSERT INTO public.users VALUES (1, 'a');\nCREATE ROLE x LOGIN PASSWORD '${R}';\n`,
    'PASSWORD',
  ],
  ['dump.sql', `ALTER ROLE app WITH LOGIN PASSWORD '${R}';\n`, 'PASSWORD'],
  ['dump.sql', `ALTER USER app WITH ENCRYPTED PASSWORD '${R}';\n`, 'PASSWORD'],
  // MySQL
  [
    'dump.sql',
    `CREATE TABLE \`users\` (\n  \`id\` int(11) NOT NULL AUTO_INCREMENT,\n  \`name\` varchar(64),\n  \`api_key\` varchar(64) COLLATE utf8mb4_bin DEFAULT NULL,\n  PRIMARY KEY (\`id\`),\n  UNIQUE KEY \`name\` (\`name\`),\n  KEY \`k\` (\`api_key\`)\n) ENGINE=InnoDB;\nINSERT INTO \`users\` VALUES (1,'O\\'Neil, (x)','${R}'),(2,'b',NULL);\n`,
    'api_key',
  ],
  [
    'dump.sql',
    `INSERT INTO \`wp_options\` (\`option_id\`, \`option_name\`, \`option_value\`, \`autoload\`) VALUES\n(1, 'siteurl', 'https://a.internal', 'yes'),\n(2, 'mailer_api_key', '${R}', 'yes');\n`,
    'mailer_api_key',
  ],
  [
    'dump.sql',
    `REPLACE INTO config (name, val) VALUES ('ldap.password', '${P}');`,
    'ldap.password',
    P,
  ],
  ['dump.sql', `CREATE USER 'app'@'%' IDENTIFIED BY '${R}';`, 'IDENTIFIED BY'],
  [
    'dump.sql',
    `CREATE USER 'app'@'%' IDENTIFIED WITH mysql_native_password BY '${R}';`,
    'IDENTIFIED BY',
  ],
  [
    'dump.sql',
    `GRANT ALL ON db.* TO 'app'@'%' IDENTIFIED BY '${R}' WITH GRANT OPTION;`,
    'IDENTIFIED BY',
  ],
  ['dump.sql', `SET PASSWORD FOR 'app'@'%' = PASSWORD('${R}');`, 'PASSWORD'],
  // SQLite, SQL Server, Oracle
  [
    'dump.sql',
    `PRAGMA foreign_keys=OFF;\nCREATE TABLE kv (key TEXT PRIMARY KEY, value BLOB);\nINSERT INTO kv VALUES('client_secret','${R}');\n`,
    'client_secret',
  ],
  [
    'dump.sql',
    `INSERT OR REPLACE INTO "users"("id","path","refresh_token") VALUES(1,'C:\\','${R}');\n`,
    'refresh_token',
  ],
  [
    'dump.sql',
    `INSERT [dbo].[Users] ([Id], [Login], [ApiToken]) VALUES (1, N'x', N'${R}')\nGO\n`,
    'ApiToken',
  ],
  ['dump.sql', `INSERT INTO users (login, password) VALUES ('root', SHA1('${P}'));`, 'password', P],
  [
    'dump.sql',
    `INSERT INTO users (login, password) VALUES ('root', '${P}''x');`,
    'password',
    `${P}'x`,
  ],
  // Programs
  [
    'app/setup.py',
    `db.execute("INSERT INTO users (login, api_token) VALUES ('ann', '${R}')")`,
    'api_token',
  ],
  // Browsers and password managers
  [
    'Chrome Passwords.csv',
    `name,url,username,password,note\na,https://a.b/,me,${P},\n`,
    'password',
    P,
  ],
  [
    'logins.csv',
    `"url","username","password","httpRealm","formActionOrigin","guid"\r\n"https://a.b","me","${P}""q",,"x","{1}"\r\n`,
    'password',
    `${P}"q`,
  ],
  [
    'bitwarden_export.csv',
    `folder,favorite,type,name,notes,fields,reprompt,login_uri,login_username,login_password,login_totp\n,,login,x,"a\nb",,0,https://a.b,me,${P},\n`,
    'login_password',
    P,
  ],
  ['1password.csv', `Title,Url,Username,Password,OTPAuth\nx,https://a.b,me,${P},\n`, 'Password', P],
  [
    'lastpass.csv',
    `url,username,password,totp,extra,name,grouping,fav\nhttps://a.b,me,${P},,,x,,0`,
    'password',
    P,
  ],
  [
    'keepass.csv',
    `"Account","Login Name","Password","Web Site","Comments"\n"x","me","${P}","https://a.b",""\n`,
    'Password',
    P,
  ],
  ['export.tsv', `user\tsecret_key\nme\t${R}\n`, 'secret_key'],
  ['export.csv', `\ufeffuser;api_token\nme;${R}\n`, 'api_token'],
  ['users.csv', `id,login,password\n1,ann.kelp7,${P}\n`, 'password', P],
  ['secrets.csv', `name,value\nDB_PASSWORD,${P}\n`, 'DB_PASSWORD', P],
];

describe('a value is found by its column or its key, where it stands', () => {
  test.each(FOUND)('%j: %j', (path, text, name, value = R) => {
    for (const pieces of [0, 7]) {
      const found = scan(text, path, pieces);
      expect(found.map((one) => [one.name, one.value])).toEqual([[name, value]]);
      const [detection] = found;
      const written = detection?.written ?? value;
      const bytes = Buffer.from(text).subarray(detection?.offset);
      expect(bytes.toString().startsWith(written)).toBe(true);
    }
  });
});

test('a row says its column and table', () => {
  const text = `INSERT INTO app.users (api_token) VALUES ('${R}');`;
  expect(scan(text, 'dump.sql')[0]?.why).toContain('in the column api_token of the table users');
  const pairs = `INSERT INTO options (name, value) VALUES ('api_token', '${R}');`;
  expect(scan(pairs, 'dump.sql')[0]?.why).toContain('in the row api_token of the table options');
});

test('an access key of AWS and its secret, as the console gives them', () => {
  const id = `AKIAQYLPMN5HHXJW4T7A`;
  const secret = `${R}${T.slice(0, 16)}`;
  const text = `Access key ID,Secret access key\r\n${id},${secret}\r\n`;
  const found = scan(text, 'rootkey/accessKeys.csv');
  expect(found.map(({ value }) => value)).toContain(secret);
});

describe('hashes of passwords are shown as such', () => {
  test.each([
    ['users', 'password', T],
    ['auth_user', 'password', `pbkdf2_sha256$600000$${R}$${R}${R}=`],
    ['user', 'password', `${T}${T}${T}`.slice(0, 100)],
    ['accounts', 'password', `$6$salt$${T}${T}`],
  ])('%s.%s %s', (table, column, value) => {
    const found = scan(`INSERT INTO ${table} (name, ${column}) VALUES ('a', '${value}');`, 'd.sql');
    expect(found.map(({ rule, severity }) => [rule.id, severity])).toEqual([
      ['password-hash', 'info'],
    ]);
  });
});

describe('stays silent', () => {
  test.each([
    ['dump.sql', `INSERT INTO users (login, password) VALUES ('a', 'changeme'), ('b', NULL);`],
    ['app/db.py', 'q = "INSERT INTO users (login, password) VALUES (%s, %s)"'],
    [
      'app/db.js',
      `q = "INSERT INTO users (login, password) VALUES ('" + user + "', '" + pass1 + "')"`,
    ],
    ['app/db.php', `"INSERT INTO users (login, password) VALUES ('$login', '$password')"`],
    ['app/db.rb', `"INSERT INTO users (login, password) VALUES ('a', '#{password}')"`],
    ['words.csv', `password,strength\nhunter2!,1\nSumm3r!x,2\n`],
    ['users.csv', `id,login,role\n1,ann.kelp77,admin\n2,Bob_7kelp,user\n`],
    ['corpus.csv', `name,token,tag\na,running2,VERB\n`],
    ['dump.sql', `COPY public.t (id, note) FROM stdin;\n1\t${R}\n\\.\n`],
  ])('%s: %j', (path, text) => {
    expect(scan(text, path)).toEqual([]);
  });
});

test('rows over many windows are read in the time that their bytes take', () => {
  const rows = Array.from(
    { length: 60_000 },
    (_, i) => `(${i},'user ${i}','${'n'.repeat(40)}',NULL)`,
  );
  rows[59_000] = `(1,'x','${'long'.repeat(20_000)}','${R}')`;
  const text = `INSERT INTO \`users\` (\`id\`,\`login\`,\`note\`,\`api_token\`) VALUES ${rows.join(',')};\n`;
  expect(text.length).toBeGreaterThan(3 << 20);
  const seconds = (pieces: number): number => {
    const began = process.cpuUsage().user;
    expect(scan(text, 'dump.sql', pieces).map(({ value }) => value)).toEqual([R]);
    return process.cpuUsage().user - began;
  };
  for (const pieces of [0, 65_536]) expect(seconds(pieces)).toBeLessThan(3e6);
});

test.each([
  ['INSERT INTO '],
  ['INSERT INTO t (['],
  ['CREATE TABLE t ('],
  ['COPY t ( FROM stdin'],
  ['COPY t (token) FROM stdin;\n'],
  [`INSERT INTO t (token) VALUES ('`],
])('%j again and again takes the time of its bytes', (text) => {
  const time = (size: number): number => {
    const began = process.cpuUsage().user;
    scan(text.repeat(size / text.length), 'dump.sql');
    return process.cpuUsage().user - began;
  };
  time(1 << 18);
  expect(time(1 << 21)).toBeLessThan(16 * time(1 << 18) + 500_000);
});

test('what Fernet encrypted, as Airflow keeps passwords, weighs little', () => {
  const value = `gAAAAAB${(T + T + T).slice(0, 93)}`;
  const text = `INSERT INTO connection (login, password) VALUES ('etl', '${value}');`;
  const found = scan(text, 'dump.sql');
  expect(found.map((one) => [one.value, one.severity])).toEqual([[value, 'low']]);
});
