/**
 * The sample image: the incident as it was. The source is clean, the stale bytecode beside it is not;
 * the second tag deletes the file in a later layer, which leaves it in the one before.
 */
import { readFileSync } from 'node:fs';
import { imageArchive, type LayerInput } from './image-writer.ts';
import { constructedToken, withToken } from './sample-source.ts';
import type { TarInput } from './tar-writer.ts';

const MARCH_2023 = 1677844800;
const PYC = 'app/cabotage/celery/tasks/__pycache__/build.cpython-311.pyc';

/** The sample's bytes, the same every time. */
export async function sampleImage(): Promise<Uint8Array<ArrayBuffer>> {
  const layers = [base(), requirements(), application()];
  const remove: LayerInput = {
    createdBy: 'RUN /bin/sh -c rm -rf /app/cabotage/celery/tasks/__pycache__ # buildkit',
    entries: [file('app/cabotage/celery/tasks/.wh.__pycache__', '')],
  };
  const steps = ['WORKDIR /app', 'CMD ["python" "-m" "cabotage"]'];
  const env = [
    'PATH=/usr/local/bin:/usr/local/sbin:/usr/bin:/bin',
    'PYTHON_VERSION=3.11.2',
    'LANG=C.UTF-8',
  ];
  return imageArchive([
    {
      tags: ['cabotage-app:v3.0.0b35'],
      layers,
      env,
      emptySteps: steps,
      created: '2023-03-03T12:00:00Z',
    },
    {
      tags: ['cabotage-app:v3.0.0b110'],
      layers: [...layers, remove],
      env,
      emptySteps: steps,
      created: '2023-07-20T12:00:00Z',
    },
  ]);
}

function file(name: string, content: string | Uint8Array, mode = 0o644): TarInput {
  return { name, content, mode, mtime: MARCH_2023 };
}

function folders(...names: string[]): TarInput[] {
  return names.map((name) => ({ name: `${name}/`, type: '5', mode: 0o755, mtime: MARCH_2023 }));
}

function base(): LayerInput {
  const os =
    'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';
  return {
    createdBy: '/bin/sh -c #(nop) ADD file:4e9d2f1c7b in / ',
    entries: [
      ...folders('bin', 'etc', 'usr', 'usr/bin', 'usr/lib', 'tmp', 'root', 'var', 'var/log'),
      file('etc/os-release', os),
      file('etc/debian_version', '12.0\n'),
      file('etc/hostname', 'localhost\n'),
      file(
        'etc/passwd',
        'root:x:0:0:root:/root:/bin/bash\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
      ),
      file('etc/group', 'root:x:0:\nnogroup:x:65534:\n'),
      file(
        'root/.bashrc',
        '# ~/.bashrc: executed by bash for interactive shells\nexport PS1="\\u@\\h:\\w\\$ "\n',
      ),
      { name: 'usr/bin/python3', type: '2', link: 'python3.11', mtime: MARCH_2023 },
    ],
  };
}

function requirements(): LayerInput {
  const names = ['celery==5.2.7', 'flask==2.2.3', 'gunicorn==20.1.0', 'kubernetes==26.1.0'];
  return {
    createdBy: 'RUN /bin/sh -c pip install -r requirements.txt # buildkit',
    compression: 'gzip',
    entries: [
      ...folders(
        'usr/local',
        'usr/local/lib',
        'usr/local/lib/python3.11',
        'usr/local/lib/python3.11/site-packages',
      ),
      ...names.flatMap((name) => {
        const [project = '', version = ''] = name.split('==');
        const folder = `usr/local/lib/python3.11/site-packages/${project}-${version}.dist-info`;
        return [
          ...folders(folder),
          file(
            `${folder}/METADATA`,
            `Metadata-Version: 2.1\nName: ${project}\nVersion: ${version}\n`,
          ),
          file(`${folder}/INSTALLER`, 'pip\n'),
        ];
      }),
    ],
  };
}

function application(): LayerInput {
  const compiled = new Uint8Array(readFileSync('tests/fixtures/pyc/build.cpython-311.pyc'));
  return {
    createdBy: 'COPY . /app # buildkit',
    entries: [
      ...folders('app', 'app/cabotage', 'app/cabotage/celery', 'app/cabotage/celery/tasks'),
      file(
        'app/requirements.txt',
        'celery==5.2.7\nflask==2.2.3\ngunicorn==20.1.0\nkubernetes==26.1.0\n',
      ),
      file(
        'app/Dockerfile',
        'FROM python:3.11-slim\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . /app\nWORKDIR /app\nCMD ["python", "-m", "cabotage"]\n',
      ),
      file('app/cabotage/__init__.py', '__version__ = "3.0.0b35"\n'),
      file('app/cabotage/celery/__init__.py', ''),
      file('app/cabotage/celery/tasks/__init__.py', 'from .build import build_image\n'),
      file('app/cabotage/celery/tasks/build.py', readFileSync('tests/make/python/build.py')),
      ...folders('app/cabotage/celery/tasks/__pycache__'),
      file(PYC, withToken(compiled, constructedToken())),
    ],
  };
}
