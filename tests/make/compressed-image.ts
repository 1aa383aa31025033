/** The small image behind `tests/fixtures/compressed/image.tar.*`, which zstd, xz and bzip2 made of it. */
import { imageArchive } from './image-writer.ts';

/** One plain and one gzip layer, nothing secret in either. */
export function compressedImage(): Uint8Array<ArrayBuffer> {
  return imageArchive([
    {
      tags: ['wrapped:1'],
      layers: [
        { createdBy: 'ADD base', entries: [{ name: 'etc/os-release', content: 'ID=debian\n' }] },
        {
          createdBy: 'COPY . /app',
          entries: [{ name: 'app/marker.txt', content: 'found inside the wrapper\n' }],
          compression: 'gzip',
        },
      ],
    },
  ]);
}
