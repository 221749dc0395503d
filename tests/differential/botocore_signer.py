"""Presigns with botocore: reads one JSON request per line and writes one JSON answer per line, until the input ends."""

import datetime
import json
import platform
import sys

import botocore
import botocore.auth
from botocore.auth import S3ExpressQueryAuth, S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from botocore.utils import percent_encode

EPOCH = datetime.datetime(1970, 1, 1)


class Recording:
    """Captures what botocore hashes and signs, at that moment."""

    def string_to_sign(self, request, canonical_request):
        self.canonical = canonical_request
        self.to_sign = super().string_to_sign(request, canonical_request)
        return self.to_sign


class Object(Recording, S3SigV4QueryAuth):
    pass


class Directory(Recording, S3ExpressQueryAuth):
    pass


def sign(case):
    now = EPOCH + datetime.timedelta(seconds=case["time"])
    botocore.auth.get_current_datetime = lambda *_: now

    path = case["path"]
    if case["key"] is not None:
        # As botocore.serialize does for the label {Key+}.
        path += "/" + percent_encode(case["key"], safe="/~")
    request = AWSRequest(method=case["method"], url=case["origin"] + (path or "/"))
    # A dictionary of lists: in the URL, botocore would keep only one of two parameters with the same name.
    for name, value in case["query"]:
        request.params.setdefault(name, []).append(value)
    for name, value in case["headers"]:
        request.headers[name] = value  # appends, even if the name exists

    credentials = ReadOnlyCredentials(case["access_key_id"], case["secret_access_key"], case["session_token"])
    scope = (credentials, case["service"], case["region"])
    if case["service"] == "s3express":
        auth = Directory(*scope, identity_cache=None, expires=case["expires"])
    else:
        auth = Object(*scope, expires=case["expires"])
    auth.add_auth(request)
    return {"url": request.url, "canonical_request": auth.canonical, "string_to_sign": auth.to_sign}


def main():
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n", closefd=False)
    version = f"botocore {botocore.__version__} (Python {platform.python_version()})"
    print(json.dumps(version), file=out, flush=True)
    for line in sys.stdin.buffer:
        try:
            answer = sign(json.loads(line))
        except Exception as error:  # the caller reports the case
            answer = {"error": repr(error)}
        print(json.dumps(answer), file=out, flush=True)


main()
