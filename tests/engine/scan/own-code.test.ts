/** Code where packages are installed: an application's own is judged as such, a package's is not. */
import { describe, expect, test } from 'vitest';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { bringsOwn, copyStep } from '../../../src/engine/scan/copied-files.ts';
import { javaPackageOf, sharedDomain } from '../../../src/engine/scan/java-packages.ts';
import { sourceOf } from '../../../src/engine/scan/package-lists.ts';
import { originOf, recordedFiles } from '../../../src/engine/scan/python-installs.ts';
import type { Finding } from '../../../src/engine/report/report.ts';
import { scanLayers } from '../../make/scan-image.ts';
import type { TarInput } from '../../make/tar-writer.ts';

const PASSWORD = ['Harbour', 'Lantern', '4417'].join('');
const WORDS = ['harbour', 'lantern', 'gravel'].join('-');
const SOURCE = `DB_PASSWORD = "${PASSWORD}"\nSMTP_PASSWORD = "${WORDS}"\n`;
const SITE = 'usr/local/lib/python3.11/site-packages';

function installed(
  name: string,
  direct?: object,
  source = SOURCE,
  files = [`${name}/settings.py`, `${name}/db.py`],
): TarInput[] {
  const info = `${SITE}/${name}-1.0.dist-info`;
  const record = [...files, `${name}-1.0.dist-info/RECORD`, `../../../bin/${name}`];
  return [
    ...files.map((file) => ({ name: `${SITE}/${file}`, content: source })),
    { name: `${info}/RECORD`, content: record.map((path) => `${path},sha256=0,1\n`).join('') },
    ...(direct ? [{ name: `${info}/direct_url.json`, content: JSON.stringify(direct) }] : []),
  ];
}

async function found(createdBy: string, entries: TarInput[]): Promise<Finding[]> {
  const base = { createdBy: 'ADD file:00 in /', entries: [{ name: 'etc/issue', content: 'x' }] };
  const { findings } = await scanLayers([base, { createdBy, entries }]);
  return findings.filter(({ category }) => category === 'secret');
}

async function loud(createdBy: string, entries: TarInput[]): Promise<string[]> {
  const findings = await found(createdBy, entries);
  return findings
    .filter(({ severity }) => severity !== 'info' && severity !== 'low')
    .map(({ secret }) => secret.value ?? '')
    .sort();
}

const BOTH = [PASSWORD, WORDS].sort();
const FOLDER = { url: 'file:///src', dir_info: {} };
const WHEEL = { url: 'file:///wheels/acme-1.0-py3-none-any.whl', archive_info: {} };

describe('packages of Python', () => {
  test.each([
    ['a folder', FOLDER],
    ['a repository', { url: 'https://git.acme.eu/a.git', vcs_info: { vcs: 'git' } }],
    ['the only file', WHEEL],
  ])('from %s are the image’s own', async (_, direct) => {
    expect(await loud('RUN pip install .', installed('acme', direct))).toEqual(BOTH);
  });

  test('from an index are others’, beside own ones too', async () => {
    expect(await loud('RUN pip install acme', installed('acme'))).toEqual([]);
    const entries = [...installed('acme', FOLDER, 'x = 1\n'), ...installed('requests')];
    expect(await loud('RUN pip install .', entries)).toEqual([]);
  });

  test('from a folder of wheels, or from conda, are others’', async () => {
    const wheels = [...installed('acme', WHEEL), ...installed('requests', WHEEL)];
    expect(await loud('RUN pip install /wheels/*', wheels)).toEqual([]);
    const conda = { url: 'file:///home/conda/feedstock_root/build_artifacts/a', dir_info: {} };
    expect(await loud('RUN conda install acme', installed('acme', conda))).toEqual([]);
  });

  test('the reason is told, and what a package’s file is said to be is not', async () => {
    const findings = await found('RUN pip install .', installed('acme', FOLDER));
    for (const { why } of findings) {
      expect(why).toContain('of a package that was installed from a folder, not from an index');
      expect(why.join()).not.toContain('everybody has');
    }
  });

  test('one value in own code and in a package is judged by the own code', async () => {
    const entries = [...installed('other'), ...installed('acme', FOLDER)];
    expect(await loud('RUN pip install .', entries)).toEqual(BOTH);
  });

  test.each(['', '{', '[]', 'null', '{"url": 1}', '{"url": "https://pypi.example/a.whl"}'])(
    'direct_url.json may say %j',
    (json) => expect(originOf(json)).toBeUndefined(),
  );

  test('records list entry points and names in quotes', () => {
    const record = '../../../bin/acme,sha256=a,1\n"acme/a,""b"".py",,\n/opt/acme.cfg,,\n\n';
    expect(recordedFiles(record, SITE)).toEqual([
      'usr/local/bin/acme',
      `${SITE}/acme/a,"b".py`,
      'opt/acme.cfg',
    ]);
  });
});

