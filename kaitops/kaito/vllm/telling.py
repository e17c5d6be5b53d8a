"""Why a context does not fit, in words: what is needed, what is there, what helps."""

from kaitops.kaito.quantity import GIB
from kaitops.kaito.vllm.memory import CACHE_TYPE, Serving


def misfit(title: str, serving: Serving, context: int, machines: str) -> str | None:
    """What is the matter with a context on these machines, which are named; None where vLLM serves it."""
    budget, needed = serving.budget(), serving.cache(context)
    if needed <= budget.cache:
        return None
    most = serving.largest()
    remedies = [f"shorten the context to {most} tokens at most"] if most else []
    if not serving.has_small_cache and needed / 2 <= budget.cache:
        remedies.append(f"set {CACHE_TYPE}: fp8")
    remedies.append("take a bigger machine")
    return (
        f"{title} with {context} tokens of context does not fit {machines}: vLLM needs {needed / GIB:.1f} GiB of KV "
        f"cache on each GPU and has {max(budget.cache, 0) / GIB:.1f} GiB there beside {budget.weights / GIB:.1f} GiB "
        f"of weights and {budget.runtime / GIB:.1f} GiB to run, so the server does not start; {', or '.join(remedies)}"
    )
