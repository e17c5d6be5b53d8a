"""The configuration that clients take, for an endpoint of OpenAI's protocol."""

import json
import shlex
from collections.abc import Callable, Mapping, Sequence

KEY = "none"
"""Clients want a key, and KAITO's servers ask for none."""
VARIABLE = "OPENAI_API_KEY"
"""Where a key is taken from, as OpenAI's own clients do: one in an argument would stand in the list of processes."""


def locked(*, sent: bool) -> str:
    """What is said of a server that turns away who brings a key, or none."""
    return f"{'does not take the key of' if sent else 'wants a key; set'} {VARIABLE}"


def environment(base: str, model: str, key: str) -> dict[str, str]:
    """The variables that most clients read."""
    return {"OPENAI_BASE_URL": base, VARIABLE: key, "OPENAI_MODEL": model}


def _env(base: str, models: Sequence[str], keyed: bool) -> str:
    told = environment(base, models[0], KEY)
    if keyed:
        # It is set where this is asked, and what is printed may be stored.
        del told[VARIABLE]
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in told.items())


def _openai(base: str, models: Sequence[str], keyed: bool) -> str:
    # Without one it takes that of the environment.
    key = "" if keyed else f", api_key={KEY!r}"
    return (
        "from openai import OpenAI\n\n"
        f"client = OpenAI(base_url={base!r}{key})\n"
        'question = [{"role": "user", "content": "Hello"}]\n'
        f"answer = client.chat.completions.create(model={models[0]!r}, messages=question)\n"
        "print(answer.choices[0].message.content)\n"
    )


def _langchain(base: str, models: Sequence[str], keyed: bool) -> str:
    key = "" if keyed else f", api_key={KEY!r}"
    return (
        "from langchain_openai import ChatOpenAI\n\n"
        f"model = ChatOpenAI(model={models[0]!r}, base_url={base!r}{key})\n"
        'print(model.invoke("Hello").content)\n'
    )


def _litellm(base: str, models: Sequence[str], keyed: bool) -> str:
    lines = ["model_list:"]
    for name in models:
        lines += [
            f"- model_name: {json.dumps(name)}",
            "  litellm_params:",
            f"    model: {json.dumps(f'openai/{name}')}",
            f"    api_base: {json.dumps(base)}",
            f"    api_key: {f'os.environ/{VARIABLE}' if keyed else KEY}",
        ]
    return "\n".join([*lines, ""])


def _llm(base: str, models: Sequence[str], keyed: bool) -> str:
    lines = ["# extra-openai-models.yaml in the folder that 'llm logs path' names"]
    for name in models:
        lines += [
            f"- model_id: {json.dumps(name)}",
            f"  model_name: {json.dumps(name)}",
            f"  api_base: {json.dumps(base)}",
            *(["  api_key_name: kaito  # 'llm keys set kaito' takes the key"] if keyed else []),
        ]
    return "\n".join([*lines, ""])


def _continue(base: str, models: Sequence[str], keyed: bool) -> str:
    lines = ["name: kaito", "version: 0.0.1", "schema: v1", "models:"]
    for name in models:
        lines += [
            f"- name: {json.dumps(name)}",
            "  provider: openai",
            f"  model: {json.dumps(name)}",
            f"  apiBase: {json.dumps(base)}",
            f"  apiKey: {f'${{{{ secrets.{VARIABLE} }}}}' if keyed else KEY}",
            "  roles: [chat, edit]",
        ]
    return "\n".join([*lines, ""])


def _openwebui(base: str, models: Sequence[str], keyed: bool) -> str:
    key = f"${{{VARIABLE}}}" if keyed else KEY
    return f"OPENAI_API_BASE_URLS={base}\nOPENAI_API_KEYS={key}\nENABLE_OLLAMA_API=false\nDEFAULT_MODELS={models[0]}\n"


FORMATS: Mapping[str, Callable[[str, Sequence[str], bool], str]] = {
    "env": _env,
    "openai": _openai,
    "litellm": _litellm,
    "llm": _llm,
    "continue": _continue,
    "langchain": _langchain,
    "openwebui": _openwebui,
}
"""By name: of the base URL, the models, and whether the server wants the key of the environment, which none prints."""