describe('files that a step copied', () => {
  const script = [{ name: 'usr/bin/backup', content: `#!/bin/sh\nDB_PASSWORD="${WORDS}"\n` }];

  test.each(['COPY backup.sh /usr/bin/backup', 'COPY rootfs/ /', 'COPY --chmod=755 a b /usr/bin/'])(
    '%s',
    async (step) => expect(await loud(step, script)).toEqual([WORDS]),
  );

  test.each([
    'RUN apt-get install backup',
    'COPY /usr/bin/backup /usr/bin/backup',
    'ADD root.tgz /',
  ])('%s is another’s', async (step) => expect(await loud(step, script)).toEqual([]));

  test('a whole system is another’s', async () => {
    const system = [{ name: 'var/lib/dpkg/status', content: 'Package: backup\n' }];
    expect(await loud('COPY rootfs/ /', [...system, ...script])).toEqual([]);
  });

  test.each([
    [`COPY /${SITE} /${SITE}`, []],
    [`COPY packages /${SITE}`, []],
    ['COPY venv /usr/local', []],
    [`COPY acme /${SITE}/acme`, BOTH],
    [`COPY acme setup.cfg /${SITE}/`, BOTH],
    [`COPY dir:${'0f'.repeat(32)} in /${SITE}/acme`, BOTH],
    [`COPY dir:${'0f'.repeat(32)} in /${SITE}`, []],
  ])('%s', async (step, values) => {
    expect(await loud(step, installed('acme'))).toEqual(values);
  });

  test('steps that copy nothing of the build’s folder', () => {
    for (const step of [
      'RUN cp a /usr/bin',
      'COPY --from=build a /usr/bin/a',
      'ADD https://a.example/tini /usr/bin/tini',
      'COPY a ./b',
      'COPY',
      '',
    ])
      expect(copyStep(step)).toBeUndefined();
    expect(copyStep('COPY ["a b", "/usr/bin/"]')).toEqual({ to: 'usr/bin', names: ['a b'] });
    expect(bringsOwn({ to: 'usr/bin', names: [] }, 'usr/binary/a')).toBe(false);
  });
});

