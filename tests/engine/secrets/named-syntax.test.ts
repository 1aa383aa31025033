/** Where languages, clients and commands put secrets without a plain assignment: calls, fallbacks, options, headers. */
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

/** 24 characters drawn at random, and hex digits, the same in every run. */
const T = Buffer.from(constructedToken('carriers in syntax')).toString('base64').slice(3, 27);
const X = constructedToken('carriers in hex').slice(0, 32);
/** As people choose them. */
const P = ['Orbit', 'Saddle', '3629'].join('');
const W = ['pickle', 'saddle', 'gravel'].join('-');
const BASIC = Buffer.from(`u:${P}`).toString('base64');

/** A path, a text with one of the above, and the name that it is found by. */
type Case = [path: string, text: string, name: string];

function finds(cases: readonly Case[]): void {
  test.each(cases)('%s: %s', (path, text, name) => {
    const found = scan(text, path);
    expect(found.map((one) => one.name)).toEqual([name]);
    const [{ value, written, offset }] = found as [(typeof found)[0]];
    expect([T, X, P, W, `${W}2`]).toContain(value);
    expect(
      Buffer.from(text)
        .subarray(offset)
        .toString()
        .startsWith(written ?? value),
    ).toBe(true);
  });
}

describe('literals of every language', () => {
  finds([
    ['srv/a.go', `jwtKey := []byte(\`${T}\`)`, 'jwtKey'],
    ['srv/a.go', `aesKey, err := hex.DecodeString("${X}")`, 'aesKey'],
    ['srv/a.go', `hdr := \`Bearer ${T}\``, 'Bearer'],
    ['srv/a.js', `let h = \`Bearer ${T}\`;`, 'Bearer'],
    ['srv/a.js', `const encryptionKey = Buffer.from('${X}', 'hex');`, 'encryptionKey'],
    ['srv/a.js', `const secret = new TextEncoder().encode('${T}')`, 'secret'],
    ['srv/a.rs', `let secret = br#"${T}"#;`, 'secret'],
    ['srv/a.rs', `static API_KEY: &[u8; 24] = b"${T}";`, 'API_KEY'],
    ['srv/a.rs', `pub const TOKEN: Option<&str> = Some("${T}");`, 'TOKEN'],
    ['srv/a.cs', `string Password { get; set; } = "${P}";`, 'Password'],
    ['srv/a.cs', `public string ApiKey { get; init; } = "${T}";`, 'ApiKey'],
    ['srv/a.kt', `private val token: String by lazy { "${T}" }`, 'token'],
    ['srv/a.kt', `val password: String get() = "${P}"`, 'password'],
    ['srv/a.swift', `var token: String { return "${T}" }`, 'token'],
    ['srv/build.gradle', `release { keyPassword '${P}' }`, 'keyPassword'],
    ['srv/build.gradle', `buildConfigField "String", "API_KEY", "\\"${T}\\""`, 'API_KEY'],
    ['srv/v.tf', `variable "pw" {\n  validation { x = 1 }\n  default = "${P}"\n}`, 'pw'],
  ]);
});

describe('what holds where nothing else is set', () => {
  finds([
    ['srv/a.py', `p.add_argument("-t", "--token", default="${X}", help="x")`, 'token'],
    [
      'srv/a.py',
      `p.add_argument(\n    "--api-key",\n    help="x",\n    default="${X}",\n)`,
      'api-key',
    ],
    ['srv/a.py', `@click.option("--password", "-p", default="${P}")`, 'password'],
    ['srv/a.py', `token: str = typer.Option("${T}", "--token")`, 'token'],
    ['srv/a.py', `api_token: str = Field(default="${T}")`, 'api_token'],
    ['srv/a.py', `t = os.getenv("X_TOKEN") or "${T}"`, 'X_TOKEN'],
    ['srv/a.py', `t = os.getenv("X_TOKEN", default="${T}")`, 'X_TOKEN'],
    ['srv/a.py', `c = cfg.get("db", "password", fallback="${P}")`, 'password'],
    ['srv/a.rs', `env::var("API_TOKEN").unwrap_or_else(|_| "${T}".into())`, 'API_TOKEN'],
    ['srv/a.rb', `ENV.fetch('API_TOKEN') { '${T}' }`, 'API_TOKEN'],
    ['srv/a.rb', `ENV['API_TOKEN'] ||= '${T}'`, 'API_TOKEN'],
    ['srv/a.js', `yargs.option('token', { type: 'string', default: '${T}' })`, 'token'],
    ['srv/a.go', `pflag.StringP("token", "t", "${T}", "usage")`, 'token'],
    ['srv/a.go', `cmd.Flags().StringVarP(&x, "api-key", "k", "${T}", "usage")`, 'api-key'],
    ['srv/a.go', `viper.SetDefault("db.password", "${P}")`, 'db.password'],
  ]);
});

