/** zstd, xz and bzip2. To import this is to have them; a worker that needs none of them leaves it out. */
import { unbzip2 } from './bzip2.ts';
import { addDecoders } from './decompress.ts';
import { unxz } from './xz.ts';
import { unzstd } from './zstd.ts';

addDecoders({ zstd: unzstd, xz: unxz, bzip2: unbzip2 });
