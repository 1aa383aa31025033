"""Functions with type parameters (PEP 695): their defaults are handed to the scope of these."""


def opened[Token](user: Token, password: str = "~generic positional~~~~~~", *, token: str = "~generic keyword~~~~~~~~") -> Token:
    return user


def closed[Token](user: Token, *, secret: str = "~keyword alone~~~~~~~~~~~") -> Token:
    return user


class Client[Answer]:
    async def fetch[Kind](self, kind: Kind, api_key: str = "~generic method~~~~~~~~~") -> Answer:
        return kind


class Settings:
    login: Annotated[str, field(password="~annotated class~~~~~~~~")]


def called(login: Annotated[str, field(password="~annotated call~~~~~~~~~")]) -> "AnnotationOnly1":
    return login
