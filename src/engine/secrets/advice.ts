/** What is to be done about every secret, whatever it opens: the sentences that all rules share. */

export const EVERY_COPY = 'Treat it as public: it is in every copy of this image.';
export const REBUILD =
  'Delete the image from its registry and build it anew; a new layer does not remove it.';
/** For the private half of a pair. */
export const REPLACE_PAIR = `Replace the key pair and take the old public key out of everywhere it is trusted. ${EVERY_COPY}`;
