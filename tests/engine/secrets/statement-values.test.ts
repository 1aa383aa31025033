/** Values that a statement of a program binds to a name without a sign between them, and what it binds to others. */
import { describe, expect, test } from 'vitest';
import { constructedToken } from '../../make/sample-source.ts';
import { scanContent } from '../../make/scan-content.ts';

const T = constructedToken('a token in a statement').replace(/^ghp_/, '').slice(0, 40);
const P = ['Tulip99', 'harbor'].join('!');
const Q = ['Maple', '88', 'cactus'].join('-');

const loud = (text: string, path: string): string[] =>
  scanContent(text, path)
    .filter(({ severity }) => severity !== 'low' && severity !== 'info')
    .map(({ value }) => value);

describe('found', () => {
  test.each<[text: string, ...values: string[]]>([
    [`user, password = "bob", "${P}"\n`, P],
    [`password, user = "${P}", "bob"\n`, P],
    [`self.user, self.password = name, "${P}"\n`, P],
    [`host, port, password = get("a, b"), 3, '${P}'  # of ours\n`, P],
    [`[user, password] = ["bob", "${P}"]\n`, P],
    [`(a, (user, password)) = (1, ("bob", "${P}"))\n`, P],
    [`user, password, *rest = "bob", "${P}", 1, 2\n`, P],
    [`first, *more, password = "a", 1, 2, "${P}"\n`, P],
    [`USER, PASSWORD = CREDS = ("bob", "${P}")\n`, P],
    [`    password, token = "${P}", "${T}"\n`, P, T],
    [`KEY = os.environ["X"]\nTOKEN = os.environ["T"] if "T" in os.environ else "${T}"\n`, T],
    [`password = x if x else "${P}"\n`, P],
    [`def get_password():\n    return "${P}"\n`, P],
    [`def get_password() -> str:  # ours\n    """The password."""\n    return "${P}"\n`, P],
    [`class A:\n    @property\n    def api_key(self):\n        return "${T}"\n`, T],
    [`def get_password(self): return '${P}'\n`, P],
    [`async def token():\n    yield "${T}"\n`, T],
    [`match token:\n    case "${T}":\n        pass\n`, T],
    [`match password:\n    case "x" | "${P}":\n        pass\n`, P],
    [`if token in ("${T}", "${P}"):\n`, P, T],
    [`ok = api_key not in {"${T}"}\n`, T],
    [`if token.startswith("${T}"):\n`, T],
    [`hmac.compare_digest(token.encode(), b"${T}")\n`, T],
    [`secrets.compare_digest(password, "${P}")\n`, P],
    [`def f(password: Annotated[str, Query(alias="x")] = "${P}"):\n`, P],
    [`def f(a: "int", *, api_key: "str" = "${T}"):\n`, T],
    [`VALID_TOKENS = frozenset({"${T}"})\n`, T],
  ])('%s', (text, ...values) => {
    expect(loud(text, 'srv/app/a.py').sort()).toEqual([...values].sort());
  });

  test.each<[path: string, text: string, value: string]>([
    ['a.go', `user, password := "bob", "${P}"\n`, P],
    ['a.rb', `user, password = 'bob', '${P}'\n`, P],
    ['a.js', `const [user, password] = ["bob", "${P}"];\n`, P],
    ['a.lua', `local user, password = "bob", "${P}"\n`, P],
  ])('%s: %s', (path, text, value) => {
    expect(loud(text, `srv/app/${path}`)).toEqual([value]);
  });
});

describe('none', () => {
  test.each([
    `password, name = load(), "${P}"\n`,
    `user, password = load("${P}", 3), None\n`,
    `f(user, password, x="${P}")\n`,
    `password = x if x == "${P}" else None\n`,
    `def reset_password():\n    return "auth/${Q}"\n`,
    `def check_password():\n    return "${P}"\n`,
    `def get_password(user):\n    return load(user, "${P}")\n`,
    `def get_password_help():\n    return "${P}"\n`,
    `match name:\n    case "${P}":\n        pass\n`,
    'if token in ("if", "else", "identifier1", "string16Max"):\n',
    'if token.startswith("github_pat_") or token.startswith("Bearer1 "):\n',
    'hmac.compare_digest(token.encode("utf-8"), expected)\n',
    `print(token.encode(), "${P}")\n`,
  ])('%s', (text) => {
    expect(loud(text, 'srv/app/a.py')).toEqual([]);
  });
});
