/** Values that stand before their names, are compared with them, or follow them in another way than an assignment. */
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

/** 24 characters drawn at random, and hex digits, the same in every run. */
const T = Buffer.from(constructedToken('beside names')).toString('base64').slice(5, 29);
const X = constructedToken('beside names in hex').slice(0, 32);
/** As people choose them: with digits, and of words alone. */
const P = ['Quarry', 'Lantern', '58!'].join('');
const W = ['quarry', 'lantern', 'thistle'].join('_');

/** A path, a text with one of the above, and the name that it is found by. */
type Case = [path: string, text: string, name: string];

function finds(cases: readonly Case[]): void {
  test.each(cases)('%s: %s', (path, text, name) => {
    const found = scan(text, path);
    expect(found.map((one) => one.name)).toEqual([name]);
    const [{ value, offset = -1 }] = found as [(typeof found)[0]];
    expect([T, X, P, W]).toContain(value);
    expect(text.slice(offset, offset + value.length)).toBe(value);
  });
}

describe('comparisons', () => {
  finds([
    ['srv/A.java', `if ("${P}".equals(password)) return;`, 'password'],
    ['srv/A.java', `if ("${P}".equals(p.getProperty("admin.password"))) x();`, 'admin.password'],
    ['srv/A.java', `return password.equals("${P}");`, 'password.equals'],
    ['srv/A.java', `if (MessageDigest.isEqual("${T}", token)) {`, 'token'],
    ['srv/A.java', `if (u.password() == "${P}") {`, 'u.password'],
    ['srv/a.js', `if (token === '${T}') {`, 'token'],
    ['srv/a.js', `if ('${T}' === req.headers['x-api-key']) {`, 'x-api-key'],
    ['srv/a.php', `if ($_POST['pw'] === '${W}') {`, 'pw'],
    ['srv/a.php', `if (hash_equals('${T}', $_POST['token'])) {`, 'token'],
    ['srv/a.php', `if ('${P}' == $user->password) {`, 'password'],
    ['srv/a.py', `if "${P}" == password: pass`, 'password'],
    ['srv/a.py', `if check(b"${T}" == api_key): pass`, 'api_key'],
    ['srv/a.lua', `if h()["x-api-key"] ~= "${T}" then`, 'x-api-key'],
    ['srv/a.pl', `if ($password eq "${P}") {`, 'password'],
    ['srv/a.ps1', `if ($password -eq "${P}") {`, 'password'],
    ['srv/a.ps1', `if ("${P}" -ne $password) {`, 'password'],
    ['srv/a.m', `if ([password isEqualToString:@"${P}"]) {`, 'password'],
    ['srv/a.sh', `if [ "$TOKEN" != "${T}" ]; then`, 'TOKEN'],
    ['etc/nginx/n.conf', `map $http_apikey $ok { default 0; "${X}" 1; }`, 'apikey'],
    ['etc/nginx/n.conf', `map $arg_k $ok {\n  default 0;\n  ~^a 0;\n  ${T} 1;\n}`, 'k'],
    ['etc/nginx/n.conf', `if ($arg_token = ${T}) { return 200; }`, 'token'],
    ['etc/nginx/n.conf', `if ($cookie_gate != "${T}") { return 403; }`, 'gate'],
    ['etc/nginx/n.conf', `secure_link_md5 "$secure_link_expires$uri ${W}";`, 'secure_link'],
  ]);
});

