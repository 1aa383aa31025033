/** Secrets among the words of commands: in scripts, in lists of words, and what only looks like one. */
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent as scan } from '../../make/scan-content.ts';

const P = ['Tr0ub', '4dor', 'Kx3'].join('');
const TOKEN = `tQ${constructedToken('a token for a command').slice(0, 30)}`;
const WORDS = ['tulip', 'garden'].join('');

const values = (text: string, path: string): string[] => scan(text, path).map(({ value }) => value);

describe('a command is given a secret', () => {
  test.each([
    [`sqlplus -s app/${P}@db @run.sql`, P],
    [`sqlplus app/${P}@//db:1521/orcl`, P],
    [`expdp system/${P}@orcl schemas=app`, P],
    [`sqlldr userid=app/${P}@db control=x.ctl`, P],
    [`rman target sys/${P}@db`, P],
    [`echo ${TOKEN} | gh auth login --with-token`, TOKEN],
    [`gh auth login --with-token <<< "${TOKEN}"`, TOKEN],
    [`dotnet nuget push a.nupkg -k ${TOKEN} -s https://nuget.local/v3`, TOKEN],
    [`nuget push a.nupkg ${TOKEN} -Source https://nuget.local/v3`, TOKEN],
    [`nuget sources add -Name own -UserName me -Password ${P}`, P],
    [`snmpwalk -v2c -c ${P} 10.0.0.1`, P],
    [`ldapadd -x -D cn=admin -w${P} -f a.ldif`, P],
    [`slappasswd -s ${P}`, P],
    [`mongo admin -u root -p'${P}'`, P],
    [`net ads join -U admin%${P}`, P],
    [`kubectl create secret generic a --from-literal=api=${TOKEN}`, TOKEN],
    [`az sql server create -n a -u me -p ${P}`, P],
    [`7zz a -p${P} a.7z folder`, P],
    [`lftp -e "open -u me,${P} ftp.local"`, P],
    [`poetry config http-basic.own me ${P}`, P],
    [`useradd -p $(openssl passwd -1 ${P}) me`, P],
    [`consul kv put db/password ${P}`, P],
    [`etcdctl --user root:${P} get a`, P],
    [`mc config host add own https://minio.local AKID ${TOKEN}`, TOKEN],
    [`isql -v SOURCE sa ${P}`, P],
    [`skopeo copy --src-creds me:${P} docker://a docker://b`, P],
    [`podman pull --creds=me:${P} registry.local/a`, P],
    [`cargo login ${TOKEN}`, TOKEN],
    [`kadmin.local -q "addprinc -pw ${P} me"`, P],
    [`echo "${P}" | docker secret create db_password -`, P],
    [`gpg --batch --passphrase 'blue ${WORDS}7' -d a.gpg`, `blue ${WORDS}7`],
  ])('%s', (command, secret) => {
    expect(values(`${command}\n`, 'srv/app/run.sh')).toEqual([secret]);
    expect(values(`RUN set -e && ${command}\n`, 'srv/app/Dockerfile')).toEqual([secret]);
  });

  test.each([
    [`$p = ConvertTo-SecureString -String '${P}' -AsPlainText -Force`, P],
    [`$p = "${P}" | ConvertTo-SecureString -AsPlainText -Force`, P],
    [
      `New-Object PSCredential("u", (ConvertTo-SecureString "${WORDS}" -AsPlainText -Force))`,
      WORDS,
    ],
  ])('%s', (command, secret) => {
    expect(values(`${command}\n`, 'srv/app/deploy.ps1')).toEqual([secret]);
  });

  test.each([
    [`subprocess.run(["docker", "login", "-u", "me", "-p", "${P}"])`, P],
    [`subprocess.run(['nuget', 'push', '-k', '${TOKEN}'])`, TOKEN],
    [`subprocess.run(["expdp", "system/${P}@db"])`, P],
  ])('%s', (call, secret) => {
    expect(values(`${call}\n`, 'srv/app/deploy.py')).toEqual([secret]);
  });
});

test.each([
  'sqlplus -s /nolog @scripts/install.sql',
  'sqlplus / as sysdba',
  'sqlplus "$DB_USER/$DB_PASSWORD@$DB_HOST"',
  'rman target / cmdfile scripts/backup.rcv',
  'snmpwalk -v2c -c public 10.0.0.1',
  'nuget push packages/application.1.20.3-beta4.nupkg -Source https://nuget.local/v3/index.json',
  'nuget push a.nupkg -ApiKey %NUGET_KEY%',
  'echo "$TOKEN" | gh auth login --with-token',
  'kubectl create secret generic a --from-literal=user=administrator',
  'podman run --user 1000:100000 registry.local/a',
  'skopeo copy --src-creds "$USER:$PASSWORD" docker://a docker://b',
  'consul kv put app/replicas 12345678',
  'cargo login && cargo publish',
  'snyk auth --help',
  'openssl passwd -6 -stdin < file',
  'ConvertTo-SecureString $env:SECRET -AsPlainText -Force',
  'mongodump --port 27017 --out /backup',
])('%s is given none', (command) => {
  expect(values(`${command}\n`, 'srv/app/run.sh')).toEqual([]);
});