describe('files in the system’s folders', () => {
  const SCRIPT = `#!/bin/sh\nDB_PASSWORD="${WORDS}"\n`;
  const DPKG = 'var/lib/dpkg/info/acme.list';
  /** The command that ends the base. */
  const ABOVE = { stepsAfter: { 0: ['CMD ["sh"]'] } };
  const BASE = 'ADD file:00 in /';

  /** What is loud of a file that a step made, in an image whose base has some lists; `more` comes with the file. */
  async function above(
    path: string,
    lists: TarInput[],
    more: TarInput[] = [],
    created = 'RUN make install',
  ): Promise<string[]> {
    const { findings } = await scanLayers(
      [
        { createdBy: BASE, entries: [{ name: 'etc/issue', content: 'x' }, ...lists] },
        { createdBy: created, entries: [{ name: path, content: SCRIPT }, ...more] },
      ],
      ABOVE,
    );
    return findings
      .filter(({ category, severity }) => category === 'secret' && /high|medium/.test(severity))
      .flatMap(({ why }) => why.filter((one) => /lists/.test(one)));
  }
  const list = (name: string, ...lines: string[]): TarInput => ({
    name,
    content: `${lines.join('\n')}\n`,
  });
  const other = list(DPKG, '/.', '/usr/bin/other', '/usr/lib/acme');
  const REASON = ['which no package of the system lists'];

  test.each(['usr/bin/backup', 'usr/sbin/backup', 'usr/libexec/backup.sh', 'usr/lib/acme/run.sh'])(
    '%s is own where no list names it',
    async (path) => {
      expect(await above(path, [other])).toEqual(REASON);
      expect(await above(path, [list('lib/apk/db/installed', 'P:a', 'F:usr', 'R:b')])).toEqual(
        REASON,
      );
    },
  );

  test('what a list names is a package’s, whichever layer brought the list', async () => {
    const named = list('var/lib/dpkg/info/backup.list', '/usr/bin/backup');
    expect(await above('usr/bin/backup', [other, named])).toEqual([]);
    expect(await above('usr/bin/backup', [other], [named])).toEqual([]);
    expect(await above('usr/bin/backup', [list(DPKG, '/bin/backup')])).toEqual([]);
    const apk = list('lib/apk/db/installed', 'P:backup', 'F:usr/bin', 'R:backup');
    expect(await above('usr/bin/backup', [apk])).toEqual([]);
    expect(sourceOf('usr/lib/acme/__pycache__/run.cpython-311.pyc')).toBe('usr/lib/acme/run.py');
    const moved = list('var/lib/dpkg/diversions', '/usr/bin/b', '/usr/bin/backup', 'acme');
    expect(await above('usr/bin/backup', [other, moved])).toEqual([]);
  });

  test('nothing is told where there are no lists, too many, or removed ones', async () => {
    expect(await above('usr/bin/backup', [])).toEqual([]);
    const many = Array.from({ length: 4001 }, (_, i) => list(`var/lib/dpkg/info/p${i}.list`, '/a'));
    expect(await above('usr/bin/backup', many)).toEqual([]);
    expect(await above('usr/bin/backup', many.slice(1))).toEqual(REASON);
    const gone = { name: 'var/lib/dpkg/info/.wh.acme.list', content: '' };
    expect(await above('usr/bin/backup', [other], [gone])).toEqual([]);
  });

  test('nor of the base’s files, nor of packages of Python', async () => {
    const script = { name: 'usr/bin/backup', content: SCRIPT };
    const { findings } = await scanLayers(
      [
        { createdBy: BASE, entries: [other, script] },
        { createdBy: 'RUN true', entries: [{ name: 'etc/motd', content: 'x' }] },
      ],
      ABOVE,
    );
    expect(findings.filter(({ severity }) => /high|medium/.test(severity))).toEqual([]);
    expect(await above('usr/lib/acme/site-packages/a/settings.py', [other])).toEqual([]);
  });
});

describe('jars of a web application', () => {
  const at = (path: string): string | undefined => javaPackageOf(`app.jar!/BOOT-INF/${path}`);
  const packages = new Set(
    [
      'classes/com/acme/shop/Main.class',
      'classes/org/apache/own/A.class',
      'lib/shared-1.jar!/com/acme/shared/A.class',
      'lib/other-1.jar!/com/other/A.class',
      'lib/commons-1.jar!/org/apache/commons/A.class',
    ].flatMap((path) => at(path) ?? []),
  );

  test.each([
    ['lib/shared-1.jar!/application.yml', 'com.acme'],
    ['lib/shared-1.jar!/com/acme/shared/A.class', 'com.acme'],
    ['lib/other-1.jar!/com/other/A.class', undefined],
    ['lib/commons-1.jar!/org/apache/commons/A.class', undefined],
  ])('%s', (path, domain) => {
    expect(sharedDomain(packages, `app.jar!/BOOT-INF/${path}`)).toBe(domain);
    expect(sharedDomain(packages, `other.jar!/BOOT-INF/${path}`)).toBeUndefined();
  });

  test('only what is no release is own by its name', () => {
    const kind = (jar: string): boolean => fileKind(`app/WEB-INF/lib/${jar}!/db.properties`).vendor;
    expect(kind('shared-1.0-SNAPSHOT.jar')).toBe(false);
    expect(kind('shared-1.0.jar')).toBe(true);
  });
});

test('a step that copies is read in time linear in its length', () => {
  const began = performance.now();
  const step = copyStep(`COPY a${'/'.repeat(1 << 20)}b /app//shop/`);
  expect(step).toEqual({ to: 'app/shop', names: ['b'] });
  expect(performance.now() - began).toBeLessThan(2000);
});
