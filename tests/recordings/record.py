"""Presigns the requests of ../data/presigned_urls.jsonl with an SDK and writes its URLs there. See README.md."""

import argparse
import calendar
import hashlib
import hmac
import json
import pathlib
import re
import subprocess
import sys
import time
from urllib.parse import quote, unquote

HERE = pathlib.Path(__file__).parent
DATA = HERE.parent / "data" / "presigned_urls.jsonl"

# As in ../support/sdk_case.rs.
DEFAULTS = {
    "method": "GET",
    "bucket": "examplebucket",
    "key": "test.txt",
    "region": "us-west-2",
    "at": "20130524T000000Z",
    "expires": 3600,
    "credentials": ["AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", None],
}


def lines(path):
    # Not splitlines, which also splits at separators that keys may contain.
    return [json.loads(line) for line in path.read_text("utf-8").split("\n") if line]


def request(case, call, setup):
    """The line that a program reads: a case with all defaults filled in."""
    case = {**DEFAULTS, **case}
    settings = case.get("settings", "").split()
    named = {"Bucket": case["bucket"], "Key": case["key"]}
    asked = {
        "setup": setup,
        "region": case["region"],
        "credentials": case["credentials"],
        "session": case.get("session"),
        "time": calendar.timegm(time.strptime(case["at"], "%Y%m%dT%H%M%SZ")),
        "expires": case["expires"],
        "endpoint": case.get("endpoint"),
        "style": case.get("style"),
        "use_arn_region": False if "no-arn-region" in settings else None,
        "operation": call.get("operation", "GetObject"),
        "parameters": {name: value for name, value in named.items() if value is not None} | call.get("parameters", {}),
        "signer": None,
    }
    for name in ("dualstack", "fips", "accelerate", "global"):
        asked[name] = name in settings
    if "signer" in call:
        given = {name: case.get(name, []) for name in ("query", "headers")}
        asked["signer"] = {"method": case["method"], "url": call["signer"], **given}
        asked["endpoint"] = None
    return asked


def parts(url):
    """Splits a URL for comparison, like ../support/parts.rs."""
    scheme, rest = url.split("://", 1)
    rest, query = rest.split("?", 1)
    host, slash, path = rest.partition("/")
    host = host.lower().removesuffix(":443" if scheme == "https" else ":80")
    pairs = sorted(tuple(map(unquote, pair.partition("=")[::2])) for pair in query.split("&"))
    if ("X-Amz-Algorithm", "AWS4-ECDSA-P256-SHA256") in pairs:
        pairs = [pair for pair in pairs if pair[0] != "X-Amz-Signature"]
    return scheme, host, slash + path, pairs


def auth(case):
    """The parameters that `{auth}` abbreviates."""
    case = {**DEFAULTS, **case}
    scope = f"{case['at'][:8]}%2F{case['region']}%2Fs3%2Faws4_request"
    return [
        "X-Amz-Algorithm=AWS4-HMAC-SHA256",
        f"X-Amz-Credential={case['credentials'][0]}%2F{scope}",
        f"X-Amz-Date={case['at']}",
        f"X-Amz-Expires={json.dumps(case['expires'])}",
    ]


def expand(url, case):
    return url.replace("{auth}", "&".join(auth(case)))


def shorten(url, case):
    address, query = url.split("?", 1)
    pairs, short = query.split("&"), auth(case)
    if not all(pair in pairs for pair in short):
        return url
    return "&".join([address + "?{auth}", *(pair for pair in pairs if pair not in short)])


def row(case, answer):
    """The row of an answer, without the names of its SDKs."""
    new = {"url": shorten(answer["url"], case)}
    headers = {name.lower(): value for name, value in (answer.get("headers") or {}).items()}
    query = dict(parts(answer["url"])[3])
    sends = {}
    fold = lambda text: " ".join(text.split())
    for name in query["X-Amz-SignedHeaders"].split(";"):
        given = [value for header, value in case.get("headers", []) if header.lower() == name]
        value = headers.get(name)
        if name == "host" or value is None or fold(value) == fold(",".join(given)):
            continue
        if given or value != query.get(name):
            sends[name] = value
    if sends:
        new["sends"] = sends
    method = case.get("method", DEFAULTS["method"])
    if answer.get("method") not in (None, method):
        new["method"] = answer["method"]
    return new


def same(a, b, case):
    if any(a.get(name) != b.get(name) for name in ("sends", "method")):
        return False
    return parts(expand(a["url"], case)) == parts(expand(b["url"], case))


