/** Which archives are read as their bytes come, and by which reader: told by their first bytes. */
import { arMembers, startsLikeAr } from '../archive/ar.ts';
import { asarMembers, startsLikeAsar } from '../archive/asar.ts';
import { sniffCompression } from '../archive/compression.ts';
import { cpioMembers, startsLikeCpio } from '../archive/cpio.ts';
import type { Decoder } from '../archive/input-buffer.ts';
import { compressedMember, type MemberEvent, tarMembers } from '../archive/member-events.ts';
import { rpmMembers, startsLikeRpm } from '../archive/rpm.ts';
import { startsLikeTar } from '../archive/tar-fields.ts';

/** A kind of archive that need not be held. */
export interface StreamedKind {
  /** As the ledger and messages call it. */
  what: string;
  reader: Decoder<MemberEvent>;
}

/** Tells an archive by its first 512 bytes, or all there are; `path` names what a compressed file holds. */
export function streamedKind(start: Uint8Array, path: string): StreamedKind | undefined {
  switch (start[0]) {
    case 0x21:
      return startsLikeAr(start) ? { what: 'ar archive', reader: arMembers } : undefined;
    case 0xed:
      return startsLikeRpm(start) ? { what: 'RPM package', reader: rpmMembers } : undefined;
    case 0x04:
      if (startsLikeAsar(start)) return { what: 'asar archive', reader: asarMembers };
      break;
    case 0x30:
      if (startsLikeCpio(start)) return { what: 'cpio', reader: cpioMembers };
  }
  const compression = sniffCompression(start);
  if (compression !== 'none')
    return { what: compression, reader: compressedMember(compression, nameInside(path)) };
  return startsLikeTar(start) ? { what: 'tar', reader: tarMembers } : undefined;
}

/** What a compressed file's content is called: `a.tar.gz` holds `a.tar`; a `.tgz` holds a `.tar` too. */
export function nameInside(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const inner = name
    .replace(/\.t(gz|xz|zst|bz2?|lzma)$/i, '.tar')
    .replace(/\.(gz|z|xz|zst|zstd|bz2|lzma|lz4)$/i, '');
  return inner === name ? 'content' : inner;
}
