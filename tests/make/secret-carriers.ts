/** The files in which settings are written, each made around one name and one value. */

/** Writes `name` bound to `value` as one kind of file does. */
export interface Carrier {
  path: string;
  /** `name` comes as words: `db password`. */
  write: (words: readonly string[], value: string) => string;
  /** Values that it cannot hold as they are. */
  cannot?: RegExp;
}

const snake = (words: readonly string[]): string => words.join('_');
const shout = (words: readonly string[]): string => words.join('_').toUpperCase();
const dotted = (words: readonly string[]): string => words.join('.');
const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);
const camel = (words: readonly string[]): string =>
  words.map((word, i) => (i === 0 ? word : capital(word))).join('');
const pascal = (words: readonly string[]): string => words.map(capital).join('');
const escaped = (value: string): string => value.replace(/["\\]/g, '\\$&');
const entities = (value: string): string =>
  value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** Every kind of file that settings are kept in, by the name that a failing test shows. */
export const CARRIERS: Record<string, Carrier> = {
  env: { path: 'srv/app/.env', write: (n, v) => `DEBUG=1\n${shout(n)}=${v}\nPORT=80\n` },
  quotedEnv: { path: 'srv/app/.env.prod', write: (n, v) => `${shout(n)}="${escaped(v)}"\n` },
  json: {
    path: 'srv/app/config.json',
    write: (n, v) => `{\n  "host": "db.internal",\n  "${camel(n)}": "${escaped(v)}"\n}\n`,
  },
  nestedJson: {
    path: 'srv/app/config/production.json',
    write: (n, v) => `{"main": {"user": "app", "${snake(n)}": "${escaped(v)}", "port": 1}}`,
  },
  yaml: {
    path: 'srv/app/config/application.yml',
    write: (n, v) => `main:\n  user: app\n  ${n.join('-')}: ${v}\n  port: 1\n`,
    cannot: /[&#]/,
  },
  quotedYaml: {
    path: 'srv/app/values.yaml',
    write: (n, v) => `main:\n  ${camel(n)}: "${escaped(v)}"\n`,
  },
  properties: {
    path: 'srv/app/application.properties',
    write: (n, v) => `app.user=app\nspring.${dotted(n)}=${v}\n`,
  },
  toml: {
    path: 'srv/app/settings.toml',
    write: (n, v) => `[main]\nuser = "app"\n${snake(n)} = "${escaped(v)}"\n`,
  },
  ini: { path: 'srv/app/app.ini', write: (n, v) => `[main]\nuser = app\n${snake(n)} = ${v}\n` },
  settingsPy: { path: 'srv/app/settings.py', write: (n, v) => `${shout(n)} = '${v}'\n` },
  djangoPy: {
    path: 'srv/app/project/settings/production.py',
    write: (n, v) => `MAIN = {\n    'default': {\n        '${shout(n)}': '${v}',\n    }\n}\n`,
  },
  xml: {
    path: 'srv/app/conf/server.xml',
    write: (n, v) =>
      `<main>\n  <user>app</user>\n  <${camel(n)}>${entities(v)}</${camel(n)}>\n</main>`,
  },
  property: {
    path: 'srv/app/conf/beans.xml',
    write: (n, v) => `<bean>\n  <property name="${camel(n)}" value="${entities(v)}"/>\n</bean>`,
  },
  webXml: {
    path: 'srv/app/WEB-INF/web.xml',
    write: (n, v) =>
      `<context-param>\n  <param-name>${camel(n)}</param-name>\n  <param-value>${entities(v)}</param-value>\n</context-param>`,
  },
  webConfig: {
    path: 'srv/app/web.config',
    write: (n, v) => `<appSettings><add key="${pascal(n)}" value="${entities(v)}" /></appSettings>`,
  },
  appsettings: {
    path: 'srv/app/appsettings.Production.json',
    write: (n, v) => `{"Main": {"${pascal(n)}": "${escaped(v)}"}}`,
  },
  php: {
    path: 'srv/app/config.php',
    write: (n, v) => `<?php\nreturn [\n  'user' => 'app',\n  '${snake(n)}' => '${v}',\n];\n`,
  },
  defines: { path: 'srv/app/wp-config.php', write: (n, v) => `define('${shout(n)}', '${v}');\n` },
  jsConfig: {
    path: 'srv/app/config.js',
    write: (n, v) => `module.exports = {\n  user: 'app',\n  ${camel(n)}: '${v}',\n};\n`,
  },
  compose: {
    path: 'srv/app/docker-compose.yml',
    write: (n, v) => `services:\n  db:\n    environment:\n      ${shout(n)}: "${escaped(v)}"\n`,
  },
  composeList: {
    path: 'srv/app/compose.yaml',
    write: (n, v) => `services:\n  db:\n    environment:\n      - ${shout(n)}=${v}\n`,
    cannot: / /,
  },
  manifest: {
    path: 'srv/app/deploy.yaml',
    write: (n, v) => `env:\n  - name: ${shout(n)}\n    value: "${escaped(v)}"\n`,
  },
  secretYaml: {
    path: 'srv/app/secret.yaml',
    write: (n, v) => `kind: Secret\nstringData:\n  ${n.join('-')}: "${escaped(v)}"\n`,
  },
  secretData: {
    path: 'srv/app/k8s/secret.yaml',
    write: (n, v) =>
      `kind: Secret\ndata:\n  ${n.join('-')}: ${Buffer.from(v).toString('base64')}\n`,
  },
  tfvars: { path: 'srv/app/prod.tfvars', write: (n, v) => `${snake(n)} = "${escaped(v)}"\n` },
  shell: { path: 'srv/app/run.sh', write: (n, v) => `#!/bin/sh\nexport ${shout(n)}='${v}'\n` },
  dockerfile: { path: 'srv/app/Dockerfile', write: (n, v) => `FROM x\nENV ${shout(n)}="${v}"\n` },
};
