"""Passwords in every place that bytecode binds; where words belong stands a marker of the same length."""


def connect(host="h", password="marker-for-words-one", port=5):
    return host, password, port


class Settings:
    user = "app"
    db_password = "marker-for-words-two"


DATABASES = {"default": {"USER": "app", "PASSWORD": "marker-for-words-six"}}
session = connect(host="h", password="marker-for-words-ten")


def login():
    passwd = "marker-for-words-xii"
    return passwd