describe('arguments of clients and calls', () => {
  finds([
    ['srv/a.py', `client = Client(account_sid, "${X}")`, 'Client'],
    ['srv/a.py', `s.auth = ("bob", "${P}")`, 'auth'],
    ['srv/a.py', `f = ftplib.FTP("h", "u", "${P}")`, 'FTP'],
    ['srv/a.py', `ssh.connect("host", 22, "root", "${P}")`, 'ssh.connect'],
    ['srv/a.py', `AES.new(bytes.fromhex("${X}"), AES.MODE_CBC)`, 'AES.new'],
    ['srv/a.rb', `http.basic_auth 'u', '${P}'`, 'basic_auth'],
    ['srv/a.rb', `JWT.encode payload, '${T}', 'HS256'`, 'JWT.encode'],
    ['srv/a.rb', `Twilio::REST::Client.new(sid, '${X}')`, 'Client.new'],
    ['srv/a.rs', `c.basic_auth("u", Some("${P}"));`, 'basic_auth'],
    ['srv/a.rs', `EncodingKey::from_secret("${T}".as_ref())`, 'from_secret'],
    ['srv/a.go', `hmac.New(sha256.New, []byte("${T}"))`, 'hmac.New'],
    ['srv/a.go', `smtp.PlainAuth("", "u@x.io", "${P}", "h")`, 'PlainAuth'],
    ['srv/a.js', `createCipheriv('aes-256', Buffer.from('${X}', 'hex'), iv)`, 'createCipheriv'],
    ['srv/a.js', `new Sequelize('db', 'u', '${P}', {})`, 'Sequelize'],
    ['srv/a.js', `const c = require('twilio')(sid, '${X}');`, "require('twilio')"],
    ['srv/a.js', `h = 'Basic ' + btoa('u:${P}')`, 'basic authentication'],
    ['srv/a.php', `curl_setopt($c, CURLOPT_USERPWD, 'u:${P}');`, 'CURLOPT_USERPWD'],
    ['srv/a.php', `mysqli_real_connect($m, "h", "u", "${P}", "d");`, 'mysqli_real_connect'],
    ['srv/a.php', `hash_hmac('sha256', $data, '${T}');`, 'hash_hmac'],
    [
      'srv/a.cs',
      `new SymmetricSecurityKey(Encoding.UTF8.GetBytes("${T}"))`,
      'SymmetricSecurityKey',
    ],
    ['srv/a.java', `Keys.hmacShaKeyFor("${T}".getBytes())`, 'hmacShaKeyFor'],
    ['srv/A.java', `props.setProperty("password", "${W}");`, 'password'],
    ['srv/A.java', `m.put("password", "${W}2");`, 'password'],
    ['srv/a.html', `<!-- login: admin / ${P} -->`, 'login'],
    ['srv/a.html', `<!-- user: admin, password: ${P} -->`, 'login'],
    ['srv/a.yml', `- {username: app, password: ${P}}`, 'password'],
    ['srv/b.yml', `rabbitmq: {login: app, password: ${P}}`, 'password'],
  ]);
});

