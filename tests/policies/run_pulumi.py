"""Starts the policy pack as the engine would and asks it over its protocol; runs in the environment of pulumi-policy."""

import json
import subprocess
import sys


def main() -> None:
    """``run_pulumi.py PACK [PYTHON]`` with ``[[resource, [others]], ...]`` on stdin; writes ``[[[policy, message], ...], ...]``."""
    import grpc
    from google.protobuf import struct_pb2
    from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

    pairs = json.load(sys.stdin)
    server = subprocess.Popen(
        [sys.argv[2] if len(sys.argv) > 2 else sys.executable, "-u", sys.argv[1], "127.0.0.1:1", "."],
        stdout=subprocess.PIPE,
        text=True,
    )
    port = server.stdout.readline().strip()
    stub = analyzer_pb2_grpc.AnalyzerStub(grpc.insecure_channel(f"127.0.0.1:{port}"))

    def resource(number: int, held: dict, message: type) -> object:
        properties = struct_pb2.Struct()
        properties.update(held["properties"])
        token = held["type"]
        return message(urn=f"urn:pulumi:s::p::{token}::r{number}", type=token, name=f"r{number}", properties=properties)

    results = []
    for held, others in pairs:
        alone = stub.Analyze(resource(0, held, analyzer_pb2.AnalyzeRequest)).diagnostics
        stack = [resource(n, each, analyzer_pb2.AnalyzerResource) for n, each in enumerate([held, *others])]
        together = stub.AnalyzeStack(analyzer_pb2.AnalyzeStackRequest(resources=stack)).diagnostics
        mine = [one for one in together if one.urn.endswith("::r0")]
        results.append([[one.policyName, one.message] for one in [*alone, *mine]])
    server.terminate()
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
