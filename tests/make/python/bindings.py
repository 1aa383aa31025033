"""Module docstring"""
import os

PLAIN = "module-variable"
ANNOTATED: str = "annotated-variable"
FIRST = SECOND = "chained"
LEFT, RIGHT = "unpacked-left", "unpacked-right"
os.environ["KEY"] = "subscripted"
NESTED = {"outer": {"inner": "nested-value"}, "list": [1, "listed", None], "plain": "dict-value"}


def positional(user, token="positional-default", count=3):
    """Function docstring"""
    return user


def keyword_only(*, password="keyword-default", other=None):
    global SHARED
    SHARED = "global-variable"
    local = "local-variable"
    connect(host=local, password="call-keyword")
    send("first-positional", "second-positional")
    if local == "compared":
        return "returned-value"
    return f"https://{local}:formatted-text@host"


async def coroutine(secret="async-default"):
    return dict(one="dict-call", two=secret)


@decorate
def decorated(key="decorated-default"):
    value = os.environ.get("VARIABLE") or "fallback-value"
    wrapped = Wrapper("wrapped-value")

    def inner(closure="closure-default"):
        return value, wrapped, closure

    return inner


class Config:
    attribute = "class-variable"

    def __init__(self, option="method-default"):
        self.member = "member-attribute"
        self.raw = b"bytes-attribute"


make = lambda argument="lambda-default": argument
