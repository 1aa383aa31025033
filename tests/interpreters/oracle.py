"""What a module's source binds, by its syntax tree: the other side of the comparison with the bytecode.

Runs on Python 2.7 and 3.6 to 3.15. A fact is (kind, name, value, first line, last line, in a container of
several lines, required). A fact that is not required is one that some versions' compilers make and others
do not; it counts neither way.
"""
import ast
import re
import sys

V = sys.version_info[:2]
PYPY = hasattr(sys, 'pypy_version_info')
PY2 = V < (3, 0)
TEXT = (str, type(u'')) if PY2 else (str, bytes)
GETTERS = ('get', 'getenv', 'pop', 'getattr', 'setdefault')
KEY = re.compile(r'^[A-Za-z_][A-Za-z0-9_.-]{1,63}\Z')
COMPARES = re.compile(r'^(?:compare_digest|constant_time_compare|safe_str_cmp|assert_?[eE]quals?)$')
DEFAULT = re.compile(r'^(?:default|default_value|fallback|missing)$')
DIGESTS = re.compile(r'hash|digest|sha\d|md5|crypt|checksum|fingerprint|crc', re.I)
HIDDEN = ('__doc__', '__module__', '__qualname__', '__static_attributes__', '__firstlineno__',
          '__classdictcell__', '__annotate_func__', '__conditional_annotations__')
FUNCTIONS = tuple(getattr(ast, n) for n in ('FunctionDef', 'AsyncFunctionDef') if hasattr(ast, n))
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
STARRED = getattr(ast, 'Starred', ())
JOINED = getattr(ast, 'JoinedStr', ())
FORMATTED = getattr(ast, 'FormattedValue', ())
AWAIT = getattr(ast, 'Await', ())
YIELD_FROM = getattr(ast, 'YieldFrom', ())
WALRUS = getattr(ast, 'NamedExpr', ())
TEMPLATE = getattr(ast, 'TemplateStr', ())
SIMPLE_FORMAT = re.compile(r'%(?:%|-?[0-9]*(?:\.[0-9]+)?[sra])')
LIMIT = 4096 if V < (3, 7) and not PYPY else 1 << 20


def text(value):
    """Bytes as the engine reads them: UTF-8, else Latin-1."""
    if isinstance(value, bytes):
        try:
            return value.decode('utf-8')
        except UnicodeDecodeError:
            return value.decode('latin-1')
    return value


if V >= (3, 8):
    def literal(node):
        if isinstance(node, ast.Constant) and isinstance(node.value, TEXT):
            return node.value
        return fold(node)
else:
    def literal(node):
        if isinstance(node, ast.Str) or isinstance(node, getattr(ast, 'Bytes', ())):
            return node.s
        return fold(node)


def number(node):
    value = getattr(node, 'value', None) if V >= (3, 8) else getattr(node, 'n', None)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def fold(node):
    """What the compiler makes one constant of."""
    if isinstance(node, ast.BinOp):
        if isinstance(node.op, ast.Add):
            left, right = literal(node.left), literal(node.right)
            if left is not None and right is not None and (PY2 or type(left) is type(right)):
                try:
                    value = left + right
                except UnicodeDecodeError:
                    return None
                return value if len(value) <= LIMIT else None
        if isinstance(node.op, ast.Mult):
            left, right = literal(node.left), number(node.right)
            if left is None:
                left, right = literal(node.right), number(node.left)
            most = 20 if V < (3, 7) else 4096
            if left is not None and right is not None and len(left) * max(right, 0) <= most:
                return left * right
    return None


def truth(node):
    """True or False for a constant test, else None."""
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        inner = truth(node.operand)
        return None if inner is None else not inner
    if isinstance(node, ast.Name) and node.id in ('__debug__', 'True', 'False') and not (PY2 and node.id != '__debug__'):
        return node.id != 'False'
    if V >= (3, 8) and isinstance(node, ast.Constant):
        return bool(node.value)
    if isinstance(node, getattr(ast, 'NameConstant', ())) and V < (3, 8):
        return bool(node.value)
    if V < (3, 8) and isinstance(node, ast.Num):
        return bool(node.n)
    return None


