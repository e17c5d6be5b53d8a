"""Forty fleets as people write them: the same few declarations in every style that a file may have.

The declarations are one text with the styles laid over it, so what a fleet means is known without reading it.
"""

from collections.abc import Iterator
from itertools import product

_HEAD = """\
# The fleet of contoso.\tTabs\tstand in comments.
kaito: 0.12.0

defaults:
  namespace: models   # everywhere
clusters:
  # first the small one
  dev:
    region: westeurope
    provisioner: karpenter
    environment: dev
    # revision: v2 comes next week

  prod:
    region: swedencentral
    provisioner: karpenter
    environment: prod
"""
_PLAIN = """\
models:
  # the small one, for chat
  phi:
    preset: phi-4-mini-instruct   # reviewed
    gpu: Standard_NC24ads_A100_v4
    context: 16384
    # what is written here belongs to phi
  coder:
    preset: "qwen2.5-coder-7b-instruct"
    gpu: 'Standard_NC24ads_A100_v4'
    clusters: [dev]
    labels:
      "team": a
      cost-centre: "0815"
  # the end of the models
"""
_FLOW = """\
models: {phi: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4, context: 16384},
  # the larger one
  coder: {preset: "qwen2.5-coder-7b-instruct", gpu: 'Standard_NC24ads_A100_v4', clusters: [dev],
          labels: {"team": a, cost-centre: "0815"}} # last
  }
"""
_ROWS = """\
models:
  phi: {preset: phi-4-mini-instruct, gpu: Standard_NC24ads_A100_v4, context: 16384}   # the small one

  coder: {preset: "qwen2.5-coder-7b-instruct", gpu: 'Standard_NC24ads_A100_v4', clusters: [dev], labels: {"team": a, cost-centre: "0815"},}
"""
_ANCHORED = """\
models:
  phi:
    preset: phi-4-mini-instruct
    gpu: &size Standard_NC24ads_A100_v4
    context: &unused 16384
  coder:
    preset: "qwen2.5-coder-7b-instruct"
    gpu: *size
    clusters: [dev]
    labels: &about
      "team": a
      cost-centre: "0815"
"""
_TEXTS = """\
models:
  phi:
    annotations:
      contoso.com/note: |
        Text of several lines,
          with an indent   # and no comment

        and a blank line.
    preset: phi-4-mini-instruct
    gpu: Standard_NC24ads_A100_v4
    context: 16384
  coder:
    preset: >-
      qwen2.5-coder-7b-instruct
    gpu: "Standard_NC24ads\\
      _A100_v4"
    clusters:
    - dev
    labels:
      ? team
      : a
      cost-centre: "0815"


"""
_MODELS = {"plain": _PLAIN, "flow": _FLOW, "rows": _ROWS, "anchored": _ANCHORED, "texts": _TEXTS}


def fleets() -> Iterator[tuple[str, bytes]]:
    """Name and content of each."""
    for (name, models), odd, ends in product(_MODELS.items(), (False, True), ("lf", "crlf", "none", "bom")):
        text = models + _HEAD if odd else _HEAD + models
        if odd:
            text = text.replace("    region: ", "        region: ").replace(
                "    provisioner: ", "        provisioner: "
            )
            text = text.replace("    environment: ", "        environment: ").replace(
                "kaito: 0.12.0", '"kaito": "0.12.0"'
            )
        if ends == "none":
            text = text.rstrip("\n")
        raw = text.replace("\n", "\r\n").encode() if ends == "crlf" else text.encode()
        yield f"{name}-{'odd' if odd else 'usual'}-{ends}", b"\xef\xbb\xbf" + raw if ends == "bom" else raw