describe('neighbouring arguments and fields', () => {
  finds([
    ['srv/A.java', `m = Map.of("user", "x", "password", "${P}");`, 'password'],
    ['srv/a.go', `md := metadata.Pairs("a", "b", "x-token", "${T}")`, 'x-token'],
    ['srv/a.py', `cfg.set("db", "password", "${P}")`, 'password'],
    ['srv/a.kt', `val m = mapOf("user" to "x", "password" to "${P}")`, 'password'],
    ['srv/a.swift', `r.setValue("${X}", forHTTPHeaderField: "X-Api-Key")`, 'X-Api-Key'],
    ['srv/a.m', `[r setValue:@"${T}" forHTTPHeaderField:@"X-Api-Key"];`, 'X-Api-Key'],
    ['srv/Jenkinsfile', `h: [[name: 'X-Api-Token', value: '${T}']], u: x`, 'X-Api-Token'],
    [
      'srv/context.xml',
      `<Environment name="mail.pw" type="java.lang.String" value="${P}"/>`,
      'mail.pw',
    ],
    ['srv/NuGet.Config', `<add key="ClearTextPassword" value="${W}"/>`, 'ClearTextPassword'],
    ['srv/web.config', `<machineKey decryptionKey="${X}" />`, 'decryptionKey'],
    [
      'srv/a.rs',
      `#[arg(default_value_t = String::from("${T}"))]\n    api_token: String,`,
      'api_token',
    ],
    [
      'srv/a.rs',
      `#[arg(default_value = "${P}")]\n    /// It.\n    pub password: String,`,
      'password',
    ],
    ['srv/x.tfvars', `secrets = {\n  app = "${T}"\n  b = "c"\n}`, 'secrets.app'],
    ['srv/a.js', `db: { dialect: 'mysql', pw: '${P}' }`, 'pw'],
  ]);
});

describe('literals', () => {
  finds([
    ['srv/a.R', `api_key <- "${T}"`, 'api_key'],
    ['srv/a.R', `token <- Sys.getenv("TOK", "${X}")`, 'token'],
    ['srv/a.lua', `local secret = [[${T}]]`, 'secret'],
    ['srv/a.pl', `my $token = q{${X}};`, 'token'],
    ['srv/a.pl', `my $password = qq|${P}|;`, 'password'],
    ['srv/a.rb', `TOKEN = %q(${X}).freeze`, 'TOKEN'],
    ['srv/a.ex', `password: ~s(${P}),`, 'password'],
    ['srv/a.cpp', `std::string password = R"(${P})";`, 'password'],
    ['srv/a.go', `key := []byte("${T}")`, 'key'],
    ['srv/a.yml', `DB_PASS: &dbpass "${P}"`, 'DB_PASS'],
    ['srv/a.yml', `DB_PASS: &dbpass ${P}`, 'DB_PASS'],
    ['srv/a.yml', `DB_PASS: !!str ${P}`, 'DB_PASS'],
    ['srv/a.yml', `password: "{noop}${P}"`, 'password'],
    ['srv/a.properties', `password={noop}${P}`, 'password'],
    [
      'srv/a.yml',
      `  - "traefik.x.customrequestheaders.X-Api-Key=${X}"`,
      'traefik.x.customrequestheaders.X-Api-Key',
    ],
    ['root/config.fish', `set -gx DB_PASSWORD ${W}`, 'DB_PASSWORD'],
    ['root/.bash_history', `fish -c 'set -Ux API_TOKEN ${T}'`, 'API_TOKEN'],
    ['srv/a.bat', `setx DB_PASSWORD ${P}`, 'DB_PASSWORD'],
    ['srv/a.sh', `expect "password:"\nx\nsecret = ${T}\n`, 'secret'],
  ]);
});

