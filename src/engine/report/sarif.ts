/** A report as SARIF 2.1.0 (OASIS), for the viewers and services that read it. */
import type { Problem } from '../archive/problem.ts';
import type { Severity } from '../secrets/finding.ts';
import type { Finding, Place, Report } from './report.ts';
import { stopsReading } from './unread-layers.ts';

const LEVEL: Record<Severity, 'error' | 'warning' | 'note'> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** GitHub's own scale, 0 to 10. */
const SCORE: Record<Severity, string> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '3.0',
  info: '0.5',
};

/** The document; it never holds a secret that the report does not. */
export function toSarif(report: Report): object {
  // The first finding of a rule is its most severe.
  const rules = new Map<string, Finding>();
  for (const finding of report.findings)
    if (!rules.has(finding.rule)) rules.set(finding.rule, finding);
  const order = [...rules.keys()];
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: report.tool.name,
            version: report.tool.version,
            rules: [...rules.values()].map(ruleOf),
          },
        },
        results: report.findings.map((finding) => resultOf(finding, order.indexOf(finding.rule))),
        invocations: [
          {
            // 3.20.21: with a notification of level error the run has failed, and its results may be incomplete.
            executionSuccessful: !report.problems.some(leavesUnread),
            toolExecutionNotifications: report.problems.map(notificationOf),
          },
        ],
      },
    ],
  };
}

function notificationOf(problem: Problem): object {
  const { code, message, layer, path } = problem;
  return {
    level: leavesUnread(problem) ? 'error' : 'warning',
    message: { text: message },
    descriptor: { id: code },
    ...(path !== undefined && {
      locations: [{ physicalLocation: { artifactLocation: { uri: relativeUri(path) } } }],
    }),
    ...(layer !== undefined && { properties: { layer } }),
  };
}

const HARMLESS = /-trailing-data$|^file-unreadable$/; // what a lost file leaves unread is told of apart

/** Whether a layer was not read, or not wholly, or something of the archive itself; single files in layers are not meant. */
function leavesUnread(problem: Problem): boolean {
  return stopsReading(problem) || (problem.layer === undefined && !HARMLESS.test(problem.code));
}

function ruleOf(finding: Finding): object {
  return {
    id: finding.rule,
    shortDescription: { text: finding.title },
    help: { text: finding.advice.steps.join(' ') },
    defaultConfiguration: { level: LEVEL[finding.severity] },
    properties: {
      'security-severity': SCORE[finding.severity],
      tags: finding.category === 'secret' ? ['security', 'secret'] : ['security'],
    },
  };
}

function resultOf(finding: Finding, ruleIndex: number): object {
  return {
    ruleId: finding.rule,
    ruleIndex,
    level: LEVEL[finding.severity],
    message: { text: `${finding.title} ${finding.secret.preview}: ${finding.why.join('; ')}.` },
    partialFingerprints: { 'porthole/v1': finding.id },
    locations: finding.places.map(locationOf),
  };
}

function locationOf(place: Place): object {
  const uri = place.path ?? `${place.kind}/${place.key ?? ''}`;
  return {
    physicalLocation: {
      artifactLocation: { uri: relativeUri(uri) },
      ...(place.line && {
        region: { startLine: place.line, ...(place.column && { startColumn: place.column }) },
      }),
    },
    ...(place.layer && { properties: { layer: place.layer } }),
  };
}

/** A path as a relative reference (RFC 3986, 4.2): no part of it is a scheme, a query or a fragment. */
function relativeUri(path: string): string {
  const whole = path.replace(/\p{Surrogate}/gu, '\ufffd').replace(/^\/+/, '');
  return whole.split('/').map(encodeURIComponent).join('/');
}
