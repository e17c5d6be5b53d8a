"""A real OpenAI-compatible server on this machine, of a model that answers, calls two tools, and says what one said."""

import os
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from tests.e2e import leash
from tests.e2e.pods import llama

NAME = "few-rows"
ANSWER = "Glad to help."
_CHAINS = {
    "<|speak|>": ["Glad", " to", " help."],
    "<|call|>": ["<tool_call>", '\n{"name": "get_weather"', ', "arguments": {"city": ', '"Paris"}}', "\n</tool_call>"],
    "<|echo|>": ['<tool_call>\n{"name": "compatcanary_echo", "arguments": {"value": ', '"CANARY_OK"}}\n</tool_call>'],
    "<|report|>": ["It", " rains."],
}
# Which words begin is for the template to say, as the rows of the model know nothing but the word before.
_TEMPLATE = """\
{%- if tools %}{{ 'Tools: <tools>' }}{%- for one in tools %}{{ '\\n' + (one | tojson) }}{%- endfor %}{{ '</tools>
A call is <tool_call>\\n{"name": NAME, "arguments": OBJECT}\\n</tool_call>.' }}{%- endif %}
{%- for one in messages %}
{%- if one.role == 'tool' %}{{ '<tool_response>' + one.content + '</tool_response>' }}
{%- elif one.tool_calls %}
{%- for call in one.tool_calls %}{{ '<tool_call>\\n{"name": "' + call.function.name + '", "arguments": ' }}
{{- (call.function.arguments | tojson) + '}\\n</tool_call>' }}{%- endfor %}
{%- else %}{{ one.content }}{%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
{%- if messages[-1].role == 'tool' %}{{ '<|report|>' }}
{%- elif tools and tools[0].function.name == 'compatcanary_echo' %}{{ '<|echo|>' }}
{%- elif tools %}{{ '<|call|>' }}
{%- else %}{{ '<|speak|>' }}{%- endif %}
{%- endif %}"""
_SERVE = """
import os
import signal
import sys

import xllamacpp

settings = xllamacpp.CommonParams()
settings.model.path = sys.argv[1]
settings.n_ctx, settings.n_parallel, settings.warmup = 4096, 2, False
settings.cpuparams.n_threads = settings.cpuparams_batch.n_threads = 1
settings.hostnames, settings.port = ["127.0.0.1"], 0
settings.api_keys = [one for one in [os.environ.get("KEY_OF_THE_SERVER")] if one]
settings.use_jinja, settings.endpoint_metrics, settings.model_alias = True, True, {sys.argv[2]}
server = xllamacpp.Server(settings)
print("listening", server.listening_address, flush=True)
signal.pause()
"""


@contextmanager
def served(folder: Path, key: str = "") -> Generator[str]:
    """The server's address, for as long as it is needed; it ends with the test run, however that ends.

    Args:
        key: that it wants, empty where it wants none.
    """
    weights = folder / llama.FILE
    llama.make(weights, _CHAINS, _TEMPLATE)
    command = [str(llama.python()), "-c", _SERVE, str(weights), NAME]
    process = subprocess.Popen(
        [sys.executable, leash.__file__, "--", *command],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        env={**os.environ, "KEY_OF_THE_SERVER": key},
    )  # fmt: skip
    try:
        assert process.stdout is not None
        address = next((line.split()[1] for line in process.stdout if line.startswith("listening ")), "")
        assert address, "the server ended"
        yield address
    finally:
        assert process.stdin is not None and process.stdout is not None
        process.stdin.close()
        process.wait(30)
        process.stdout.close()
