/** The name of what made a layer, and nothing else of its command. */

const INSTRUCTION =
  /^(?:ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)(?=\s|$)/;

/**
 * `COPY` of `COPY . /app`: while a scan runs, nobody knows what in a command is secret. Empty where a command
 * begins with no instruction.
 */
export function instructionOf(command: string): string {
  const classic = /^(?:\/bin\/sh -c|cmd \/S \/C)\s+/.exec(command);
  const rest = classic ? command.slice(classic[0].length) : command;
  const [name] = INSTRUCTION.exec(rest.replace(/^#\(nop\)\s+/, '')) ?? [];
  return name ?? (classic ? 'RUN' : '');
}
