"""Compiles a library's modules, and writes what this interpreter says of each: one JSON line a module.

usage: told.py LIBRARY (a folder or a zip) OUT-FOLDER STEP (every how many modules) ROWS (every how many of
those also as `dis` prints them). Writes N.pyc and told.jsonl. Runs on Python 2.7 and 3.6 to 3.15.
"""
import binascii
import dis
import io
import json
import marshal
import opcode
import os
import struct
import sys
import types
import warnings
import zipfile

warnings.simplefilter('ignore')
sys.setrecursionlimit(5000)
if hasattr(sys, 'set_int_max_str_digits'):
    sys.set_int_max_str_digits(0)
unicode_ = type(u'')


def crc(value):
    return binascii.crc32(value.encode('utf-8') if isinstance(value, unicode_) else value) & 0xffffffff


def hexed(value):
    return binascii.hexlify(value).decode('ascii')


def wide(value):
    return hexed(value.encode('utf-16-le') if PY2 else value.encode('utf-16-le', 'surrogatepass'))


def encode(c):
    if c is None:
        return 'N'
    if c is True or c is False:
        return 'T' if c else 'F'
    if c is Ellipsis:
        return 'E'
    if isinstance(c, types.CodeType):
        return 'c' + wide(words(c.co_name))
    if isinstance(c, (int, long_)):
        return 'i%x' % c if abs(c) < 2 ** 60000 else '?'
    if isinstance(c, float):
        return 'f' + hexed(struct.pack('>d', c))
    if isinstance(c, complex):
        return 'x' + hexed(struct.pack('>dd', c.real, c.imag))
    if isinstance(c, bytes):
        return 'b' + hexed(c)
    if isinstance(c, unicode_):
        return 's' + wide(c)
    if isinstance(c, (frozenset, set)):
        return '{' + ','.join(sorted(encode(x) for x in c)) + '}'
    if isinstance(c, (tuple, list)):
        return '(' + ','.join(encode(x) for x in c) + ')'
    if isinstance(c, slice):
        return ':' + ','.join(encode(x) for x in (c.start, c.stop, c.step))
    return '?' + type(c).__name__


def words(name):
    return name.decode('latin-1') if isinstance(name, bytes) else name


def named(items):
    return crc(','.join(wide(words(x)) for x in items))


def lines(c):
    out, last = [], -1
    if hasattr(c, 'co_lines') and not PYPY:
        source = [(s, n or 0) for s, e, n in c.co_lines() if e > s]
    else:
        source = list(dis.findlinestarts(c))
    for start, line in source:
        # A table may run past the code, in 3.6 with lines.
        if line != last and (start < len(c.co_code) or not c.co_code):
            out.append('%d:%d' % (start, line))
            last = line
    return crc(';'.join(out))


def unpack(c):
    code = bytearray(c.co_code)
    if not PY2:
        for item in dis._unpack_opargs(bytes(code)):
            offset, op, arg = item[0], item[-2], item[-1]
            if opcode.opname[op] != 'CACHE':
                yield offset, op, arg
        return
    i, high = 0, 0
    while i < len(code):
        op, offset, arg = code[i], i, None
        i += 1
        if op >= opcode.HAVE_ARGUMENT:
            arg = code[i] | code[i + 1] << 8 | high << 16
            i += 2
        high = arg if op == opcode.EXTENDED_ARG else 0
        yield offset, op, arg


def instructions(c):
    return crc(';'.join('%d,%d,%s' % (o, p, '' if a is None else a) for o, p, a in unpack(c)))


def rows(c):
    out = []
    handlers = set()
    if (3, 11) <= sys.version_info < (3, 13):
        # `dis.dis` marks them, `get_instructions` does not.
        handlers = set(e.target for e in dis._parse_exception_table(c) if e.start < e.end)
    labels = {}
    if sys.version_info >= (3, 13):
        # As `dis.dis` numbers them: `get_instructions` leaves the handlers out.
        labels = dis._make_labels_map(c.co_code, exception_entries=dis._parse_exception_table(c))
    for i in dis.get_instructions(c):
        if i.opname == 'CACHE':
            continue
        if sys.version_info >= (3, 13):
            line = i.line_number or 0 if i.starts_line else 0
            starts = bool(i.starts_line)
        else:
            line, starts = i.starts_line or 0, i.starts_line is not None
        shown = i.argrepr.encode('utf-8', 'backslashreplace').decode('utf-8')
        if labels and shown[:4] in ('to L', 'from') and i.jump_target in labels:
            shown = '%s L%d' % (shown.split()[0], labels[i.jump_target])
        out.append([i.offset, i.opname, i.arg, shown, line, starts, bool(i.is_jump_target) or i.offset in handlers or i.offset in labels])
    return out


def told(c, out, with_rows):
    out.append([
        words(c.co_name), getattr(c, 'co_qualname', None), c.co_firstlineno, c.co_flags,
        [c.co_argcount, getattr(c, 'co_posonlyargcount', 0), getattr(c, 'co_kwonlyargcount', 0), c.co_stacksize],
        named(c.co_names), named(c.co_varnames), named(c.co_freevars), named(c.co_cellvars),
        crc(','.join(encode(x) for x in c.co_consts)), instructions(c), lines(c),
        rows(c) if with_rows and not PY2 else None])
    for x in c.co_consts:
        if isinstance(x, types.CodeType):
            told(x, out, with_rows)


def sources(library):
    if library.endswith('.zip'):
        with zipfile.ZipFile(library) as archive:
            for name in sorted(archive.namelist()):
                if name.endswith('.py'):
                    yield name, archive.read(name)
        return
    for root, folders, files in os.walk(library):
        folders[:] = sorted(f for f in folders if f not in ('site-packages', '__pycache__', 'dist-packages'))
        for name in sorted(files):
            if name.endswith('.py'):
                with io.open(os.path.join(root, name), 'rb') as f:
                    yield os.path.relpath(os.path.join(root, name), library), f.read()


def magic():
    try:
        import importlib.util
        return importlib.util.MAGIC_NUMBER
    except ImportError:
        import imp
        return imp.get_magic()


PY2 = sys.version_info < (3, 0)
PYPY = hasattr(sys, 'pypy_version_info')
long_ = long if PY2 else int
HEAD = magic() + b'\0' * (12 if sys.version_info >= (3, 7) else 8 if sys.version_info >= (3, 3) else 4)


def main(library, folder, step, row_step):
    count = done = 0
    with io.open(os.path.join(folder, 'told.jsonl'), 'w', encoding='utf-8') as out:
        for name, source in sources(library):
            count += 1
            if count % step:
                continue
            try:
                # What a tree does not have, the compiler may still refuse.
                tree = compile(source, name, 'exec', ast.PyCF_ONLY_AST, True)
                code = compile(source, name, 'exec', 0, True)
            except (SyntaxError, ValueError, RecursionError_, OverflowError, MemoryError):
                continue
            done += 1
            codes = []
            told(code, codes, done % row_step == 0)
            oracle = Oracle(tree)
            with io.open(os.path.join(folder, '%d.pyc' % done), 'wb') as f:
                f.write(HEAD + marshal.dumps(code))
            line = json.dumps([name, codes, oracle.facts, oracle.qualnames])
            out.write(words(line) + u'\n')
    print(done)


RecursionError_ = RuntimeError if PY2 else RecursionError
main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