describe('calls', () => {
  finds([
    [
      'srv/a.py',
      `ldap3.Connection("ldaps://dc1", "CN=s,DC=c", "${P}", auto_bind=True)`,
      'ldap3.Connection',
    ],
    ['srv/a.py', `c.connect("10.0.0.8", 22, "deploy", "${P}")`, 'connect'],
    ['srv/a.py', `redis.StrictRedis("cache", 6379, 0, "${T}")`, 'StrictRedis'],
    ['srv/a.py', `keyring.set_password("svc", "bob", "${P}")`, 'keyring.set_password'],
    [
      'srv/a.pl',
      `DBI->connect("dbi:mysql:c:db", "crm", "${P}", { RaiseError => 1 });`,
      'DBI->connect',
    ],
    ['srv/a.pl', `$ua->credentials("host:443", "realm", "svc", "${P}");`, 'credentials'],
    ['srv/a.go', `credentials.NewStaticV4("minioadm", "${T}", "")`, 'NewStaticV4'],
    ['srv/a.rb', `provider :github, "Iv1.1234", "${X}", scope: "user"`, 'provider'],
    ['srv/a.cs', `await um.CreateAsync(new User { Name = "root" }, "${P}");`, 'CreateAsync'],
  ]);

  test.each(['thin', 'oci'])("Oracle's address for JDBC: %s", (driver) => {
    for (const [written, host] of [
      [P, 'ora'],
      [`"${P}"`, '10.0.0.9'],
    ]) {
      const text = `url = "jdbc:oracle:${driver}:billing/${written}@//${host}:1521/BILL"`;
      const [found, ...more] = scan(text.replaceAll('""', '"'), 'srv/A.java');
      expect([found?.rule.id, found?.value, found?.facts['user']]).toEqual([
        'url-password',
        P,
        'billing',
      ]);
      expect(text.slice(found?.offset)).toMatch(/^Quarry/);
      expect(more).toEqual([]);
    }
  });
});

describe('commands', () => {
  finds([
    ['root/.zsh_history', `: 1:0;sudo -S <<< "${P}" apt update`, 'sudo -s'],
    ['root/.zshrc', `alias v='echo ${P} | openconnect --passwd-on-stdin v'`, 'openconnect'],
    ['root/a.sh', `useradd -m -p ${W} svc`, 'useradd -p'],
    ['root/a.sh', `mysqladmin -u root password '${W}'`, 'mysqladmin'],
    ['root/a.sh', `wget -q "https://k.io/cron?key=${X}"`, 'key'],
    ['root/a.sh', `curl -H "X-Auth: ${T}" https://k.io`, 'X-Auth'],
    ['root/a.exp', `send "${P}\\r"`, 'send'],
    ['srv/a.ps1', `cmdkey /add:srv /user:adm /pass:${P}`, 'cmdkey /pass:'],
    ['srv/a.ps1', `schtasks /create /tn x /ru svc /rp ${W} /tr a.exe`, 'schtasks /rp'],
    ['srv/a.ps1', `Connect-VIServer vc -User root -Password ${P}`, 'Password'],
    ['srv/a.ps1', `Invoke-Sqlcmd -Username sa -Password '${W}' -Query 'x'`, 'Password'],
  ]);
});

describe('files of services', () => {
  finds([
    ['etc/snmp/snmpd.conf', `rocommunity ${W} 10.0.0.0/8`, 'password'],
    ['etc/snmp/snmpd.conf', `com2sec -Cn x readonly default ${W}`, 'password'],
    ['etc/squid/squid.conf', `cache_peer p.k.io parent 3128 0 login=svc:${P}`, 'password'],
    ['etc/squid/squid.conf', `cachemgr_passwd ${W} all`, 'password'],
    ['etc/kubernetes/tokens.csv', `${X},admin,1,"system:masters"`, 'token'],
    ['home/bob/x.rdp', `full address:s:h\r\ngatewayaccesstoken:s:${T}\r\n`, 'token'],
    ['srv/a.yml', `basic-auth-users: "ops:${P}"`, 'basic-auth-users'],
    ['srv/a.tfvars', `grafana_auth    = "admin:${W}"`, 'grafana_auth'],
    ['srv/.env', `BASIC_AUTH=ops:${P}`, 'BASIC_AUTH'],
    ['srv/Jenkinsfile', `NEXUS_CREDS = 'admin:${P}'`, 'NEXUS_CREDS'],
  ]);

  test('each login of several, where it stands', () => {
    const text = `basic-auth-users: "ops:${P},audit:${W}"`;
    const found = scan(text, 'srv/a.yml');
    expect(found.map(({ value, offset }) => [value, offset])).toEqual([
      [P, text.indexOf(P)],
      [W, text.indexOf(W)],
    ]);
  });
});

test("WireGuard's preshared key is told from a private key", () => {
  const key = `${Buffer.from(constructedToken('a preshared key')).toString('base64').slice(0, 43)}=`;
  const [found] = scan(`[Peer]\nPresharedKey = ${key}\n`, 'etc/wireguard/wg0.conf');
  expect([found?.rule.title, found?.severity, found?.value]).toEqual([
    'WireGuard preshared key',
    'high',
    key,
  ]);
});

