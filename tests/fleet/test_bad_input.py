"""Each kind of bad input: a clear message with file and line, the right exit code, and the old tree untouched."""

import resource
import signal
import stat
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from tests.conftest import FLEET, KAITOPS, Run, bound, snapshot
from tests.version import KAITO

HEAD = "kaito: 0.12.0\nclusters:\n  c: {region: westeurope, provisioner: karpenter}\n"
BYO = "kaito: 0.12.0\nclusters:\n  c: {region: x, provisioner: byo}\n"


def model(text: str) -> str:
    return HEAD + "models:\n  m:\n" + textwrap.indent(textwrap.dedent(text), "    ")


CASES = {
    "unknown key": (model("preset: phi-4\ngpuu: auto\n"), 2, "fleet.yaml:7:5: models.m.gpuu: unknown key; did you mean 'gpu'?"),
    "wrong type": (model("preset: phi-4\ncontext: long\n"), 2, "fleet.yaml:7:5: models.m.context: must be a whole number"),
    "number for text": (model("preset: 4\n"), 2, "models.m.preset: must be text, is 4; quote it"),
    "wrong choice": (model("preset: phi-4\nmode: fast\n"), 2, "is none of 'operator' or 'plain'"),
    "missing key": ("clusters:\n  c: {region: x, provisioner: byo}\n", 2, "kaito: is missing"),
    "no cluster": ("kaito: 0.12.0\nclusters: {}\n", 2, "clusters:"),
    "duplicate key": (HEAD + "models:\n  m: {preset: phi-4}\n  m: {preset: phi-4}\n", 2, "fleet.yaml:6:3: key 'm' is already on line 5"),
    "two models of one name": (
        HEAD + "models: {m: {preset: phi-4, gpu: auto}}\nrag: {m: {embedding: {model: a/b}}}\n",
        2,
        "models.m has the same name in namespace default",
    ),
    "tab": ("kaito: 0.12.0\nclusters:\n\tc: {}\n", 2, "fleet.yaml:3:1: not YAML: a tab"),
    "empty file": ("", 2, "fleet.yaml: the file is empty"),
    "two documents": (HEAD + "---\nx: 1\n", 2, "holds 2 documents"),
    "not a mapping": ("- a\n", 2, "a fleet is a mapping"),
    "unknown version": (HEAD.replace(KAITO, "0.99.0"), 2, "version '0.99.0' is not known"),
    "version for upgrades only": (HEAD.replace(KAITO, "0.11.0"), 2, "kaito: of version 0.11.0 only the facts"),
    "unknown preset": (model("preset: phi4-mini\ngpu: auto\n"), 2, "nearest: phi-4-mini-instruct"),
    "unknown hugging face id": (model("preset: foo/bar\ngpu: auto\n"), 2, "'kaitops preset record foo/bar'"),
    "withdrawn preset": (model("preset: falcon-7b\ngpu: auto\n"), 2, "no longer served by KAITO 0.12.0"),
    "no size": (model("preset: phi-4\n"), 2, "models.m.gpu: is missing"),
    "unknown size": (model("preset: phi-4\ngpu: Standard_NC24ads_A100_v5\n"), 2, "nearest: Standard_NC24ads_A100_v4"),
    "dropped size": (model("preset: phi-4\ngpu: Standard_NC6s_v3\n"), 2, "was dropped after KAITO 0.8.1, so KAITO 0.12.0"),
    "successor of a dropped size": (model("preset: phi-4\ngpu: Standard_NC4as_T4_v3\n"), 2, "successor: Standard_NV36ads_A10_v5"),
    "does not fit": (
        model("preset: google/gemma-4-31B-it\ngpu: Standard_NV36ads_A10_v5\ncontext: 131072\n"),
        1,
        "does not fit Standard_NV36ads_A10_v5: each GPU has 24 GiB",
    ),
    "cheapest that fits": (
        model("preset: google/gemma-4-31B-it\ngpu: Standard_NV36ads_A10_v5\ncontext: 131072\n"),
        1,
        "cheapest that fits: 1 x Standard_NC96ads_A100_v4, 19.10 USD/h",
    ),
    "too many nodes": (
        model("preset: gpt-oss-120b\ngpu: Standard_NC24ads_A100_v4\nmaxNodes: 2\n"),
        1,
        "KAITO takes 3 nodes of Standard_NC24ads_A100_v4",
    ),
    "a model with nothing below it": (HEAD + "models:\n  m:\n", 2, "fleet.yaml:5:3: models.m: nothing stands below it, where keys belong"),
    "a version of one cluster": (
        HEAD.replace("region:", "kaito: 0.11.0, region:"), 2, "clusters on another one are a fleet of their own",
    ),
    "context as the command line takes it": (model("preset: phi-4\ngpu: auto\ncontext: 16k\n"), 2, "is '16k'; write 16384"),
    "context window as the command line takes it": (
        HEAD + "rag: {m: {embedding: {model: a/b}, llm: {url: 'https://h/v1/completions', contextWindow: 8k}}}\n", 2, "is '8k'; write 8192",
    ),
    "number of another thing in thousands": (model("preset: phi-4\ngpu: auto\nmaxNodes: 2k\n"), 2, "must be a whole number, is '2k'\n"),
    "registry with a scheme": (
        HEAD.replace("karpenter}", "karpenter, registry: 'https://contoso.azurecr.io'}"), 2, "is no registry: write host and path without",
    ),
    "registry with a space": (
        HEAD.replace("karpenter}", "karpenter, registry: 'contoso.azurecr.io /team'}"), 2, "as contoso.azurecr.io/team",
    ),
    "region misspelt": (
        HEAD.replace("westeurope", "westeuropa") + "models:\n  m: {preset: phi-4, gpu: Standard_NC24ads_A100_v4}\n",
        2, "fleet.yaml:3:7: clusters.c.region: no machine has a price in 'westeuropa' of azure, so none may be sold there; did you mean 'westeurope'?",
    ),
    "region as the portal writes it": (
        HEAD.replace("westeurope", "West Europe") + "models:\n  m: {preset: phi-4, gpu: Standard_NC24ads_A100_v4}\n",
        2, "did you mean 'westeurope'?",
    ),
    "engine at the address for clients": (
        HEAD + "rag: {m: {embedding: {model: a/b}, llm: {url: 'https://llm.example.com/v1/', contextWindow: 8192}}}\n",
        2, "rag.m.llm.url: ends with /v1 as clients of OpenAI take it, and the engine adds nothing to it, so no question is answered; write https://llm.example.com/v1/chat/completions\n",
    ),
    "engine at no path of a model of the fleet": (
        model("preset: phi-4\ngpu: auto\n") + "rag: {r: {embedding: {model: a/b}, llm: {url: 'http://m', contextWindow: 8192}}}\n",
        2, "rag.r.llm.url: asks / of Service default/m, which answers questions at /v1/chat/completions",
    ),
    "engine at vLLM's own port of a model of the fleet": (
        model("preset: phi-4\ngpu: auto\n") + "rag: {r: {embedding: {model: a/b}, llm: {url: 'http://m:8000/v1', contextWindow: 8192}}}\n",
        2, "rag.r.llm.url: asks port 8000 of Service default/m, which answers at 80, so nobody answers; write http://m/v1/chat/completions\n",
    ),
    "engine at a port of a custom server of the fleet": (
        model("gpu: Standard_NC24ads_A100_v4\ncustom: {volume: {image: 'a/b:1', claim: w}}\n")
        + "rag: {r: {embedding: {model: a/b}, llm: {url: 'https://m.default.svc/ask', contextWindow: 8192}}}\n",
        2, "rag.r.llm.url: asks port 443 of Service default/m, which answers at 80, so nobody answers; write http://m.default.svc/ask\n",
    ),
    "custom model without machine": (
        model("custom: {cpuImage: {image: 'a/b:1'}}\n"), 2, "needs a machine size; name one\n",
    ),
    "custom model on auto": (
        model("gpu: auto\ncustom: {cpuImage: {image: 'a/b:1'}}\n"), 2, "such as Standard_NC24ads_A100_v4, or Standard_D16s_v5",
    ),
    "GPU for a size": (model("preset: phi-4\ngpu: A100\n"), 2, "nearest: Standard_NC24ads_A100_v4, "),
    "context over the model's limit": (model("preset: phi-4\ngpu: auto\ncontext: 99999\n"), 2, "holds 16384 tokens at most"),
    "gated without secret": (model("preset: llama-3.1-8b-instruct\ngpu: auto\n"), 2, "is gated (licence llama3.1)"),
    "name too long": (
        HEAD + f"models:\n  {'m' * 53}: {{preset: phi-4, gpu: auto}}\n",
        2,
        "the name has 53 characters and its pods carry a label",
    ),
    "set name too long": (
        HEAD + f"models:\n  {'m' * 47}: {{preset: phi-4, gpu: auto, replicas: 2}}\n", 2, "so 46 is the most",
    ),
    "split name too long": (
        HEAD + f"models:\n  {'m' * 39}: {{preset: phi-4, prefill: {{gpu: auto}}, decode: {{gpu: auto}}}}\n", 2, "so 38 is the most",
    ),
    "name with a digit first": (HEAD + "models:\n  4m: {preset: phi-4, gpu: auto}\n", 2, "must start with a letter"),
    "name that leaves the folder": (HEAD + "models:\n  ../m: {preset: phi-4, gpu: auto}\n", 2, "models.../m"),
    "namespace that leaves the folder": (model("preset: phi-4\ngpu: auto\nnamespace: ../../etc\n"), 2, "models.m.namespace"),
    "unknown cluster": (model("preset: phi-4\ngpu: auto\nclusters: [prod]\n"), 2, "no cluster 'prod'; known: c"),
    "patch of nothing": (HEAD.replace("karpenter}", "karpenter, models: {x: {gpu: auto}}}"), 2, "clusters.c.models.x: no such entry"),
    "preset and custom": (model("preset: phi-4\ncustom: {cpuImage: {image: a:1}}\ngpu: Standard_D4s_v5\n"), 2, "excludes preset"),
    "neither preset nor custom": (model("gpu: auto\n"), 2, "needs one of preset, custom"),
    "two patterns": (
        model("gpu: Standard_D4s_v5\ncustom: {cpuImage: {image: a:1}, volume: {image: a:1, claim: x}}\n"), 2, "excludes cpuImage",
    ),
    "token twice": (
        model("secret: hf\ngpu: Standard_NC24ads_A100_v4\ncustom: {huggingFace: {image: 'r.example.com/s:1', model: org/open, env: {HF_TOKEN: abc}}}\n"), 2, "huggingFace.env.HF_TOKEN: comes from 'secret' already",
    ),
    "model twice": (model("gpu: Standard_NC24ads_A100_v4\ncustom: {huggingFace: {image: 'r.example.com/s:1', model: org/open, secretEnv: {MODEL_ID: x}}}\n"), 2, "secretEnv.MODEL_ID: comes from 'model' already"),
    "path twice": (model("gpu: Standard_NC24ads_A100_v4\ncustom: {blob: {image: 'r.example.com/s:1', account: weights, container: models, serviceAccount: a, env: {MODEL_PATH: /x}}}\n"), 2, "blob.env.MODEL_PATH: comes from 'path' already"),
    "another model": (
        model("gpu: Standard_NC24ads_A100_v4\ncustom: {huggingFace: {image: 'r.example.com/s:1', model: org/open, args: [--model, org/other]}}\n"), 2, "start the server with org/other, and 'model' is org/open; write the same in both",
    ),
    "a server of vLLM that is told no model": (
        model("gpu: Standard_NC24ads_A100_v4\ncustom: {huggingFace: {image: 'vllm/vllm-openai:v0.11.0', model: org/open, args: ['--port', '5000']}}\n"), 2,
        "huggingFace.args: name no model, and vLLM takes none from MODEL_ID, so it serves one of its own choice; add --model org/open",
    ),
    "GPUs of a machine without any": (
        model("gpu: Standard_D16s_v5\ncustom: {huggingFace: {image: 'r.example.com/s:1', model: org/open}}\n"), 1,
        "models.m.custom.huggingFace.gpus: is 1, and Standard_D16s_v5 has 0, so the pod is never placed; write gpus: 0",
    ),
    "another folder": (
        model("gpu: Standard_NC24ads_A100_v4\ncustom: {blob: {image: 'r.example.com/s:1', account: weights, container: models, serviceAccount: a, args: ['--model=/models']}}\n"), 2, "the weights are mounted at /mnt/models, so it finds none; name that",
    ),
    "folder as a pattern": (model("gpu: Standard_NC24ads_A100_v4\ncustom: {blob: {image: 'r.example.com/s:1', account: weights, container: models, serviceAccount: a, prefix: 'house/*'}}\n"), 2, "blob.prefix: is a folder and no pattern"),
    "benchmark of a custom model": (model("benchmark: true\ngpu: Standard_NC24ads_A100_v4\ncustom: {huggingFace: {image: 'r.example.com/s:1', model: org/open, }}\n"), 2, "models.m.benchmark: belongs to presets"),
    "guardrails that the engine skips": (
        HEAD + "rag: {m: {embedding: {model: a/b}, guardrails: {policy: {scanners: [{type: sensitiv}]}}}}\n",
        2, "rag.m.guardrails.policy.scanners[0].type: is no scanner of KAITO's, so the engine skips it; meant is sensitive?",
    ),
    "latest": (model("gpu: Standard_D4s_v5\ncustom: {cpuImage: {image: a/b:latest}}\n"), 2, "can change under a running fleet"),
    "half a split": (model("preset: phi-4\nprefill: {gpu: auto}\n"), 2, "needs both prefill and decode"),
    "strength on vllm": (
        model("preset: phi-4\ngpu: auto\nadapters: {a: {image: 'x/y:1', strength: '0.5'}}\n"), 2, "vllm takes no strength",
    ),
    "a flag that vLLM does not have": (
        model("preset: phi-4\ngpu: auto\nvllm: {swap-space: 4}\n"), 2,
        "fleet.yaml:8:12: models.m.vllm.swap-space: is no flag of vLLM 0.25.1, so the server does not start",
    ),
    "a value that vLLM does not take": (
        model("preset: phi-4\ngpu: auto\nprefill: {}\ndecode: {vllm: {max-num-seqs: many}}\n"), 2,
        "models.m.decode.vllm.max-num-seqs: is 'many', which is not a whole number",
    ),
    "a context that the GPUs do not hold": (
        model("preset: mistralai/Mistral-Small-4-119B-2603\ngpu: Standard_NC80adis_H100_v5\ncontext: 1048576\n"), 1,
        "fleet.yaml:8:5: models.m.context: mistralai/Mistral-Small-4-119B-2603 with 1048576 tokens of context does not fit 1 x "
        "Standard_NC80adis_H100_v5: vLLM needs 22.5 GiB of KV cache on each GPU and has 16.6 GiB there",
    ),
    "a context beside a throughput that takes its place": (
        model("preset: mistralai/Mistral-Small-4-119B-2603\ngpu: Standard_NC80adis_H100_v5\ncontext: 770000\nperformance: throughput\n"), 1,
        "models.m.context: mistralai/Mistral-Small-4-119B-2603 with 770000 tokens of context does not fit",
    ),
    "a context that is said as a flag": (
        model("preset: mistralai/Mistral-Small-4-119B-2603\ngpu: Standard_NC80adis_H100_v5\nvllm: {max-model-len: 1048576}\n"), 1,
        "models.m.vllm.max-model-len: mistralai/Mistral-Small-4-119B-2603 with 1048576 tokens",
    ),
    "count for vllm": (model("preset: phi-4\ngpu: auto\nnodes: 3\n"), 2, "ignores a count"),
    "tuning what cannot be tuned": (
        HEAD + "tuning: {t: {preset: gpt-oss-20b, method: lora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['https://a.b/c']},"
        " output: {image: 'a/b:1', pushSecret: p}}}\n",
        2,
        "KAITO cannot tune openai/gpt-oss-20b",
    ),
    "a lora job on GPUs below its weights": (
        HEAD + "tuning: {t: {preset: phi-4, method: lora, gpu: Standard_NV36ads_A10_v5, input: {urls: ['https://a.b/c']}, output: {image: 'r.example.com/o:1', pushSecret: p}}}\n", 1,
        'tuning.t.gpu: a lora job of microsoft/phi-4 loads 27.3 GiB of weights onto each GPU, and those of Standard_NV36ads_A10_v5 have 24 GiB',
    ),
    "a lora job on several GPUs, each below its weights": (
        HEAD + "tuning: {t: {preset: phi-4, method: lora, gpu: Standard_NV72ads_A10_v5, input: {urls: ['https://a.b/c']}, output: {image: 'r.example.com/o:1', pushSecret: p}}}\n", 1,
        'loads 27.3 GiB of weights onto each GPU',
    ),
    "two files of data under one name": (
        HEAD + "tuning: {t: {preset: phi-4, method: qlora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['https://a.b/x/c.parquet?v=1', 'https://a.b/d', 'https://a.b/y/c.parquet/']}, output: {image: 'r.example.com/o:1', pushSecret: p}}}\n", 2,
        "tuning.t.input.urls[2]: is kept as 'c.parquet', as urls[0] is",
    ),
    "a Secret to pull a claim with": (
        HEAD + "tuning: {t: {preset: phi-4, method: qlora, gpu: Standard_NC24ads_A100_v4, input: {claim: d, pullSecrets: [p]}, output: {image: 'r.example.com/o:1', pushSecret: p}}}\n", 2,
        'tuning.t.input.pullSecrets: is for an image, and none is named here',
    ),
    "a Secret to push a claim with": (
        HEAD + "tuning: {t: {preset: phi-4, method: qlora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['https://a.b/c']}, output: {claim: d, pushSecret: p}}}\n", 2,
        'tuning.t.output.pushSecret: is for an image',
    ),
    "a result among the images of Docker itself": (
        HEAD + "tuning: {t: {preset: phi-4, method: qlora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['https://a.b/c']}, output: {image: 'o:1', pushSecret: p}}}\n", 2,
        "tuning.t.output.image: is docker.io/library/o, among Docker's own images",
    ),
    "a result under a digest": (
        HEAD + "tuning: {t: {preset: phi-4, method: qlora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['https://a.b/c']}, output: {image: 'r.example.com/o@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef', pushSecret: p}}}\n", 2,
        'tuning.t.output.image: names a digest',
    ),
    "adapters that the server does not load": (
        model("preset: phi-4\ngpu: auto\nvllm: {enable-lora: false}\nadapters: {a: {image: 'r.example.com/o:1'}}\n"), 2,
        "fleet.yaml:8:12: models.m.vllm.enable-lora: turns off what the server loads adapters by, and 'adapters' names some",
    ),
    "adapters that the server does not load, spelled otherwise": (
        model("preset: phi-4\ngpu: auto\nvllm: {no_enable_lora: true}\nadapters: {a: {claim: c}}\n"), 2,
        "models.m.vllm.no_enable_lora: turns off what the server loads adapters by",
    ),
    "an adapter under the name of its model": (
        model("preset: phi-4\ngpu: auto\nadapters: {phi-4: {image: 'r.example.com/o:1'}}\n"), 2,
        "models.m.adapters.phi-4: is what the model itself is served as",
    ),
    "an adapter under the name that its model is given": (
        model("preset: phi-4\ngpu: auto\nvllm: {served-model-name: own}\nadapters: {own: {image: 'r.example.com/o:1'}}\n"), 2,
        "models.m.adapters.own: is what the model itself is served as",
    ),
    "an adapter under the name of its set, which replicas are served as": (
        model("preset: phi-4\ngpu: auto\nreplicas: 2\nadapters: {m: {image: 'r.example.com/o:1'}}\n"), 2,
        "models.m.adapters.m: is what the model itself is served as",
    ),
    "a Secret to pull an adapter's claim with": (
        model("preset: phi-4\ngpu: auto\nadapters: {own: {claim: c, pullSecrets: [p]}}\n"), 2,
        "models.m.adapters.own.pullSecrets: is for an image",
    ),
    "output image without secret": (
        HEAD + "tuning: {t: {preset: phi-4, method: lora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['https://a.b/c']},"
        " output: {image: 'a/b:1'}}}\n",
        2,
        "name it under pushSecret",
    ),
    "a result whose name KAITO refuses": (
        HEAD + "tuning: {t: {preset: phi-4, method: qlora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['https://a.b/c']},"
        " output: {image: 'r.example.com/O:1', pushSecret: p}}}\n",
        1,
        "tuning.t.output.image: KAITO 0.12.0 refuses the Workspace",
    ),
    "a section of the settings that KAITO does not know": (
        HEAD + "tuning: {t: {preset: phi-4, method: qlora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['https://a.b/c']},"
        " config: {QuantizationConfig: {load_in_4bit: true}, Nope: {}}, output: {claim: c}}}\n",
        1,
        "tuning.t.config: KAITO 0.12.0 refuses the Workspace",
    ),
    "an image of one's own that nobody can pull": (
        model("gpu: Standard_D16s_v5\ncustom: {cpuImage: {image: 'r.example.com/Models/c:1'}}\n"), 2,
        "models.m.custom.cpuImage.image: is no image's name (invalid reference format: repository name (Models/c) must be lowercase)",
    ),
    "an amount that Kubernetes does not read": (
        model("gpu: Standard_D16s_v5\ncustom: {cpuImage: {image: 'r.example.com/c:1', memory: 48gb}}\n"), 2,
        "models.m.custom.cpuImage.memory: '48gb' is no amount of Kubernetes: write a number with its unit, such as 16Gi",
    ),
    "local data url": (
        HEAD + "tuning: {t: {preset: phi-4, method: lora, gpu: Standard_NC24ads_A100_v4, input: {urls: ['http://127.0.0.1/x']},"
        " output: {image: 'a/b:1', pushSecret: p}}}\n",
        1,
        "must not target a loopback",
    ),
    "embedding that KAITO drops": (
        HEAD + "rag: {r: {embedding: {url: 'https://e.example.com/v1'}}}\n",
        2,
        "fleet.yaml:4:23: rag.r.embedding.url: KAITO 0.12.0 never passes the address on",
    ),
    "embedding that KAITO drops, in plain mode": (
        HEAD + "rag: {r: {mode: plain, embedding: {url: 'https://e.example.com/v1'}}}\n",
        2,
        "never passes the address on",
    ),
    "a database that the engine has no client for": (
        HEAD + "rag: {r: {embedding: {model: a/b}, storage: {vectorDB: {engine: milvus, url: 'http://db:6333'}}}}\n", 2,
        "rag.r.storage.vectorDB.engine: the engine of KAITO 0.12.0 has clients for faiss and qdrant alone",
    ),
    "a gate that KAITO does not have": (
        HEAD.replace("karpenter}", "karpenter, featureGates: {enableMig: true}}"), 2,
        "clusters.c.featureGates.enableMig: KAITO 0.12.0 has no such feature gate and would not start; did you mean 'enableMIG'?",
    ),
    "an adapter that no machine pulls": (
        model("preset: phi-4\ngpu: Standard_NC24ads_A100_v4\nadapters: {a: {image: 'r.example.com/Law:1'}}\n"), 2,
        "models.m.adapters.a.image: is no image's name",
    ),
    "labels that no machine bears": (
        model("preset: phi-4\ngpu: Standard_NC24ads_A100_v4\nnodeLabels: {'a b': c}\n"), 2,
        "models.m.nodeLabels: are labels that a machine bears, which these cannot be",
    ),
    "more GPUs than the machine has": (
        model("gpu: Standard_NC24ads_A100_v4\ncustom: {huggingFace: {image: 'r.example.com/s:1', model: org/open, gpus: 2}}\n"), 1,
        "models.m.custom.huggingFace.gpus: is 2, and Standard_NC24ads_A100_v4 has 1, so the pod is never placed",
    ),
    "a model over more GPUs than the machine has": (
        model("preset: phi-4\ngpu: Standard_NC24ads_A100_v4\nvllm: {tensor-parallel-size: 2}\n"), 1,
        "models.m.vllm.tensor-parallel-size: takes 2 GPUs, and 1 x Standard_NC24ads_A100_v4 has 1, so the server does not start",
    ),
    "a key that no layer knows": (
        HEAD + "environments: {prod: {regio: x}}\n", 2, "fleet.yaml:4:23: environments.prod.regio: unknown key; did you mean 'region'?",
    ),
    "layers that are none": (HEAD + "environments: [a]\n", 2, "environments: must be a mapping"),
    "a cluster whose layer brings no provisioner": (
        "kaito: 0.12.0\nenvironments: {prod: {region: x}}\nclusters: {c: {environment: prod}}\n", 2,
        "clusters.c.provisioner: is missing",
    ),
    "rag names no model": (HEAD + "rag: {r: {embedding: {model: a/b}, llm: {model: x, contextWindow: 1}}}\n", 2, "no model 'x' on cluster c"),
    "auto without a price": (
        HEAD.replace("westeurope", "nowhere") + "models: {m: {preset: phi-4, gpu: auto}}\n", 2, "no price is known in nowhere",
    ),
    "brought nodes missing": (BYO + "models: {m: {preset: phi-4}}\n", 2, "declare them under clusters.c.nodes"),
    "secret value": (model("preset: phi-4\nsecret: hf_abcdefghijklmnopqrstuvwxyz\n"), 2, "looks like a Hugging Face token (29 characters)"),
    "not the name of a secret": (model("preset: phi-4\nsecret: My_Token_1\n"), 2, "this text of 10 characters is not the name of a Secret"),
    "token in args": (
        model("gpu: Standard_D4s_v5\ncustom: {cpuImage: {image: 'a:1', args: ['--key=ghp_abcdefghijklmnopqrst0123']}}\n"),
        2,
        "looks like a GitHub token",
    ),
}  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", CASES)
def test_the_message_says_where_and_what(name: str, run: Run, fleet: Path) -> None:
    text, code, message = CASES[name]
    fleet.write_text(text)
    done = run("render", code=code)
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert not (fleet.parent / "manifests").exists()
    for secret in ("hf_abcdefghijklmnopqrstuvwxyz", "My_Token_1", "ghp_abcdefghijklmnopqrst0123"):
        assert secret not in done.stderr + done.stdout


