"""Where calls take secrets; what begins with a tilde is replaced by a test, which looks for it."""


def connect(parser, config, Client, account, ssh, ftplib, AES, serializers, jwt, payload, s, host, user, run):
    parser.add_argument("-t", "--token", default="~option token~~~~~~~~~~~~~~~~~~~", help="x")
    config.get("db", "password", fallback="~fallback password~~~~~~~~~~~~~~")
    Client(account, "~client~~~~~~~~~~~~~~~~~~~~~~~~~")
    Client(account, "not-a-token-2024")
    ssh.connect("host.internal.v2", 22, "root-v2-user", "~ssh~~~~~~~~~~~~")
    ftplib.FTP("ftp.internal.v2", "user-v2-name", "~ftp~~~~~~~~~~~~")
    AES.new("~cipher~~~~~~~~~~~~~~~~~~~~~~~~~", 2)
    serializers.URLSafeTimedSerializer("~serializer~~~~~~~~~~~~~~~~~~~~~")
    s.auth = ("bob", "~pair~~~~~~~~~~~")
    run(["mysql", "-u", "root", "-p~mysql list~~~~~"])
    run(["docker", "login", "-u", "bob", "-p", "~login list~~~~~"])
    run(["expdp", "system/~data pump~~~~~@db"])
    run(["serve", "--password", "~option list~~~~"])
    first = "postgres://app:~format url~~~~~@%s/x" % host
    second = "postgres://%s:~second url~~~~~@%s/x" % (user, host)
    third = "postgres://app:~sum url~~~~~~~~@" + host + "/x"
    if jwt.request.headers.get("X-Api-Key") == "~asked header~~~~~~~~~~~~~~~~~~~~":
        return None
    if s.compare_digest(s.password.encode(), b"~compared~~~~~~"):
        return None
    s.StrictRedis("cache", 6379, 0, "~redis~~~~~~~~~~")
    headers = {"X-Thing": "Bearer ~header~~~~~~~~~~~~~~~~~~~~~~~~~"}
    return first, second, third, headers, jwt.encode(payload, "~signing key~~~~~~~~~~~~~~~~~~~~")


def listed(s, dict, attempt):
    s.headers.update([("X-Api-Key", "~paired header~~~~~~~~~~~~~~~~~~~")])
    settings = dict([("host", "localhost"), ("password", "~paired password~~~~")])
    for user, password in (("bob", "~looped pair~~~~~~~~"), ("al", "~second pair~~~~~~~~")):
        attempt(user, password)
    for token in ["~looped~~~~~~~~~~~~~~~~~~~~~~~~~~", "~second loop~~~~~~~~~~~~~~~~~~~~~"]:
        attempt(token, settings)
    s.add_header("Authorization", "token ~added header~~~~~~~~~~~~~~~~~~~~")
    s.assertEqual(s.token, "~asserted~~~~~~~~~~~~~~~~~~~~~~~~~")
    return s.get("api_key") or "~instead~~~~~~~~~~~~~~~~~~~~~~~~~~"


def joined(s):
    s.password = "~first half~~~" + "9~second half~~"
    s.api_key = "".join(["~third quarter~~~~", "~fourth quarter~~~"])
