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


def many(user, key):
    call(a01="many-first", a02=2, a03=3, a04=4, a05=5, a06=6, a07=7, a08=8, a09=9, a10=10, a11=11,
         a12=12, a13=13, a14=14, a15=15, a16=16, a17="many-last")
    merged(one="before-merge", **user)
    partial(connect, secret="partial-keyword")
    big = {"k01": user, "k02": 2, "k03": 3, "k04": 4, "k05": 5, "k06": 6, "k07": 7, "k08": 8, "k09": 9,
           "k10": 10, "k11": 11, "k12": 12, "k13": 13, "k14": 14, "k15": 15, "k16": 16, "k17": "big-dict"}
    nothing = {"one-entry": "small-dict"}
    chosen = "condition-one" if user else "condition-two"
    total = "left-" + user + "-right"
    percent = "percent-%d" % key
    shaped = "shaped-{}".format(user)
    first, (second, third) = user, ("nested-unpacked", "nested-other")
    listed = ["listed-one", "listed-two", "listed-three", "listed-four"]
    user.member.deep = "deep-attribute"
    user.store["subkey"] = "deep-subscript"
    config.setdefault("DEFAULT_KEY", "default-value")
    if user.password in ("member-one", "member-two"):
        yield "yielded-value"
    try:
        final = "tried-value"
    finally:
        cleanup("finally-argument")
    assert user, "assertion-text"
    url = f"https://{user}:url-password@host/path"
    summed = "https://" + user + ":sum-password@host"


class Child(Base, option="class-keyword"):
    """Class docstring"""
    __private = "mangled-variable"

    async def method(self, *rest, inner: str = "annotated-default", **more) -> "Result":
        annotated: str = "annotated-local"
        return await self.login(code="awaited-keyword")


sort = lambda item, *, order="lambda-keyword": item