def verifies(answer, case):
    """Whether the signature matches the URL and the headers that the SDK returned."""
    scheme, rest = answer["url"].split("://", 1)
    rest, query = rest.split("?", 1)
    host, slash, path = rest.partition("/")
    encode = lambda text: quote(unquote(text), safe="~")
    pairs = sorted(tuple(map(encode, pair.partition("=")[::2])) for pair in query.split("&"))
    values = {name: unquote(value) for name, value in pairs}
    headers = {name.lower(): " ".join(value.split()) for name, value in (answer.get("headers") or {}).items()}
    headers["host"] = host.lower().removesuffix(":443" if scheme == "https" else ":80")  # what clients send
    signed = values["X-Amz-SignedHeaders"]
    if any(name not in headers for name in signed.split(";")):
        return False
    canonical = [answer.get("method") or case.get("method", "GET"), slash + path]
    canonical += ["&".join(f"{name}={value}" for name, value in pairs if name != "X-Amz-Signature")]
    canonical += [f"{name}:{headers[name]}" for name in signed.split(";")] + ["", signed, "UNSIGNED-PAYLOAD"]
    scope = values["X-Amz-Credential"].split("/")[-4:]
    hashed = hashlib.sha256("\n".join(canonical).encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", values["X-Amz-Date"], "/".join(scope), hashed])
    credentials = [case.get(name, DEFAULTS.get(name)) for name in ("session", "credentials")]
    secret = next(secret for id, secret, _ in filter(None, credentials) if values["X-Amz-Credential"].startswith(id + "/"))
    key = ("AWS4" + secret).encode()
    for text in [*scope, to_sign]:
        key = hmac.digest(key, text.encode(), "sha256")
    return key.hex() == values["X-Amz-Signature"]


def put(case, setup, answer):
    """Replaces the previous answer of a set-up. A row that stays the same keeps its reason."""
    names = lambda text: text.split(" ") if text else []
    without = lambda text: " ".join(name for name in names(text) if name != setup)
    where = "urls"
    new = None
    if "url" in answer:
        if "X-Amz-Signature=" not in answer["url"]:
            where = "sigv2"
        elif "AWS4-ECDSA" in answer["url"]:
            where, new = "sigv4a", row(case, answer)
        elif setup in names(case.get("unverifiable")) and not verifies(answer, case):
            where = "unverifiable"
        else:
            new = row(case, answer)
    elif "error" in answer:
        where, new = "rejected", {}
    else:
        where = None

    for name in ("urls", "sigv4a", "rejected"):
        for old in case.get(name, []):
            if setup in names(old["sdks"]):
                if name == where and (name == "rejected" or same(old, new, case)):
                    return
                old["sdks"] = without(old["sdks"])
        if name in case:
            case[name] = [old for old in case[name] if old["sdks"]]
            if not case[name] and name != "urls":
                del case[name]
    for name in ("sigv2", "unverifiable"):
        if name == where and setup in names(case.get(name)):
            return
        if name in case:
            case[name] = without(case[name])
            if not case[name]:
                del case[name]

    if where in ("sigv2", "unverifiable"):
        case[where] = f"{case.get(where, '')} {setup}".strip()
    elif where:
        rows = case.setdefault(where, [])
        for old in rows:
            if where == "rejected" or same(old, new, case):
                old["sdks"] += f" {setup}"
                return
        rows.append({"sdks": setup, **new})


def recorded(case, setup):
    rows = [row for name in ("urls", "sigv4a", "rejected") for row in case.get(name, [])]
    texts = [row["sdks"] for row in rows] + [case.get(name, "") for name in ("sigv2", "unverifiable")]
    return any(setup in text.split(" ") for text in texts)


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("setup", help="the name of the set-up, as in the data")
    options.add_argument("program", nargs="+", help="the program that presigns, and its arguments")
    options.add_argument("--only-recorded", action="store_true", help="skip requests for which the data does not name the set-up")
    options = options.parse_args()

    cases = lines(DATA)
    calls = {call["id"]: call for call in lines(HERE / "calls.jsonl")}
    chosen = [case for case in cases if not options.only_recorded or recorded(case, options.setup)]
    asked = [request(case, calls.get(case["id"], {}), options.setup) for case in chosen]
    text = "".join(json.dumps(one) + "\n" for one in asked)
    run = subprocess.run(options.program, input=text.encode(), stdout=subprocess.PIPE, check=True)
    version, *answers = [json.loads(line) for line in run.stdout.decode().split("\n") if line]
    if len(answers) != len(chosen):
        sys.exit(f"{options.setup}: {len(answers)} answers for {len(chosen)} requests")
    before = json.dumps(cases)
    for case, answer in zip(chosen, answers):
        put(case, options.setup, answer)
    text = "".join(json.dumps(case, separators=(",", ":")) + "\n" for case in cases)
    DATA.write_text(text, "utf-8")
    count = lambda name: sum(name in answer for answer in answers)
    changed = "as before" if json.dumps(cases) == before else "changed"
    print(f"{options.setup} ({version}): {count('url')} URLs, {count('error')} errors, {count('cannot')} not expressible; {changed}")


main()