describe('words of commands, headers and sections', () => {
  finds([
    ['srv/d.yaml', `args: ["serve", "--api-key", "${X}"]`, 'api-key'],
    ['srv/d.yaml', `args:\n  - --api-key\n  - ${T}\n`, 'api-key'],
    ['srv/d.yaml', `args:\n- "--password"\n- "${P}"\n- --x\n`, 'password'],
    ['srv/Dockerfile', `CMD ["app", "--password", "${P}"]`, 'password'],
    ['srv/Dockerfile', `RUN ["mysql", "-uroot", "-p${P}"]`, 'mysql -p'],
    ['srv/a.py', `run(["sshpass", "-p", "${P}", "ssh", h])`, 'sshpass -p'],
    ['root/.bash_history', `curl -sSu bob:${P} https://x.io\n`, 'curl -u'],
    ['root/.bash_history', `curl -ubob:${P} https://x.io\n`, 'curl -u'],
    ['root/.bash_history', `echo -e "${P}\\n${P}" | passwd bob\n`, 'passwd'],
    ['root/.bash_history', `rar a -hp${P} x y\n`, 'rar a -hp'],
    ['root/.bash_history', `xfreerdp /u:bob /p:${P} /v:h\n`, 'xfreerdp /p:'],
    ['root/.bash_history', `gh secret set X --body "${T}"\n`, 'gh secret set --body'],
    ['srv/a.ps1', `net use \\\\s\\x /user:bob ${P}`, 'net use'],
    ['srv/a.bat', `schtasks /create /tn x /ru bob /rp ${P}`, 'schtasks /rp'],
    ['etc/nginx/x.conf', `        proxy_set_header X-Api-Key ${T};`, 'X-Api-Key'],
    ['etc/nginx/x.conf', `proxy_set_header Authorization "Basic ${BASIC}";`, 'Authorization'],
    ['etc/haproxy/haproxy.cfg', `  http-request set-header X-Api-Key ${T}`, 'X-Api-Key'],
    ['etc/haproxy/haproxy.cfg', `  stats auth admin:${P}`, 'stats auth'],
    ['etc/x.service', `Environment="API_TOKEN=${T}" "X=1"\n`, 'API_TOKEN'],
    ['srv/any.ini', `[api]\nkey = ${X}\n`, 'api.key'],
    ['srv/any.yml', `stripe:\n  api:\n    key: ${T}\n`, 'stripe.api.key'],
    ['srv/any.json', `{"api": {"key": "${T}"}}`, 'api.key'],
    ['srv/x.env', `JWT_SIGNING=${P}`, 'JWT_SIGNING'],
    ['srv/a.sh', `cat > /etc/x.conf <<X\n  auth_pass ${T}\nX\n`, 'auth_pass'],
    ['srv/a.sh', `tee /etc/x.conf <<-'X'\n\tpassword ${P}\n\tX\n`, 'password'],
    ['srv/web.php', `'cookieValidationKey' => '${T}',`, 'cookieValidationKey'],
    ['srv/main.php', `$validationKey='${X}';`, 'validationKey'],
    ['srv/config.inc.php', `$cfg['Servers'][$i]['controlpass'] = '${P}';`, 'controlpass'],
    ['srv/x.env', `TWILIO_AUTH=${X}`, 'TWILIO_AUTH'],
    ['srv/x.env', `NPM_AUTH=${T}`, 'NPM_AUTH'],
    ['srv/x.env', `HASHIDS_SALT=${T}`, 'HASHIDS_SALT'],
    ['srv/application.conf', `secure-cookie = "${X}"`, 'secure-cookie'],
  ]);
});

describe('addresses whose host comes from elsewhere', () => {
  test.each([
    ['srv/a.py', `u = "postgres://app:${P}@%s/x" % h`],
    ['srv/a.py', `u = "postgres://%s:${P}@%(host)s/x" % d`],
    ['srv/a.py', `u = "postgres://app:${P}@" + h + "/x"`],
    ['srv/a.js', `const u = \`postgres://\${user}:${P}@\${process.env.HOST}/x\`;`],
    ['srv/a.rb', `u = "postgres://app:${P}@#{host}/x"`],
    ['srv/a.sh', `U=postgres://app:${P}@$HOST/x`],
    ['srv/a.go', `fmt.Sprintf("postgres://app:${P}@%s:%d/x", h, p)`],
  ])('%s: %s', (path, text) => {
    const found = scan(text, path);
    expect(found.map(({ rule, value }) => [rule.id, value])).toEqual([['url-password', P]]);
    expect(found[0]?.facts['host']).toBeUndefined();
  });

  test('a parameter that is percent-encoded in another', () => {
    const text = `next=login%3Fuser%3Dx%26password%3D${P}%26z%3D1`;
    expect(scan(text, 'srv/a.log').map(({ value }) => value)).toEqual([P]);
  });

  test("a token of Mailgun's without a name", () => {
    const token = ['key', X].join('-');
    const [found] = scan(`note ${token} end`, 'srv/a.log');
    expect([found?.rule.id, found?.value]).toEqual(['mailgun', token]);
  });
});

