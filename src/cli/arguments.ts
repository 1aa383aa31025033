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

const USAGE = 'usage: npm run --silent scan -- ARCHIVE [OPTION]...';

/** What `--help` prints. */
export const HELP = `${USAGE}

Scans a container image for secrets, in every layer. Nothing leaves this machine.

ARCHIVE is what docker save writes, an OCI archive, a root file system or a layer, compressed or
not; a folder with an image layout; or - for standard input.

  --format json|sarif|text  json is the whole report; without this option text goes to a
                            terminal, json to anything else
  --secrets                 write the secrets themselves, not only their first and last characters
  --output FILE             write to FILE, which only its owner can read
  --fail-on SEVERITY        exit with 1 for findings of at least this severity: critical, high,
                            medium, low or info
  --baseline REPORT         leave out what an earlier report (json) has
  --verify                  check the digest of every layer
  --version                 print the version
  -h, --help                print this

Exit status: 0 the scan ran; 1 it found something at or above --fail-on; 2 the archive could not
be read, or the arguments are off. NO_COLOR turns colours off.
`;

/** What is printed instead of a scan. */
export type Asked = 'help' | 'version';

/**
 * Without `--format`, a person at a terminal gets text and a program behind a pipe gets JSON.
 * @throws {ArgumentError}
 */
export function readArguments(argv: readonly string[], terminal: boolean): Arguments | Asked {
  const { values, positionals } = parse(argv);
  if (values.help) return 'help';
  if (values.version) return 'version';
  const [archive, ...more] = positionals;
  if (archive === undefined)
    throw new ArgumentError(`no archive given; ${USAGE}; --help tells more`);
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
        version: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new ArgumentError(`${whatIsOff(error)}; --help tells more`);
  }
}

/** Node's message on arguments: its first sentence, as it also tells what nobody here means. */
function whatIsOff(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const first = (message.split('\n')[0] ?? '').replace(/\. .*$|\.$/, '');
  const ambiguous = /^Option '(.*)' argument is ambiguous/.exec(first);
  const said = ambiguous ? `${ambiguous[1] ?? ''} lacks its value` : first;
  return said.charAt(0).toLowerCase() + said.slice(1);
}

function isSeverity(text: string): text is Severity {
  return (SEVERITIES as readonly string[]).includes(text);
}
