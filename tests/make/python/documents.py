"""Writes the same notes as documents of many kinds: documents.py FOLDER.

Needs pandoc (with pandoc-data), openpyxl, and Python's own email. The places of passwords are marked; tests put
passwords there.
"""
import email.message
import email.policy
import os
import subprocess
import sys

import openpyxl

FOLDER = sys.argv[1]
NOTES = """# Notes

The database is db1, its password: **MarkerForPassword0**

| service | user  | password           |
|---------|-------|--------------------|
| jenkins | admin | MarkerForPassword1 |
| grafana | root  | MarkerForPassword2 |

| setting       | value              |
|---------------|--------------------|
| host          | db1                |
| smtp_password | MarkerForPassword3 |

Ask Kátya for the rest of it.
"""


def path(name):
    return os.path.join(FOLDER, name)


def converted():
    for form in ('docx', 'odt', 'rtf', 'html', 'pptx', 'markdown_strict+pipe_tables'):
        name = 'notes.' + ('md' if form.startswith('markdown') else form)
        environment = dict(os.environ, SOURCE_DATE_EPOCH='1700000000')
        subprocess.run(['pandoc', '--from', 'markdown', '--to', form, '--standalone', '--metadata', 'title=Notes',
                        '--output', path(name)], input=NOTES.encode(), env=environment, check=True)


def workbook():
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (('service', 'user', 'password', 'since'),
                ('jenkins', 'admin', 'MarkerForPassword1', 2019),
                ('grafana', 'root', 'MarkerForPassword2', 2020)):
        sheet.append(row)
    other = book.create_sheet()
    other.append(('setting', 'value'))
    other.append(('host', 'db1'))
    other.append(('smtp_password', 'MarkerForPassword3'))
    book.save(path('notes.xlsx'))


def mail():
    message = email.message.EmailMessage(email.policy.SMTP)
    message['From'] = 'ops@example.com'
    message['Subject'] = 'Notes'
    message.set_content('The database is db1 and Kátya has the rest of it, as is written in a very long line here: '
                        'password=MarkerForPassword0 and api_token=MarkerForPassword1\n', cte='quoted-printable')
    message.add_attachment('x = 1\n', filename='a.txt')
    with open(path('mail-quoted-printable.eml'), 'wb') as out:
        out.write(bytes(message))


if __name__ == '__main__':
    os.makedirs(FOLDER, exist_ok=True)
    converted()
    workbook()
    mail()
