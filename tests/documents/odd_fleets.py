"""Fleets as few people write them, and some do: what YAML allows beside the styles of ``written_fleets``.

Each declares the cluster dev with a region, and the model phi with a preset and a context of 8192.
"""

_HEAD = "kaito: 0.12.0\nclusters:\n  dev: {region: westeurope, provisioner: karpenter}\n"
_PHI = "models:\n  phi:\n    preset: phi-4\n"
ODD = {
    "marks of a document": f"%YAML 1.1\n--- # the fleet\n{_HEAD}{_PHI}    context: 8192\n...\n# behind it\n",
    "four and eight": f"{_HEAD}models: # all\n\n    # first\n    phi: # small\n            preset: phi-4\n            context: 8192 # tokens\n    # last\n\n\n",
    "quoted keys": f"{_HEAD}'models' :\n  \"phi\" :   \n    'preset' :   phi-4\n    \"context\"   : 8192   \n",
    "a list of merges": f"{_HEAD}models:\n  a: &a {{preset: phi-4}}\n  b: &b {{gpu: auto}}\n  phi:\n    <<: [*a, *b]\n    context: 8192   # of phi\n",
    "a text that keeps its end": f"{_HEAD}{_PHI}    context: 8192\n    annotations:\n      a: |+\n        text # none\n\n\n      b: >-\n        folded\n        text\n\n",
    "a text at the end": f"{_HEAD}{_PHI}    context: 8192\n    annotations:\n      a: |2+\n          text",
    "banners": _HEAD
    + """models:
  # ----------------------------------------------------------
  # phi: the small one.
  #\ttab in it
  # Reviewed by Jürgen ✓ 2026.
  # ----------------------------------------------------------

  phi:
    # its preset
    preset: phi-4

    # its context

    context: 8192   #\ttab behind
    # tail of phi

# at the first column, and still within

  # ======== end ========

# after everything
""",
    "braces over lines": "{kaito: 0.12.0, clusters: {dev: {region: westeurope, provisioner: karpenter}},\n # c1\n models: { # c2\n   phi: { preset: phi-4 # c3\n   , context: 8192, # c4\n   labels: {a: b,}, }, # c5\n }\n}\n",
    "braces on one": "{kaito: 0.12.0, clusters: {dev: {region: westeurope, provisioner: karpenter}}, models: {phi: {preset: phi-4, context: 8192}}}",
    "JSON": '{"kaito": "0.12.0", "clusters": {"dev": {"region": "westeurope"}}, "models": {"phi": {"preset": "phi-4", "context": 8192}}}\n',
    "other alphabets": f'# Flotte für Köln ☃ 日本\n{_HEAD}models:\n  phi:\n    preset: phi-4 # größer\n    context: 8192\n    annotations: {{größe: \'é\', "日本": "\\u00e9 ☃"}}\n  # Ende ✓ 終\n',
    "explicit keys": f"{_HEAD}models:\n  ? phi\n  : preset: phi-4\n    context: 8192\n",
    "values below their keys": f"{_HEAD}models:\n  phi:\n    preset:\n      phi-4\n    context:\n      # here\n      8192\n",
    "texts over lines": f"{_HEAD}{_PHI}    annotations:\n      a: one\n        two\n      b: \"x \\\n        y\\tz\n\n        w\"\n      c: 'it''s\n        so'\n    context: 8192\n",
    "lists at the key": f"{_HEAD}{_PHI}    clusters:\n    - dev # only\n    # none else\n    context: 8192\n    list: [a, # first\n      b,\n    ]\n",
    "mixed ends of lines": f"{_HEAD}models:\r\n  phi:\n    preset: phi-4\r\n    context: 8192\n",
    "tags": f"{_HEAD}models: !!map\n  phi: !!map\n    preset: !!str phi-4\n    context: !!int 8192\n",
    "a comment and no end": f"{_HEAD}{_PHI}    context: 8192 # end",
    "blanks at the end": f"{_HEAD}{_PHI}    context: 8192   \n   \n\n",
}
