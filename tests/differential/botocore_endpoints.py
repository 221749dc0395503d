"""Chooses addresses with botocore's copy of AWS's endpoint rules: reads one JSON object of parameters per line, writes one answer."""

import json
import platform
import sys

import botocore
from botocore.endpoint_provider import EndpointProvider
from botocore.loaders import create_loader


def main():
    loader = create_loader()
    rules = loader.load_service_model("s3", "endpoint-rule-set-1")
    provider = EndpointProvider(rules, loader.load_data("partitions"))
    out = open(sys.stdout.fileno(), "w", encoding="utf-8", newline="\n", closefd=False)
    version = f"botocore {botocore.__version__} (Python {platform.python_version()})"
    print(json.dumps(version), file=out, flush=True)
    for line in sys.stdin.buffer:
        try:
            endpoint = provider.resolve_endpoint(**json.loads(line))
            schemes = [
                [scheme["name"], scheme["signingName"], scheme.get("signingRegion", "*")]
                for scheme in endpoint.properties["authSchemes"]
            ]
            answer = {"url": endpoint.url, "schemes": schemes}
        except Exception as error:  # refused by the rules
            answer = {"error": str(error) or repr(error)}
        print(json.dumps(answer), file=out, flush=True)


main()
