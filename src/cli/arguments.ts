/** The command line's arguments, read strictly: what is not understood is an error, never ignored. */
import { parseArgs } from 'node:util';
import { SEVERITIES, type Severity } from '../engine/secrets/finding.ts';

/** What was asked for. */
export interface Arguments {
  archive: string;
  format: 'json' | 'sarif' | 'text';
  /** Whether the report holds the secrets themselves. */
  secrets: boolean;
  output: string | undefined;
  failOn: Severity | undefined;
  baseline: string | undefined;
  /** Whether every layer's digest is checked. */
  verify: boolean;
}

/** Arguments that are off; `message` is one line for standard error. */
export class ArgumentError extends Error {}

export const USAGE =
  'usage: npm run --silent scan -- ARCHIVE [--format json|sarif|text] [--secrets] [--output FILE] [--fail-on SEVERITY] [--baseline REPORT] [--verify]';

/**
 * Without `--format`, a person at a terminal gets text and a program behind a pipe gets JSON.
 * @throws {ArgumentError}
 */
export function readArguments(argv: readonly string[], terminal: boolean): Arguments | 'help' {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  const [archive, ...more] = positionals;
  if (archive === undefined) throw new ArgumentError(`no archive given; ${USAGE}`);
  if (more.length > 0) throw new ArgumentError(`one archive at a time, not also ${more.join(' ')}`);
  const format = values.format ?? (terminal && values.output === undefined ? 'text' : 'json');
  if (format !== 'json' && format !== 'sarif' && format !== 'text') {
    throw new ArgumentError(`--format is json, sarif or text, not ${format}`);
  }
  const failOn = values['fail-on']?.toLowerCase();
  if (failOn !== undefined && !isSeverity(failOn)) {
    throw new ArgumentError(`--fail-on is one of ${SEVERITIES.join(', ')}, not ${failOn}`);
  }
  return {
    archive,
    format,
    secrets: values.secrets ?? false,
    output: values.output,
    failOn,
    baseline: values.baseline,
    verify: values.verify ?? false,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        format: { type: 'string' },
        secrets: { type: 'boolean' },
        output: { type: 'string' },
        'fail-on': { type: 'string' },
        baseline: { type: 'string' },
        verify: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new ArgumentError(
      error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error),
    );
  }
}

function isSeverity(text: string): text is Severity {
  return (SEVERITIES as readonly string[]).includes(text);
}
