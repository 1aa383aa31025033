"""Compiles a library to OUT-FOLDER, then times `marshal.loads` and `dis` over all of it.

usage: timing.py LIBRARY OUT-FOLDER. Prints the number of modules and the seconds, as JSON.
"""
import dis
import importlib.util
import io
import json
import marshal
import os
import sys
import time
import types
import warnings

warnings.simplefilter('ignore')


def walk(code):
    for _ in dis.get_instructions(code):
        pass
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            walk(constant)


def main(library, folder):
    data = []
    for root, folders, files in os.walk(library):
        folders[:] = sorted(f for f in folders if f not in ('site-packages', '__pycache__', 'dist-packages'))
        for name in sorted(files):
            if not name.endswith('.py'):
                continue
            with io.open(os.path.join(root, name), 'rb') as f:
                source = f.read()
            try:
                data.append(marshal.dumps(compile(source, name, 'exec', 0, True)))
            except (SyntaxError, ValueError):
                continue
            with io.open(os.path.join(folder, '%d.pyc' % len(data)), 'wb') as f:
                f.write(importlib.util.MAGIC_NUMBER + b'\0' * 12 + data[-1])
    started = time.perf_counter()
    for item in data:
        walk(marshal.loads(item))
    print(json.dumps([len(data), time.perf_counter() - started]))


main(sys.argv[1], sys.argv[2])
