/** A file with several names: each is a place, and each may be deleted or replaced by itself. */
import { describe, expect, test } from 'vitest';
import type { Place } from '../../../src/engine/report/report.ts';
import { scanArchive } from '../../../src/engine/scan/scan-archive.ts';
import { imageArchive } from '../../make/image-writer.ts';
import { constructedToken } from '../../make/sample-source.ts';
import type { TarInput } from '../../make/tar-writer.ts';

const TOKEN = constructedToken();
const FILE: TarInput = { name: 'app/a.env', content: `GITHUB_TOKEN=${TOKEN}\n` };
const link = (name: string, target: string): TarInput => ({ name, type: '1', link: target });

/** Paths with the position of their layer and their state, of the token in an image of these layers. */
async function places(...layers: TarInput[][]): Promise<string[]> {
  const bytes = imageArchive([
    { tags: ['a:1'], layers: layers.map((entries) => ({ createdBy: 'RUN ln', entries })) },
  ]);
  const { report } = await scanArchive(new Blob([bytes]), 'image.tar');
  const found = report.findings.find(({ secret }) => secret.value === TOKEN);
  const positionOf = (place: Place): number =>
    report.layers.findIndex(({ digest }) => digest === place.layer);
  return (found?.places ?? []).map(
    (place) => `${positionOf(place)} ${place.path ?? ''} ${place.images[0]?.state ?? ''}`,
  );
}

describe('the names of a file', () => {
  test('are all told', async () => {
    expect(await places([FILE, link('app/b.env', 'app/a.env'), link('c', './app/b.env')])).toEqual([
      '0 app/a.env present',
      '0 app/b.env present',
      '0 c present',
    ]);
  });

  test('have states of their own', async () => {
    const below = [FILE, link('app/b.env', 'app/a.env'), link('c', 'app/a.env')];
    const above = [
      { name: 'app/.wh.a.env', content: '' },
      { name: 'c', content: 'another file' },
    ];
    expect(await places(below, above)).toEqual([
      '0 app/a.env deleted',
      '0 app/b.env present',
      '0 c replaced',
    ]);
  });

  test('may be given by a layer above', async () => {
    expect(
      await places(
        [FILE],
        [link('app/b.env', '/app/a.env')],
        [{ name: 'app/.wh.a.env', content: '' }],
      ),
    ).toEqual(['0 app/a.env deleted', '1 app/b.env present']);
  });

  test('are those of another file once it stands there', async () => {
    expect(
      await places(
        [FILE],
        [{ name: 'app/a.env', content: 'nothing' }, link('app/b.env', 'app/a.env')],
      ),
    ).toEqual(['0 app/a.env replaced']);
  });

  test('end where a layer removes the file', async () => {
    const removed = [{ name: 'app/.wh.a.env', content: '' }];
    expect(await places([FILE], removed, [link('b', 'app/a.env')])).toEqual([
      '0 app/a.env deleted',
    ]);
  });

  test('may be reached through a link to their folder', async () => {
    const folder = { name: 'bin', type: '2', link: 'app' };
    expect(await places([FILE, folder, link('b', 'bin/a.env')])).toEqual([
      '0 app/a.env present',
      '0 b present',
    ]);
    expect(await places([FILE, folder], [link('bin/b', '/bin/a.env')])).toEqual([
      '0 app/a.env present',
      '1 bin/b present',
    ]);
    const token = { name: 'bin/a.env', content: FILE.content as string };
    expect(
      await places([{ name: 'app/', type: '5' }, folder, token, link('b', 'app/a.env')]),
    ).toEqual(['0 bin/a.env present', '0 b present']);
    // In another layer the folder is one of its own.
    expect(
      await places([FILE, folder], [{ name: 'bin/', type: '5' }, link('c', 'bin/a.env')]),
    ).toEqual(['0 app/a.env present']);
  });

  test('end where links go in a circle', async () => {
    expect(
      await places([FILE, link('x', 'y'), link('y', 'x'), link('z', 'z'), link('b', 'app/a.env')]),
    ).toEqual(['0 app/a.env present', '0 b present']);
  });
});