def test_all_problems_are_reported_at_once(run: Run, fleet: Path) -> None:
    fleet.write_text(HEAD + "models:\n  a: {preset: nope-1, gpu: auto}\n  b: {preset: phi-4, gpu: Standard_Nope}\n")
    lines = [line for line in run("render", code=2).stderr.splitlines() if "fleet.yaml:" in line]
    assert len(lines) == 2
    assert ":5:" in lines[0]
    assert ":6:" in lines[1]


def test_not_utf8(run: Run, fleet: Path) -> None:
    fleet.write_bytes(b"kaito: 0.12.0\n\xff\n")
    assert "fleet.yaml:2: byte 14 (0xff) is not UTF-8" in run("render", code=2).stderr


def test_anchors_bomb_takes_no_time(run: Run, fleet: Path) -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join(['*' + chr(97 + n)] * 10)}]" for n in range(12)]
    fleet.write_text("\n".join(lines))
    start = time.monotonic()
    assert "aliases expand" in run("render", code=2).stderr
    assert time.monotonic() - start < 5


def test_missing_fleet_offers_init(run: Run) -> None:
    assert "kaitops init" in run("render", code=2).stderr


def test_a_refused_fleet_leaves_the_old_tree(run: Run, fleet: Path) -> None:
    run("render", code=0)
    before = snapshot(fleet.parent / "manifests")
    fleet.write_text(FLEET + "  bad: {preset: nope, gpu: auto}\n")
    run("render", code=2)
    assert snapshot(fleet.parent / "manifests") == before


