"""Writes databases, pickles and property lists with Python's own modules: structured.py FOLDER.

Where a token belongs stands a marker of the same length, which ends in a digit; tests put tokens there.
"""
import collections
import os
import pickle
import plistlib
import shutil
import sqlite3
import sys
import zlib

FOLDER = sys.argv[1]


def marker(digit):
    return 'placeholderforatokenoffortyhexadecimal_%d' % digit


def path(name):
    return os.path.join(FOLDER, name)


def database(name, *pragmas):
    if os.path.exists(path(name)):
        os.remove(path(name))
    connection = sqlite3.connect(path(name), isolation_level=None)
    for pragma in pragmas:
        connection.execute('PRAGMA ' + pragma)
    return connection


def application():
    """Trees of several levels, an index, overflow, keys and values, no row IDs, and deleted rows."""
    db = database('application.db', 'page_size = 512', 'secure_delete = OFF', 'auto_vacuum = NONE')
    db.execute('CREATE TABLE "users" (id INTEGER PRIMARY KEY, login TEXT UNIQUE, '
               'initial AS (substr(login, 1, 1)), [api_token] varchar(64), '
               'note TEXT, CONSTRAINT a CHECK (length(login) > 1))')
    db.execute('CREATE INDEX users_by_token ON users (api_token)')
    for i in range(200):
        token = marker(0) if i == 120 else None
        db.execute('INSERT INTO users (id, login, api_token, note) VALUES (?, ?, ?, ?)',
                   (i, 'user%d' % i, token, 'n' * 20))
    db.execute('CREATE TABLE settings (key TEXT PRIMARY KEY, value)')
    db.execute('INSERT INTO settings VALUES (?, ?)', ('smtp.password', marker(1)))
    db.execute('INSERT INTO settings VALUES (?, ?)', ('theme', 'dark'))
    db.execute('CREATE TABLE vault (data TEXT, secret_key TEXT, kind TEXT, name TEXT, '
               'PRIMARY KEY (name, kind)) WITHOUT ROWID')
    db.execute('INSERT INTO vault VALUES (?, ?, ?, ?)', ('plain', marker(2), 'k', 'main'))
    db.execute('CREATE TABLE credentials (account_id TEXT PRIMARY KEY, value BLOB)')
    document = '{"type": "%s", "refresh_token": "%s"}' % ('authorized_user ' * 90, marker(3))
    db.execute('INSERT INTO credentials VALUES (?, ?)', ('me', document.encode()))
    # What does not fit a page leaves the first part of its record at another length than the one above.
    db.execute('INSERT INTO credentials VALUES (?, ?)',
               ('you', ('{"padding": "%s", "client_secret": "%s"}' % ('p' * 600, marker(7))).encode()))
    # The blob's bytes are no text, and the token in it is bound there.
    db.execute('CREATE TABLE files (path TEXT, data BLOB)')
    blob = b'\x00\x01\xff' + b'access_token=' + marker(4).encode() + b'\x00\xfe'
    db.execute('INSERT INTO files VALUES (?, ?)', ('a', blob))
    db.execute('CREATE TABLE Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)')
    db.execute('INSERT INTO Dict VALUES (?, ?)', (b'session', pickle.dumps({'auth_token': marker(5)}, 4)))
    # The row before the last leaves its page as it was.
    db.execute('CREATE TABLE gone (a TEXT, b TEXT, access_token TEXT, d TEXT, e TEXT, f TEXT)')
    for i in range(30):
        token = marker(6) if i == 25 else 'x'
        db.execute('INSERT INTO gone VALUES (?, ?, ?, ?, ?, ?)', ('a' * 30, 'b', token, 'd', 'e', 'f'))
    db.execute('DELETE FROM gone')
    db.close()


def stores():
    """Tables as gcloud, Grafana, Airflow, Firefox and Django REST framework make them."""
    db = database('stores.db', 'page_size = 512')
    db.execute('CREATE TABLE "access_tokens" (account_id TEXT PRIMARY KEY, access_token TEXT, '
               'token_expiry TIMESTAMP, rapt_token TEXT, id_token TEXT)')
    db.execute('INSERT INTO access_tokens VALUES (?, ?, ?, NULL, NULL)', ('me', marker(0), '2024-01-01'))
    db.execute('CREATE TABLE `data_source` (`id` INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, `name` TEXT NOT NULL, '
               '`password` TEXT NULL, `user` TEXT NULL, `secure_json_data` TEXT NULL)')
    db.execute('INSERT INTO data_source VALUES (1, ?, ?, ?, ?)', ('pg', marker(1), 'grafana', '{}'))
    db.execute('CREATE TABLE `user` (`id` INTEGER PRIMARY KEY, `login` TEXT NOT NULL, `password` TEXT NULL)')
    db.execute('INSERT INTO user VALUES (1, ?, ?)', ('admin', marker(2) + '0123456789' * 6))
    db.execute('CREATE TABLE connection (id INTEGER NOT NULL, conn_id VARCHAR(250) NOT NULL, login TEXT, '
               'password TEXT, port INTEGER, extra TEXT, CONSTRAINT connection_pkey PRIMARY KEY (id), '
               'CONSTRAINT connection_conn_id_uq UNIQUE (conn_id))')
    db.execute('INSERT INTO connection VALUES (1, ?, ?, ?, 5432, ?)',
               ('warehouse', 'etl', marker(3), '{"api_key": "%s"}' % marker(4)))
    db.execute("CREATE TABLE moz_cookies (id INTEGER PRIMARY KEY, originAttributes TEXT NOT NULL DEFAULT '', "
               'name TEXT, value TEXT, host TEXT)')
    db.execute('INSERT INTO moz_cookies VALUES (1, ?, ?, ?, ?)', ('', 'session_token', marker(5), 'a.internal'))
    db.execute('CREATE TABLE "authtoken_token" ("key" varchar(40) NOT NULL PRIMARY KEY, "user_id" integer)')
    db.execute('INSERT INTO authtoken_token VALUES (?, 1)', (marker(6),))
    db.close()