describe('what looks like these and is no secret', () => {
  test.each([
    ['srv/A.java', 'if ("required".equals(password)) x(); if ("bearer" == token.type) y();'],
    ['srv/A.java', 'Map.of("type", "password", "hint", "at least 8 characters1");'],
    ['srv/A.java', 'md = digest(getPassword(), "SHA-256"); f(token.get(), "utf-8-sig");'],
    ['srv/a.py', 'conn.connect("host1", 22, "user1", password)\nif len(password) == "x": pass'],
    ['srv/a.js', "emit('token', 'password'); on('change:password', 'update2Password')"],
    ['srv/a.hs', 'password <- getLine1\ntoken <- askToken2'],
    ['srv/a.yml', 'password: !vault |\n  x\ntoken: !secret api_token2\nsecret: &ref\n  a: b'],
    ['srv/a.yml', 'password: *dbpass1\ntoken: !Ref ApiToken1\nkey: "{cipher}4f1a9be4c2d87a0033b1"'],
    [
      'srv/a.ps1',
      'New-User -Password $p1 -Name x\nGet-X -Token (Get-Y 1)\nRead-Host -AsSecureString',
    ],
    ['srv/a.exp', 'send "show version 1\\r"\nsend "$password\\r"\nsend "Yes12\\r"'],
    ['srv/a.tfvars', 'auth = "https://a.b.c/d1"\nbasic_auth = "sha256:0123abcd"\nx_auth = "a:b"'],
    ['srv/a.sh', 'sudo -S <<< "$PASS" x\necho "$PW" | openconnect -b\nuseradd -m -p "$HASH" bob'],
    [
      'etc/nginx/n.conf',
      "map $http_upgrade $c { default upgrade; '' close; }\nif ($http_host = a.example.com) { return 301; }",
    ],
    ['etc/snmp/snmpd.conf', 'rocommunity public\nrocommunity6 private default'],
    ['etc/squid/squid.conf', 'cachemgr_passwd none all\ncache_peer p parent 3128 0 login=PASS'],
    ['srv/data/tokens.csv', 'token,count,share\nwordpieces,12,0.5\n'],
    ['srv/a.html', '<a href="/s?q=a&key=createdAt_descending_by_name">x</a>'],
    ['srv/a.html', `<img src="/thumb?id=3&key=${X}">`],
    ['srv/a.js', `open("https://docs.google.com/d?key=${T}")`],
    [
      'srv/modem.exp',
      'send "AT+CMGF=1\\r"\nsend "ATE0V1Q0\\r"\nsend "GigabitEthernet0/1\\r"\nsend "Loopback12\\r"\n',
    ],
  ])('%s: %s', (path, text) => {
    expect(scan(text, path)).toEqual([]);
  });
});

test.each([
  '"a" == '.repeat(4000) + 'password',
  'Map.of("a","b",'.repeat(3000) + '"password","x1"',
  '"password",'.repeat(4000),
  'equals("a",password)'.repeat(3000),
  'map $http_a $b {'.repeat(2000),
  'if ($arg_a = '.repeat(3000),
  'secure_link_md5 " '.repeat(3000),
  'key := []byte('.repeat(3000),
  'default_value = "aaaa"\n'.repeat(3000),
  'oracle:thin:a/b'.repeat(3000),
  '.connect("a",1,"b",'.repeat(3000),
  'password = %q('.repeat(3000),
  'basic_auth = "a:b,'.repeat(3000),
  'sudo -s <<< '.repeat(3000),
  `UPDATE a SET b='x' ${'a'.repeat(4000)}`.repeat(30),
  '?key='.repeat(8000),
])('many times %.20s take no longer than other text', (text) => {
  const began = performance.now();
  scan(text, 'srv/a.py');
  scan(text, 'srv/a.conf');
  expect(performance.now() - began).toBeLessThan(3000);
});