class Fact(object):
    __slots__ = ('value', 'first', 'last', 'spread', 'required')

    def __init__(self, value, node, spread, required=True):
        self.value = value
        last = getattr(node, 'end_lineno', None)
        first = node.lineno
        if last is None:
            # Before 3.8 a string of several lines had its last line, or none.
            lines = text(value).count(u'\n') if value is not None else 0
            first, last = (first - lines, first) if first > 0 else (-1, -1)
            end = max([getattr(n, 'lineno', 0) for n in ast.walk(node)] + [last])
            last = max(last, end)
        self.first, self.last, self.spread, self.required = first, last, spread, required


class Oracle(object):
    def __init__(self, tree):
        self.facts = []
        self.qualnames = []
        self.private = None
        self.function = None
        self.spread = False
        self.future = any(
            isinstance(n, ast.ImportFrom) and n.module == '__future__' and
            any(a.name == 'annotations' for a in n.names) for n in tree.body)
        self.scope = []
        self.block(tree.body, True)

    # names

    def mangle(self, name):
        if self.private and name.startswith('__') and not name.endswith('__') and '.' not in name:
            stripped = self.private.lstrip('_')
            if stripped:
                return '_' + stripped + name
        return name

    def label(self, node):
        if isinstance(node, ast.Name):
            if PY2 and node.id == 'None':
                return ''
            return self.mangle(node.id)
        if isinstance(node, ast.Attribute):
            return self.mangle(node.attr)
        if isinstance(node, ast.Subscript):
            key = self.key(node)
            value = literal(key) if key is not None else None
            return text(value) if value is not None else self.label(node.value)
        if isinstance(node, ast.Call):
            flowing, key = self.flowing(node)
            return key if key is not None else self.label(node.func)
        if isinstance(node, ast.BoolOp):
            for value in node.values:
                found = self.label(value)
                if found:
                    return found
        if isinstance(node, ast.IfExp):
            return self.label(node.body) or self.label(node.orelse)
        if isinstance(node, AWAIT) or isinstance(node, WALRUS):
            return self.label(node.value)
        return ''

    def dotted(self, node):
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(self.mangle(node.attr))
            node = node.value
        if isinstance(node, ast.Name):
            return '.'.join([self.mangle(node.id)] + parts[::-1])
        return ''

    @staticmethod
    def key(node):
        part = node.slice
        if isinstance(part, getattr(ast, 'Index', ())) and hasattr(part, 'value'):
            part = part.value
        return part if isinstance(part, ast.expr) and not isinstance(part, ast.Slice) else None

    def flowing(self, call):
        """The arguments whose text flows on, and what a getter asks for."""
        name = self.label(call.func)
        if name in GETTERS and not any(isinstance(a, STARRED) for a in call.args):
            at = 1 if name == 'getattr' else 0
            if len(call.args) > at:
                key = literal(call.args[at])
                if key is not None:
                    return call.args[at + 1:], text(key)
        return call.args, None

    # text that flows out of an expression

    def contents(self, node, spread=False, required=True):
        value = literal(node)
        if value is not None:
            if required and isinstance(node, ast.BinOp) and (V < (3, 7) or PYPY or isinstance(node.op, ast.Mult)):
                return ([Fact(value, node, spread, False)] + self.contents(node.left, spread, False)
                        + self.contents(node.right, spread, False))
            return [Fact(value, node, spread, required)]
        inside = lambda nodes, req=required, s=spread: [f for n in nodes for f in self.contents(n, s, req)]
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
            return inside(node.elts, s=spread or self.spans(node))
        if isinstance(node, ast.Dict):
            return inside(node.values, s=spread)
        if isinstance(node, JOINED):
            return inside(node.values)
        if isinstance(node, FORMATTED):
            return inside([node.value])
        if isinstance(node, ast.BinOp):
            left = literal(node.left)
            if V >= (3, 11) and isinstance(node.op, ast.Mod) and isinstance(left, str) and isinstance(node.right, ast.Tuple):
                pieces = self.pieces(left, node.right)
                if pieces is not None:
                    parts = [Fact(p, node, True, required) for p in pieces]
                    return parts + inside(node.right.elts)
            if isinstance(node.op, ast.Mod) and (PYPY or PY2) and left is not None:
                return inside([node.left, node.right], False)
            return inside([node.left, node.right])
        if isinstance(node, ast.BoolOp):
            if any(truth(v) is not None or literal(v) is not None for v in node.values[:-1]):
                return inside(node.values, False)
            return inside(node.values)
        if isinstance(node, ast.IfExp):
            known = truth(node.test)
            if known is not None:
                return inside([node.body if known else node.orelse])
            return inside([node.body, node.orelse])
        if isinstance(node, ast.Call):
            joined = self.joined(node)
            if joined is not None:
                parts = inside(node.args[0].elts, False)
                return [Fact(joined, node, spread or self.spans(node), required)] + parts
            flowing, _ = self.flowing(node)
            out = [f for a in flowing for f in self.contents(a, spread, required and not isinstance(a, STARRED))]
            for k in node.keywords:
                out += self.contents(k.value, spread, required and k.arg is not None)
            if isinstance(node.func, ast.Attribute):
                out += self.contents(node.func.value, spread, required)
            if PY2:
                for star in (node.starargs, node.kwargs):
                    if star is not None:
                        out += self.contents(star, spread, False)
            if isinstance(node.func, ast.Lambda):
                return []
            return out
        if isinstance(node, STARRED):
            return inside([node.value], False)
        if isinstance(node, (AWAIT, YIELD_FROM) if AWAIT and YIELD_FROM else ()):
            return inside([node.value], False)
        if isinstance(node, WALRUS):
            return inside([node.value])
        if isinstance(node, TEMPLATE):
            return inside(node.values, False)
        if isinstance(node, getattr(ast, 'Interpolation', ())):
            return inside([node.value], False)
        if isinstance(node, (ast.ListComp, ast.SetComp)):
            # Compiled in line from 3.12 on; in 2.7 lists were.
            return inside([node.elt], False)
        if isinstance(node, ast.DictComp):
            return inside([node.value], False)
        return []

    @staticmethod
    def joined(node):
        """`"".join(["a", "b"])` as one text."""
        func = node.func
        if not isinstance(func, ast.Attribute) or func.attr != 'join' or len(node.args) != 1:
            return None
        between, listed = literal(func.value), node.args[0]
        if between is None or not isinstance(listed, (ast.Tuple, ast.List)) or not 1 < len(listed.elts) <= 64:
            return None
        parts = [literal(part) for part in listed.elts]
        if any(part is None or type(part) is not type(between) for part in parts):
            return None
        whole = between.join(parts)
        return whole if len(whole) <= 4096 and (PY2 or isinstance(whole, str)) else None

    def pairs(self, elts, spread=False):
        """Items of a list that are a name and its value."""
        self.spread = spread
        for pair in elts:
            if not isinstance(pair, (ast.Tuple, ast.List)):
                continue
            name = literal(pair.elts[0]) if len(pair.elts) == 2 else None
            if name is not None and KEY.match(text(name)):
                self.emit('dict-value', text(name), pair.elts[1], False)
        self.spread = False

    def looped(self, target, iterable):
        """What a loop over a list that is written out gives to its variables."""
        if not isinstance(iterable, (ast.Tuple, ast.List, ast.Set)):
            return
        self.spread = self.spans(iterable)
        for part in iterable.elts:
            self.assign(target, part, False)
        self.spread = False

    @staticmethod
    def spans(node):
        last = getattr(node, 'end_lineno', None)
        if last is None:
            lines = [n.lineno for n in ast.walk(node) if hasattr(n, 'lineno')]
            return max(lines) != node.lineno or min(lines) < 0
        return last != node.lineno

    @staticmethod
    def pieces(form, values):
        """`"%s:%s" % (a, b)` as the f-string that 3.11 and later make of it; None where they do not."""
        if any(isinstance(v, STARRED) for v in values.elts):
            return None
        at, out, piece, count = 0, [], '', 0
        while at < len(form):
            if form[at] != '%':
                piece += form[at]
                at += 1
                continue
            match = SIMPLE_FORMAT.match(form, at)
            if not match:
                return None
            at = match.end()
            if match.group() == '%%':
                piece += '%'
                continue
            count += 1
            if piece:
                out.append(piece)
            piece = ''
        if piece:
            out.append(piece)
        return out if count == len(values.elts) else None

    def emit(self, kind, name, node, required=True):
        if not isinstance(node, list):
            node = self.contents(node)
        for fact in node:
            self.facts.append((kind, name, text(fact.value), fact.first, fact.last,
                               fact.spread or self.spread,
                               required and fact.required))

    # statements

    def block(self, body, docstring=False):
        for i, node in enumerate(body):
            if docstring and i == 0 and isinstance(node, ast.Expr) and literal(node.value) is not None:
                continue
            self.visit(node)
            if isinstance(node, (ast.Return, ast.Raise, ast.Continue, ast.Break)):
                break

    def visit(self, node):
        method = getattr(self, 'visit_' + type(node).__name__, None)
        if method:
            method(node)
        else:
            self.generic(node)

    def generic(self, node):
        for field, value in ast.iter_fields(node):
            if isinstance(value, list):
                if value and isinstance(value[0], ast.stmt):
                    self.block(value)
                else:
                    for item in value:
                        if isinstance(item, ast.AST):
                            self.visit(item)
            elif isinstance(value, ast.AST):
                self.visit(value)

    def visit_If(self, node):
        known = truth(node.test)
        self.visit(node.test)
        if known is not False:
            self.block(node.body)
        if known is not True:
            self.block(node.orelse)

    def visit_Tuple(self, node):
        self.pairs(node.elts, self.spans(node))
        self.generic(node)

    visit_List = visit_Set = visit_Tuple

    def visit_BoolOp(self, node):
        self.instead(node, node.values)
        self.generic(node)

    def instead(self, node, options):
        """A constant that stands in for what another option is called."""
        label = self.label(node)
        for option in options:
            if label and literal(option) is not None:
                self.emit('variable', label, option, False)

    def visit_For(self, node):
        self.looped(node.target, node.iter)
        self.generic(node)

    visit_AsyncFor = visit_For

    def visit_While(self, node):
        known = truth(node.test)
        self.visit(node.test)
        if known is not False:
            self.block(node.body)
        self.block(node.orelse)

    def visit_IfExp(self, node):
        self.instead(node, [node.body, node.orelse])
        known = truth(node.test)
        self.visit(node.test)
        if known is not False:
            self.visit(node.body)
        if known is not True:
            self.visit(node.orelse)

    def arguments(self, args):
        names = [getattr(a, 'arg', getattr(a, 'id', None)) for a in getattr(args, 'posonlyargs', []) + args.args]
        for name, default in zip(names[len(names) - len(args.defaults):], args.defaults):
            self.visit(default)
            self.emit('default-argument', self.mangle(name) if name else '?', default, name is not None)
        for arg, default in zip(getattr(args, 'kwonlyargs', []), getattr(args, 'kw_defaults', [])):
            if default is not None:
                self.visit(default)
                self.emit('default-argument', self.mangle(arg.arg), default)
        if V < (3, 14) and not self.future and not PY2:
            every = list(getattr(args, 'posonlyargs', [])) + args.args + args.kwonlyargs
            for arg in every + [args.vararg, args.kwarg]:
                if arg is not None and arg.annotation is not None:
                    self.visit(arg.annotation)

    def named(self, node, name, is_class=False):
        first = min([node.lineno] + [d.lineno for d in getattr(node, 'decorator_list', [])])
        path = ''
        for other, kind, declared in self.scope:
            path = (other if not path else path + '.' + other) + ('.<locals>' if kind == 'function' else '')
        if self.scope and name in self.scope[-1][2]:
            path = ''
        qualname = path + '.' + name if path else name
        self.qualnames.append((name, first, qualname))
        return qualname

    def inner(self, name, kind, body, globals_=()):
        self.scope.append((name, kind, globals_))
        body()
        self.scope.pop()

    @staticmethod
    def globals_in(body):
        out = set()
        pending = list(body)
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Global):
                out.update(node.names)
            if not isinstance(node, FUNCTIONS + (ast.ClassDef, ast.Lambda)):
                pending.extend(ast.iter_child_nodes(node))
        return out

    def visit_FunctionDef(self, node):
        for decorator in node.decorator_list:
            self.visit(decorator)
        self.arguments(node.args)
        if V < (3, 14) and not self.future and getattr(node, 'returns', None) is not None:
            self.visit(node.returns)
        self.named(node, node.name)
        outer = self.function
        scope = self.scope
        # A function that is declared global has none of its surroundings in its name.
        if scope and node.name in scope[-1][2]:
            self.scope = []
        self.function = node.name
        self.inner(node.name, 'function', lambda: self.block(node.body, True), self.globals_in(node.body))
        self.scope = scope
        self.function = outer

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        for part in node.decorator_list + node.bases:
            self.visit(part)
        for keyword in getattr(node, 'keywords', []):
            self.visit(keyword.value)
            if keyword.arg:
                self.emit('keyword-argument', keyword.arg, keyword.value)
        self.named(node, node.name)
        outer, private, scope = self.function, self.private, self.scope
        if scope and node.name in scope[-1][2]:
            self.scope = []
        self.private, self.function = node.name, node.name
        self.inner(node.name, 'class', lambda: self.block(node.body, True), self.globals_in(node.body))
        self.private, self.function, self.scope = private, outer, scope

    def visit_Lambda(self, node):
        self.arguments(node.args)
        outer = self.function
        self.function = ''
        def body():
            self.visit(node.body)
            # A constant after a generator's end, or under a test that is known, is left out by some.
            self.emit('returned', '', node.body)
        self.inner('<lambda>', 'function', body)
        self.function = outer

    def visit_Return(self, node):
        if node.value is not None:
            self.visit(node.value)
            self.emit('returned', self.function or '', node.value)

    def visit_Yield(self, node):
        if node.value is not None:
            self.visit(node.value)
            self.emit('returned', self.function or '', node.value)

    # assignments

    def assign(self, target, value, required=True):
        if isinstance(target, ast.Name):
            if target.id not in HIDDEN:
                self.emit('variable', self.mangle(target.id), value, required)
        elif isinstance(target, ast.Attribute):
            self.emit('attribute', self.mangle(target.attr), value, required)
        elif isinstance(target, ast.Subscript):
            key = self.key(target)
            name = literal(key) if key is not None else None
            name = text(name) if name is not None else (self.label(key) if key is not None else '') or self.label(target.value)
            plain = not isinstance(target.slice, getattr(ast, 'Slice', ())) and type(target.slice).__name__ not in ('ExtSlice', 'Ellipsis')
            if plain and name != '__annotations__' and self.label(target.value) != '__annotations__':
                self.emit('subscript', name, value, required)
        elif isinstance(target, (ast.Tuple, ast.List)):
            stars = [i for i, t in enumerate(target.elts) if isinstance(t, STARRED)]
            if isinstance(value, (ast.Tuple, ast.List)) and not any(isinstance(v, STARRED) for v in value.elts):
                if not stars and len(value.elts) == len(target.elts):
                    for t, v in zip(target.elts, value.elts):
                        self.assign(t, v, required)
                elif len(stars) == 1 and len(value.elts) >= len(target.elts) - 1:
                    before, behind = stars[0], len(target.elts) - stars[0] - 1
                    rest = len(value.elts) - behind
                    for t, v in zip(target.elts[:before], value.elts[:before]):
                        self.assign(t, v, required)
                    for t, v in zip(target.elts[before + 1:], value.elts[rest:]):
                        self.assign(t, v, required)
                    for v in value.elts[before:rest]:
                        self.assign(target.elts[before].value, v, required)

    def target(self, node):
        """What is computed on the left side: containers, keys."""
        if isinstance(node, (ast.Tuple, ast.List)):
            for item in node.elts:
                self.target(item)
        elif not isinstance(node, ast.Name):
            self.generic(node)

    def visit_Assign(self, node):
        self.visit(node.value)
        for target in node.targets:
            self.target(target)
            self.assign(target, node.value)

    def visit_AugAssign(self, node):
        self.visit(node.value)
        self.target(node.target)
        self.assign(node.target, node.value)

    def visit_AnnAssign(self, node):
        evaluated = V < (3, 14) and not self.future and (not self.function or self.scope[-1][1] == 'class')
        if evaluated:
            self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.target(node.target)
            self.assign(node.target, node.value)

    def visit_NamedExpr(self, node):
        self.visit(node.value)
        self.assign(node.target, node.value)

    def visit_TypeAlias(self, node):
        pass

    # expressions

    def visit_Call(self, node):
        self.visit(node.func)
        for argument in node.args:
            self.visit(argument.value if isinstance(argument, STARRED) else argument)
        for keyword in node.keywords:
            self.visit(keyword.value)
        for star in (getattr(node, 'starargs', None), getattr(node, 'kwargs', None)):
            if star is not None:
                self.visit(star)
        label, dotted = self.label(node.func), self.dotted(node.func)
        before = None
        starred = False
        for argument in node.args:
            if isinstance(argument, STARRED):
                starred = True
                self.emit('argument', label, argument.value, False)
                if dotted:
                    self.emit('argument', dotted, argument.value, False)
                before = None
                continue
            facts = self.contents(argument)
            self.emit('argument', label, facts)
            if dotted and dotted != label:
                self.emit('argument', dotted, facts)
            if before is not None and KEY.match(before):
                self.emit('dict-value', before, facts, not starred and len(node.args) < 30)
            before = literal(argument)
            before = text(before) if before is not None else None
        if COMPARES.match(label) and len(node.args) > 1:
            for one, other in (node.args[:2], node.args[1::-1]):
                if self.label(other):
                    self.emit('comparison', self.label(other), one, False)
        if label == 'append' and node.args:
            self.pairs(node.args[:1])
        for keyword in node.keywords:
            if keyword.arg is not None:
                self.emit('keyword-argument', keyword.arg, keyword.value)
                if DEFAULT.match(keyword.arg):
                    for argument in node.args:
                        name = literal(argument)
                        name = re.sub('^-{1,2}', '', text(name)) if name is not None else ''
                        if KEY.match(name):
                            self.emit('dict-value', name, keyword.value, False)
            elif isinstance(keyword.value, ast.Dict):
                for k, v in zip(keyword.value.keys, keyword.value.values):
                    if k is not None and literal(k) is not None:
                        self.emit('keyword-argument', text(literal(k)), v, False)

    def visit_Compare(self, node):
        left = node.left
        self.visit(left)
        for right in node.comparators:
            self.visit(right)
            for one, other in ((left, right), (right, left)):
                digest = isinstance(other, ast.Call) and DIGESTS.search(self.label(other))
                self.emit('comparison', self.label(other), one, not digest)
            left = right

    def visit_Dict(self, node):
        for key, value in zip(node.keys, node.values):
            if key is not None:
                self.visit(key)
            self.visit(value)
            if key is None:
                continue
            name = literal(key)
            name = text(name) if name is not None else self.label(key)
            if name:
                self.emit('dict-value', name, value)

    def comprehension(self, node, values):
        outer = self.function
        # The first iterable is computed outside.
        for i, generator in enumerate(node.generators):
            self.looped(generator.target, generator.iter)
            self.visit(generator.iter)
            for test in generator.ifs:
                self.visit(test)
        inline = V >= (3, 12) and not isinstance(node, ast.GeneratorExp) or PY2 and isinstance(node, ast.ListComp)
        if not inline:
            self.function = ''
        for value in values:
            self.visit(value)
        if not inline:
            self.emit('returned', '', values[-1])
        else:
            self.emit('returned', '', values[-1], False)
        self.function = outer

    def visit_ListComp(self, node):
        self.comprehension(node, [node.elt])

    visit_SetComp = visit_ListComp
    visit_GeneratorExp = visit_ListComp

    def visit_DictComp(self, node):
        # 3.15 has `{**x for x in y}`.
        values = [v for v in (node.key, node.value) if v is not None]
        self.comprehension(node, values)
        name = literal(node.key)
        name = text(name) if name is not None else self.label(node.key)
        if name and len(values) == 2:
            self.emit('dict-value', name, node.value)

    def visit_Assert(self, node):
        self.visit(node.test)
        if node.msg is not None and truth(node.test) is not True:
            self.visit(node.msg)
            self.emit('argument', 'AssertionError', node.msg, not PY2)

    def visit_Print(self, node):
        for value in node.values:
            self.visit(value)
            self.emit('argument', 'print', value)

    def visit_Match(self, node):
        self.visit(node.subject)
        for case in node.cases:
            self.pattern(case.pattern, self.label(node.subject), True)
            if case.guard is not None:
                self.visit(case.guard)
            self.block(case.body)

    def pattern(self, node, name, required):
        kind = type(node).__name__
        if kind == 'MatchValue':
            self.emit('comparison', name, node.value, required)
        elif kind == 'MatchOr':
            for part in node.patterns:
                self.pattern(part, name, required)
        elif kind == 'MatchAs' and node.pattern is not None:
            self.pattern(node.pattern, name, required)
        elif kind == 'MatchSequence':
            for part in node.patterns:
                self.pattern(part, name, False)
        elif kind == 'MatchMapping':
            for key, part in zip(node.keys, node.patterns):
                value = literal(key)
                self.pattern(part, text(value) if value is not None else name, value is not None)
        elif kind == 'MatchClass':
            for attribute, part in zip(node.kwd_attrs, node.kwd_patterns):
                self.pattern(part, attribute, False)
            for part in node.patterns:
                self.pattern(part, name, False)
