/**
 * Findings on their way to the page, in parts that take a few milliseconds to receive: an image may have tens of
 * thousands of places, and one message with all of them would hold the page's thread.
 */
import type { Finding } from '../engine/report/report.ts';

const MOST_PLACES = 500; // of one part

/** Cuts findings into parts; one with many places stands in several, with some of them in each. */
export function* findingParts(findings: readonly Finding[]): Generator<Finding[], void, undefined> {
  let part: Finding[] = [];
  let room = MOST_PLACES;
  for (const finding of findings) {
    for (let at = 0; at === 0 || at < finding.places.length;) {
      const places = finding.places.slice(at, at + room);
      part.push({ ...finding, places });
      at += Math.max(1, places.length);
      room -= Math.max(1, places.length);
      if (room > 0) continue;
      yield part;
      part = [];
      room = MOST_PLACES;
    }
  }
  if (part.length > 0) yield part;
}

/** Puts a part behind those that came before it. */
export function addPart(findings: Finding[], part: readonly Finding[]): void {
  for (const finding of part) {
    const last = findings.at(-1);
    if (last?.id === finding.id) last.places.push(...finding.places);
    else findings.push(finding);
  }
}
