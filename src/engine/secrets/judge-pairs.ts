/** The other half of a credential in two parts, which has no form that tells it from other values. */
import { article } from './article.ts';
import { type Format, formatOf } from './compiled-formats.ts';
import { characterClasses, looksRandom } from './entropy.ts';
import { factsOfPair, notePair } from './facts/aws.ts';
import { asCanary } from './facts/facts-of.ts';
import type { FileKind } from './file-kind.ts';
import type { Detection } from './finding.ts';
import { ease } from './judge.ts';
import { isPublic, secretKind, wordsOf } from './names.ts';
import { placeholderReason } from './placeholders.ts';

/** Formats of which one half has a form and the other only stands beside it. */
const PAIRS: Record<string, { format: Format; pattern: RegExp }> = {
  'aws-akia': {
    format: formatOf('aws-secret') as Format,
    pattern: /(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
  },
};

const PAIR_NAME = /([\w.-]{2,64})["']?[ \t]{0,8}(?:[:=]|=>|:=)[ \t]{0,8}[bru]?["'`]?$/;
const PATH_BEFORE = /[\w.-]\/$/;
/** Words of names that mean something else than a secret of the same provider. */
const ANOTHER =
  /^(?:id|ids|commit|revision|sha\d*|hash|digest|site|url|uri|path|asset|assets|file|checksum|etag|integrity|version)$/;

/** What the text before a value says that it is: a secret, another thing, or nothing. */
function saysOfPair(before: string): 'secret' | 'another' | undefined {
  const name = PAIR_NAME.exec(before)?.[1];
  if (name === undefined) return PATH_BEFORE.test(before) ? 'another' : undefined;
  const words = wordsOf(name);
  if (words.some((word) => /captcha/.test(word)) || isPublic(words)) return 'another';
  if (secretKind(name)) return 'secret';
  return ANOTHER.test(words.at(-1) ?? '') ? 'another' : undefined;
}

/** The other halves of a detection in the text around it, with where they stand in that text. */
export function judgePairs(
  detection: Detection,
  around: string,
  file: FileKind,
): { detection: Detection; start: number }[] {
  const pair = PAIRS[detection.rule.id];
  if (!pair) return [];
  const fitting = [...around.matchAll(pair.pattern)]
    .filter(
      ([value]) => looksRandom(value) && characterClasses(value) >= 3 && !placeholderReason(value),
    )
    .map((match) => ({ match, says: saysOfPair(around.slice(0, match.index)) }))
    .filter(({ says }) => says !== 'another');
  const named = fitting.filter(({ says }) => says === 'secret');
  const found = (named.length > 0 ? named : fitting).map(({ match }) => {
    const { rule, row } = pair.format;
    const why = [
      `has the form of ${article(row.title)}`,
      `stands beside the ${detection.rule.title} ${detection.value}`,
    ];
    const severity = ease(rule.severity, file, why);
    const paired: Detection = {
      rule,
      severity,
      confidence: 'high',
      value: match[0],
      why,
      facts: factsOfPair(detection),
    };
    const isCanary = paired.facts['canary'] !== undefined;
    return { detection: isCanary ? asCanary(paired) : paired, start: match.index };
  });
  notePair(detection, found.length);
  return found;
}
