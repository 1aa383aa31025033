/** What is to be done about the findings of a report, each step said once, under what it is for. */
import { EVERY_COPY } from '../secrets/advice.ts';
import type { Finding } from './report.ts';

const MOST_TITLES = 4; // that are listed over a step

/** Steps, and the findings that they are for. */
export interface AdviceGroup {
  /** `AWS access key ID; Slack bot token`, or `31 of the 40 findings` where too many kinds would be listed. */
  heading: string;
  steps: string[];
}

/** The advice of all findings: first what is for few kinds of them, in their order, then what is for many. */
export function adviceGroups(findings: readonly Finding[]): AdviceGroup[] {
  const byStep = new Map<string, { titles: Set<string>; count: number }>();
  for (const { title, advice } of findings) {
    for (const step of new Set(advice.steps.flatMap(parts))) {
      const known = byStep.get(step) ?? { titles: new Set(), count: 0 };
      known.titles.add(title);
      known.count++;
      byStep.set(step, known);
    }
  }
  const few = new Map<string, AdviceGroup>();
  const many = new Map<string, AdviceGroup>();
  for (const [step, { titles, count }] of byStep) {
    const wide = titles.size > MOST_TITLES;
    const share = count === findings.length ? `all ${count}` : `${count} of the ${findings.length}`;
    const heading = wide ? `${share} findings` : [...titles].join('; ');
    const groups = wide ? many : few;
    const group = groups.get(heading);
    if (group) group.steps.push(step);
    else groups.set(heading, { heading, steps: [step] });
  }
  return [...few.values(), ...many.values()];
}

/** What holds of every secret stands behind the first step of most rules: it is a step of its own here. */
function parts(step: string): string[] {
  const own = step.endsWith(` ${EVERY_COPY}`) ? step.slice(0, -EVERY_COPY.length - 1) : undefined;
  return own === undefined ? [step] : [own, EVERY_COPY];
}
