/** Look-alikes of passwords in an application's own files: labels, messages, schemas, references, names of things. */
import { describe, expect, test } from 'vitest';
import { fileKind } from '../../../src/engine/secrets/file-kind.ts';
import { scanContent } from '../../make/scan-content.ts';

function loud(text: string, path: string): string[] {
  return scanContent(text, path).flatMap(({ severity, value }) =>
    severity === 'info' ? [] : [value],
  );
}

const MESSAGES: [string, string][] = [
  ['error.password.invalid', 'Falsches Passwort'],
  ['label.password', 'Kennwort'],
  ['admin.password', 'Mot de passe administrateur'],
  ['login.password', 'Wachtwoord2'],
  ['user.password.hint', 'mindestens acht Zeichen!'],
  ['db.password', 'Databaseadgangskode'],
  ['password', 'Salasana!'],
  ['token', 'Zugriffsschluessel12'],
];
const MESSAGE_FILES = [
  'srv/app/src/messages_de.properties',
  'srv/app/messages.properties',
  'srv/app/Resources.fr-CA.resx',
  'srv/app/lang/en.json',
  'srv/app/assets/i18n/pt_BR.json',
  'srv/app/config/locales/de.yml',
  'srv/app/public/de.json',
];

describe('messages of programs are no passwords', () => {
  test.each(MESSAGE_FILES)('%s', (path) => {
    expect(fileKind(path).messages).toBe(true);
    for (const [name, value] of MESSAGES) {
      expect(loud(`${name}=${value}\n`, path)).toEqual([]);
      expect(loud(`{\n  "${name}": "${value}"\n}\n`, path)).toEqual([]);
      expect(loud(`${name}: ${value}\n`, path)).toEqual([]);
      expect(loud(`<data name="${name}"><value>${value}</value></data>`, path)).toEqual([]);
    }
  });

  test.each(['srv/app/config.json', 'srv/app/.env', 'srv/app/db.yml', 'srv/app/app.properties'])(
    '%s holds settings',
    (path) => expect(fileKind(path).messages).toBe(false),
  );
});

/** A file of settings, and what its password is said to be there. */
const LOOK_ALIKES: [string, string][] = [
  ['config.json', '{"password": "string"}'],
  ['config.json', '{"password": "Passwort"}'],
  ['config.json', '{"password": "passwordInput"}'],
  ['config.json', '{"password": "required"}'],
  ['config.json', '{"error": {"passwordMismatch": "nomatchfound"}}'],
  ['config.json', '{"form.password": "Geheimwort"}'],
  ['config.json', '{"passwordLabel": "Geheimwort"}'],
  ['config.json', '{"passwordPolicy": "strengthchecked"}'],
  ['config.json', '{"passwordEncoder": "bcrypt"}'],
  ['config.json', '{"properties": {"password": {"type": "string", "title": "Secretword"}}}'],
  ['openapi.yaml', 'password:\n  type: string\n  format: password\n'],
  ['openapi.yaml', 'description: the user password\npassword: the password of the user\n'],
  ['config.yaml', 'password: ${DB_PASSWORD}\n'],
  ['config.yaml', 'password: "{{ vault_password }}"\n'],
  ['config.yaml', 'password: !secret db_password\n'],
  ['config.yaml', 'password: vault:secret/data/db#password\n'],
  ['config.yaml', 'password: /run/secrets/db_password\n'],
  ['config.yaml', 'password: $SECRET_REFERENCE\n'],
  ['config.yaml', 'passwordSecretRef: database\npassword_file: dbpassword.txt\n'],
  ['config.yaml', 'db_password: changeme\nadmin_password: CHANGE_ME\n'],
  ['app.ini', 'password_hasher = argon2id\npassword_min_length = 12\n'],
  ['app.properties', 'security.password.encoder=delegating\n'],
  ['app.properties', 'jndi.password.attribute=userPassword\n'],
  ['settings.py', "PASSWORD_HASHERS = ['django.contrib.auth.hashers.Argon2PasswordHasher']\n"],
  ['settings.py', "PASSWORD = os.environ['DB_PASSWORD']\n"],
  ['settings.py', "PASSWORD_RESET_TEMPLATE = 'registration/resetform'\n"],
  ['settings.py', "LOGIN_FIELD = 'password'\nTOKEN_MODEL = 'authtoken.models.Token'\n"],
  ['config.js', "module.exports = { password: process.env.PASSWORD, passwordField: 'passwd' };\n"],
  [
    'config.php',
    "'password' => env('DB_PASSWORD', ''),\n'passwords' => ['users' => 'accounts'],\n",
  ],
  ['server.xml', '<password></password><password>${db.password}</password>'],
  ['settings.xml', '<password>repopwd</password>'],
  ['web.xml', '<param-name>password.validator</param-name><param-value>strictcheck</param-value>'],
  ['main.tf', 'variable "db_password" {\n  type = string\n  sensitive = true\n}\n'],
  ['main.tf', 'password = var.db_password\npassword = random_password.db.result\n'],
  ['run.sh', 'read -r -s PASSWORD\nPASSWORD="$1"\nPASSWORD=$(cat /run/secrets/x)\n'],
  ['docs/setup.md', 'Set the password: correcthorse or whatever you like.\n'],
  ['messages.json', '{"password": "geheimeswort"}'],
  ['tests/test.log', 'PASS: binutils-all/common-1b\nPASS: gdb.base/hashline3.exp\n'],
  ['index.ts', 'tokens = ["identifier1", "stringLiteral", "numericLiteral2"];\n'],
  ['config.yaml', 'apiKeys:\n- name: main-key-2024\n  secretName: api-key-2024-a\n'],
  ['src/Form.java', 'String passwordLabel = "Secret word";\nthis.password = passwordField1;\n'],
];

describe('look-alikes of passwords are none', () => {
  test.each(LOOK_ALIKES)('%s: %s', (name, text) => {
    expect(loud(text, `srv/app/${name}`)).toEqual([]);
  });
});
