"""Presigns with boto3: reads one JSON request per line and writes one JSON answer per line. See ../README.md."""

import datetime
import json
import sys

import boto3
import botocore
import botocore.auth
import botocore.crt.auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import ReadOnlyCredentials

EPOCH = datetime.datetime(1970, 1, 1)
SETUPS = {
    "boto3": {"signature_version": "s3v4", "s3": {"addressing_style": "virtual"}},
    "boto3-auto": {"signature_version": "s3v4"},
    "boto3-default": {},
}
session = boto3.session.Session()  # caches the service models
signed = {}


def remember_headers(cls):
    """Captures the headers that a signer signs, because generate_presigned_url returns only the URL."""
    original = cls.headers_to_sign

    def headers_to_sign(self, request):
        headers = original(self, request)
        signed.clear()
        signed.update({name: ",".join(headers.get_all(name)) for name in headers.keys()})
        return headers

    cls.headers_to_sign = headers_to_sign


def client(case):
    config = {name: dict(value) if isinstance(value, dict) else value for name, value in SETUPS[case["setup"]].items()}
    s3 = config.setdefault("s3", {})
    if case["style"]:
        s3["addressing_style"] = case["style"]
    if case["accelerate"]:
        s3["use_accelerate_endpoint"] = True
    if case["global"]:
        s3["us_east_1_regional_endpoint"] = "legacy"
    if case["use_arn_region"] is not None:
        s3["use_arn_region"] = case["use_arn_region"]
    id, secret, token = case["credentials"]
    return session.client(
        "s3",
        region_name=case["region"],
        endpoint_url=case["endpoint"],
        aws_access_key_id=id,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(use_dualstack_endpoint=case["dualstack"], use_fips_endpoint=case["fips"], **config),
    )


def presign(case):
    now = EPOCH + datetime.timedelta(seconds=case["time"])
    botocore.auth.get_current_datetime = lambda *_: now
    botocore.crt.auth.get_current_datetime = lambda **_: now.replace(tzinfo=datetime.timezone.utc)
    signed.clear()
    if case["signer"]:
        return presign_request(case)

    s3 = client(case)
    if case["session"]:
        id, secret, token = case["session"]
        credentials = {"AccessKeyId": id, "SecretAccessKey": secret, "SessionToken": token}
        credentials["Expiration"] = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=1)
        s3.create_session = lambda **_: {"Credentials": credentials}
    method = botocore.xform_name(case["operation"])
    expires = {} if case["expires"] is None else {"ExpiresIn": case["expires"]}
    return {"method": None, "url": s3.generate_presigned_url(method, case["parameters"], **expires)}


def presign_request(case):
    given = case["signer"]
    request = AWSRequest(method=given["method"], url=given["url"])
    for name, value in given["query"]:
        request.params.setdefault(name, []).append(value)
    for name, value in given["headers"]:
        request.headers[name] = value  # appends, even if the name exists
    credentials = ReadOnlyCredentials(*case["credentials"])
    auth = botocore.auth.S3SigV4QueryAuth(credentials, "s3", case["region"], expires=case["expires"])
    auth.add_auth(request)
    return {"method": request.method.upper(), "url": request.url}


def main():
    # awscrt is installed for Signature Version 4a. Most installations lack it, and botocore then uses this signer.
    botocore.auth.AUTH_TYPE_MAPS["s3v4-query"] = botocore.auth.S3SigV4QueryAuth
    remember_headers(botocore.auth.SigV4Auth)
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n", closefd=False)
    print(json.dumps(f"boto3 {boto3.__version__}, botocore {botocore.__version__}"), file=out, flush=True)
    for line in sys.stdin.buffer:
        try:
            answer = {**presign(json.loads(line)), "headers": signed}
        except Exception as error:
            answer = {"error": repr(error)}
        print(json.dumps(answer), file=out, flush=True)


main()
