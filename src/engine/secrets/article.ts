/** How the titles of rules are read out in a sentence. */

/** Begins with the sound of a vowel: `an OpenAI key`, `an npm token`, but `a OneLogin secret`. */
const VOWEL = /^(?:[AEIO](?!ne[LS])|HCP|NVIDIA|SSLMate|Un|Up|apilayer|eBay|ngrok|npm|urlscan|xAI)/;
/** Titles that begin with a common word, which is no name. */
const COMMON = /^(?:Password|Private|Public|Plugin|Master|Sealed) /;

/** A rule's title with its article: `a GitHub token`, `an OpenAI key`, `a password hash`. */
export function article(title: string): string {
  const said = COMMON.test(title) ? `${title[0]?.toLowerCase()}${title.slice(1)}` : title;
  return `${VOWEL.test(title) ? 'an' : 'a'} ${said}`;
}