describe('what looks like these and is no secret', () => {
  test.each([
    [
      'srv/a.py',
      'p.add_argument("--token", "-t", default="DEFAULT_TOKEN1", help="token or name2")',
    ],
    [
      'srv/a.py',
      'p.add_argument("--password", action="store_true", help="default=\\"prompt1234\\"")',
    ],
    ['srv/a.py', `digest = Client(account, "release-2024-01-02-final")`],
    ['srv/a.py', 'client.connect("broker", 1883, 60)\nssh.connect(host, 22, "root", password1)'],
    ['srv/a.py', 'u = "postgres://%s:%s@%s/x" % (a, b, c)\nv = f"http://{u}:{p}@{h}:{n}/"'],
    ['srv/a.sh', 'U="postgres://$USER:$PASS@$HOST/x"\ncurl -u "$USER:$PASS" x; net use'],
    ['srv/a.js', `createHmac('sha256', key1); jwt.sign({ a: 'b1c2d3e4f5' }, secret2)`],
    ['srv/a.js', `axios({ headers: { Authorization: 'Bearer your-token-goes-here-1234' } })`],
    ['srv/d.yaml', 'args:\n  - --token\n  - $(TOKEN)\n  - --password\n  - --x\n'],
    ['srv/a.html', '<!-- login: user / password -->\n<!-- user: admin, password: secret -->'],
    ['srv/README.md', 'login: name / see page 12\nuser: x password: y\n'],
    [
      'srv/a.yml',
      '- {username: app, password: $DB_PASS_V1}\n- {username: app, password: *dbpass2031}\n',
    ],
    [
      'srv/a.js',
      'connect({user: cfg.user1, password: cfg.password1Value});\nreturn {user: name, password: hashed2Password}\n',
    ],
    [
      'srv/a.rb',
      'create(:user, username: name1, password: default_password1)\nUser.new username: name, password: params[:password1]\n',
    ],
    ['srv/a.yml', '# username: app, password: config.db1.password\n'],
    [
      'srv/A.java',
      'm.put("password", "user-field-label2"); f("password", "pickle-saddle-gravel");',
    ],
    ['srv/A.java', 'm.put("password", "passwordText"); e.setAttribute("password", "required");'],
    ['srv/a.sh', `cat <<X\n  password ${P}\nX\ncat > a.conf <<Y\nY\n  password ${P}\n`],
    ['srv/a.sh', `cat > a.py <<X\n  password ${P}\nX\n`],
    ['srv/x.env', 'NPM_AUTH=legacy\nTWILIO_AUTH=enabled1\nHASHIDS_SALT=orders\n'],
    ['srv/a.js', `const validationKey = 'form.emailAddress2';`],
    ['srv/x.env', 'SESSION_SECURE_COOKIE=true\n'],
    ['srv/any.yml', 'sort:\n  key: createdAt1\ncache:\n  key: v1-deps-2024-01-02\n'],
    ['srv/a.cs', 'string PasswordHash { get; set; } = "";\nstring Token { get; }'],
    [
      'etc/nginx/x.conf',
      'proxy_set_header X-Api-Key $http_x_api_key;\nproxy_set_header Host $host;',
    ],
    ['srv/a.py', 'run(["mysql", "-u", "root", "-p%s" % pw])\nrun(["curl", "-u", user + ":" + pw])'],
  ])('%s: %s', (path, text) => {
    expect(scan(text, path)).toEqual([]);
  });

  test.each(['"--token", '.repeat(3000), 'Client('.repeat(3000), 'keys { get; '.repeat(3000)])(
    'many starts of %.12s take no longer than other text',
    (text) => {
      const began = performance.now();
      scan(text, 'srv/a.py');
      expect(performance.now() - began).toBeLessThan(2000);
    },
  );
});

test.each([
  ['etc/freeradius/clients.conf', `client x {\n  secret = ${P} }`],
  ['etc/app.conf', `login { password = ${P} };`],
])('%s: a value before the end of its block', (path, text) => {
  expect(scan(text, path).map(({ value }) => value)).toEqual([P]);
});