def test_read_only_output(run: Run, fleet: Path) -> None:
    run("render", code=0)
    manifests = fleet.parent / "manifests"
    before = snapshot(manifests)
    fleet.write_text(FLEET.replace("16384", "8192"))
    command = bound(str(KAITOPS), "render")
    manifests.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        done = subprocess.run(command, cwd=fleet.parent, capture_output=True, text=True, check=False)
    finally:
        manifests.chmod(0o755)
    assert done.returncode == 3, done.stderr
    assert "cannot write" in done.stderr
    assert "is as it was" in done.stderr
    assert snapshot(manifests) == before


def test_full_disk(fleet: Path, run: Run) -> None:
    run("render", code=0)
    before = snapshot(fleet.parent / "manifests")
    fleet.write_text(FLEET.replace("16384", "8192"))

    def no_room() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

    done = subprocess.run(
        [str(KAITOPS), "render"], cwd=fleet.parent, capture_output=True, text=True, check=False, preexec_fn=no_room
    )
    assert done.returncode == 3, done.stderr
    assert "cannot write" in done.stderr
    assert snapshot(fleet.parent / "manifests") == before
    assert not list((fleet.parent / "manifests").glob(".kaitops-*"))


@pytest.mark.parametrize("kill", [pytest.param(signal.SIGINT, marks=pytest.mark.e2e), signal.SIGKILL])
def test_an_interrupted_render_leaves_the_old_tree(fleet: Path, run: Run, kill: signal.Signals) -> None:
    run("render", code=0)
    manifests = fleet.parent / "manifests"
    before = snapshot(manifests / "clusters")
    models = "".join(
        f"  m{n}: {{preset: phi-4, gpu: Standard_NC24ads_A100_v4, context: {n + 2048}}}\n" for n in range(2000)
    )
    fleet.write_text(FLEET + models)
    process = subprocess.Popen([str(KAITOPS), "render"], cwd=fleet.parent, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 30
    while (
        not list(fleet.parent.rglob(".kaitops-*/*/prod-weu")) and process.poll() is None and time.monotonic() < deadline
    ):
        time.sleep(0.002)
    process.send_signal(kill)
    _, errors = process.communicate(timeout=30)
    if process.returncode == 0:
        pytest.skip("the render was faster than the signal")
    assert snapshot(manifests / "clusters") == before
    if kill is signal.SIGINT:
        assert process.returncode == 130
        assert "interrupted" in errors
        assert not list(manifests.glob(".kaitops-*"))


def test_a_file_of_someone_else_in_the_way(run: Run, fleet: Path) -> None:
    target = fleet.parent / "manifests" / "clusters" / "prod-weu" / "kustomization.yaml"
    target.parent.mkdir(parents=True)
    target.write_text("resources: []\n")
    done = run("render", code=2)
    assert "was not written by kaitops" in done.stderr
    assert target.read_text() == "resources: []\n"


def test_output_that_is_a_file(run: Run, fleet: Path) -> None:
    (fleet.parent / "manifests").write_text("x")
    done = run("render")
    assert done.returncode in {2, 3}
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("text", ["{", '{"pins": 3}', "x: 1"])
def test_a_damaged_lock(run: Run, fleet: Path, text: str) -> None:
    (fleet.parent / "fleet.lock").write_text(text)
    assert "is not a lock file of kaitops" in run("render", code=2).stderr


def test_a_damaged_recording(run: Run, fleet: Path) -> None:
    store = fleet.parent / "presets" / "huggingface"
    store.mkdir(parents=True)
    (store / "x.json").write_text("[]")
    assert "is not a recorded model" in run("render", code=2).stderr


def test_python_without_the_terminal_still_fails_clearly(fleet: Path) -> None:
    code = "import sys; from kaitops.cli import main; sys.exit(main(['render', '--fleet', 'none.yaml']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=fleet.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 2