def encodings():
    for encoding in ('UTF-16le', 'UTF-16be'):
        db = database(encoding.lower() + '.db', 'page_size = 512', "encoding = '%s'" % encoding)
        db.execute('CREATE TABLE connection (conn_id TEXT, login TEXT, password TEXT)')
        db.execute('INSERT INTO connection VALUES (?, ?, ?)', ('warehouse', 'etl', marker(0)))
        db.close()


def log():
    """A write-ahead log that nothing has been written back from."""
    db = database('live.db', 'page_size = 512', 'journal_mode = WAL', 'wal_autocheckpoint = 0')
    db.execute('CREATE TABLE session (id INTEGER PRIMARY KEY, refresh_token TEXT)')
    db.execute('INSERT INTO session VALUES (1, ?)', (marker(0),))
    db.execute('UPDATE session SET refresh_token = ?', (marker(1),))
    shutil.copy(path('live.db-wal'), path('log.db-wal'))
    db.close()
    os.remove(path('live.db'))


def beside():
    """A database and its log, which has rows of tables that the database alone declares."""
    db = database('beside.db', 'page_size = 512', "encoding = 'UTF-16le'", 'journal_mode = WAL')
    db.execute('CREATE TABLE users (id INTEGER PRIMARY KEY, login TEXT, note TEXT, api_token TEXT)')
    db.execute('CREATE TABLE settings (key TEXT, value TEXT, a TEXT, b TEXT)')
    db.execute('CREATE INDEX by_token ON users (api_token)')
    db.execute('INSERT INTO settings VALUES (?, ?, 1, 2)', ('theme', 'dark'))
    for i in range(100):
        db.execute('INSERT INTO users VALUES (?, ?, ?, NULL)', (i, 'user%d' % i, 'n' * 20))
    db.execute('PRAGMA wal_checkpoint(TRUNCATE)')
    # A leaf of a tree of several levels, of which no page above is in the log, and rows that another replaced.
    db.execute('UPDATE users SET api_token = ? WHERE id = 60', (marker(0),))
    db.execute('INSERT INTO settings VALUES (?, ?, 1, 2)', ('smtp.password', marker(1)))
    db.execute('UPDATE settings SET value = ? WHERE key = ?', (marker(2), 'smtp.password'))
    for end in ('.db', '.db-wal'):
        shutil.copy(path('beside' + end), path('kept' + end))
    db.close()
    for end in ('.db', '.db-wal'):
        os.replace(path('kept' + end), path('beside' + end))


class Client:
    def __init__(self):
        self.endpoint = 'api.internal'
        self.api_token = marker(1)


class Slots(object):
    __slots__ = ('client_secret',)

    def __init__(self):
        self.client_secret = marker(4)


def pickles():
    ordered = collections.OrderedDict([('port', 1), ('signing_key', marker(3))])
    shared = marker(5)
    for protocol in range(6):
        content = {
            'name': 'job', 'count': 3 ** 99, 'ratio': 0.5, 'flag': True, 'none': None,
            'access_token': marker(0), 'client': Client(), 'list': [1, (2, 3)], 'set': {'a'},
            b'session_token': marker(2).encode(), 'ordered': ordered,
            'first': shared, 'auth_token': shared,
        }
        if protocol > 1:
            content['slots'] = Slots()
        with open(path('protocol%d.pickle' % protocol), 'wb') as out:
            pickle.dump(content, out, protocol)
            pickle.dump(['second', {'refresh_token': marker(6)}], out, protocol)


def compressed():
    """As joblib.dump(…, compress=True) and shelve over dbm.dumb write."""
    with open(path('model.joblib'), 'wb') as out:
        out.write(zlib.compress(pickle.dumps({'model': [0.5] * 9, 'license_key': marker(0)}, 4), 0))
    with open(path('shelf.dat'), 'wb') as out:
        for name, value in (('a', {'x': 1}), ('b', {'api_token': marker(0)})):
            block = pickle.dumps(value, 4)
            out.write(block + bytes(-len(block) % 512))


def property_lists():
    content = {
        'Name': 'app', 'ApiToken': marker(0), 'Größe': 1, 'Secrets': [marker(1), 'x'],
        'inner': plistlib.dumps({'client_secret': marker(2)}, fmt=plistlib.FMT_BINARY),
        'padding': ['a%d' % i for i in range(300)],
        'länge': {'Zugriff': 'ä', 'access_token': marker(3) + 'ä'[:0]},
        'refresh_token': marker(4).encode(),
    }
    with open(path('settings.plist'), 'wb') as out:
        plistlib.dump(content, out, fmt=plistlib.FMT_BINARY)
    archive = {
        '$archiver': 'NSKeyedArchiver', '$version': 100000, '$top': {'root': plistlib.UID(1)},
        '$objects': ['$null',
                     {'NS.keys': [plistlib.UID(2)], 'NS.objects': [plistlib.UID(3)],
                      'authToken': plistlib.UID(4)},
                     'client_secret', marker(0), marker(1)],
    }
    with open(path('archive.plist'), 'wb') as out:
        plistlib.dump(archive, out, fmt=plistlib.FMT_BINARY)
    with open(path('text.plist'), 'wb') as out:
        plistlib.dump({'ApiToken': marker(0), 'b': {'client_secret': marker(1)}}, out)


if __name__ == '__main__':
    application()
    stores()
    encodings()
    log()
    beside()
    pickles()
    compressed()
    property_lists()
