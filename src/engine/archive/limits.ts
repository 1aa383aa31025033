/**
 * The bounds on what archives, images and files may make the readers hold or do, each with its reason; those of one
 * format alone stand with its reader. Nothing is allocated by what a header claims: these say how much is ever held.
 */

const KiB = 1024;
const MiB = 1024 * KiB;

/** A pax or GNU long-name header larger than this is skipped; Go's archive/tar has the same bound. */
export const MAX_SPECIAL_HEADER = 1 * MiB;

/** Longest path kept, and longest target of a link, in bytes; Linux itself stops at 4 KiB. What is behind is cut off. */
export const MAX_PATH = 64 * KiB;

/** Most paths of all layers together, folders counted; the largest images have some two million. */
export const MAX_PATHS = 8_000_000;

/** Links followed on the way to one file, as Linux does, and bytes of all their targets; Linux has none of over 4 KiB. */
export const MAX_LINK_HOPS = 40;
export const MAX_LINK_BYTES = 4 * KiB;

/** Most regions of one sparse file; Go's archive/tar has the same bound (CVE-2025-58183). */
export const MAX_SPARSE_REGIONS = 1 << 20;

/** manifest.json, index.json, configurations: containers/image reads 4 MiB. */
export const MAX_JSON = 8 * MiB;

/** A builder's statement about an image: lists of contents have up to some 30 MiB. */
export const MAX_ATTESTATION = 48 * MiB;

/** Bytes of all such statements of one archive. */
export const MAX_ATTESTATIONS = 128 * MiB;

/** Bytes kept of an archive that is compressed as a whole, of files that may be its manifests. */
export const MAX_KEPT = 128 * MiB;

/** Layers of an image without a manifest; Docker itself stopped at 127. */
export const MAX_LEGACY_LAYERS = 500;

/** Most entries of an outer archive; a real save has tens to a few thousand. */
export const MAX_OUTER_ENTRIES = 1_000_000;

/** After this many entries without a mark of an image archive, a tar is taken for a file system. */
export const ROOTFS_AFTER_ENTRIES = 4_096;

/** Most nested indexes followed in an OCI layout; real ones have two. */
export const MAX_INDEX_DEPTH = 8;

/** Most manifests read from one archive, against a fan-out of indexes. */
export const MAX_MANIFESTS = 1_000;

/** A file that must be whole (a `.pyc`) is held up to this; the largest real one seen has 4 MiB. */
export const MAX_WHOLE_FILE = 32 * MiB;

/** A zip or executable inside a layer is held up to this, in each worker; larger zips are read by their local headers. */
export const MAX_NESTED = 96 * MiB;

/** A zip that is a package (a jar, a wheel), many of which are large, is held up to this, and read by its local headers beyond. */
export const MAX_PACKAGE = 16 * MiB;

/** How deep archives inside archives are followed; an image archive in a zip has three. */
export const MAX_NESTING = 4;

/** Bytes that one file of a layer may unpack to, whatever its size, and how many times its size beyond that. */
export const NESTED_FLOOR = 256 * MiB;
export const NESTED_RATIO = 100;

/** A layer that inflates more than this many times its size, past BOMB_FLOOR, is stopped. */
export const MAX_RATIO = 2_000;

/** Bytes a layer may always inflate to, whatever its ratio: empty tars of zeros are common. */
export const BOMB_FLOOR = 2 * 1024 * MiB;

/** A blob is read in slices of this size: some engines fail on a stream of 4 GiB or more. */
export const READ_SLICE = 64 * MiB;

/** A report file larger than this is not parsed: engines stop at strings of 512 MiB. */
export const MAX_REPORT = 256 * MiB;

/** The largest zstd window, and xz dictionary: what the zstd program itself allows without being asked. */
export const MAX_WINDOW = 128 * MiB;

/** Most compressions around one another. */
export const MAX_WRAPPERS = 3;
