"""Why a context does not fit, in words: what is needed, what is there, what helps."""

from kaitops.kaito.kubernetes.quantity import GIB
from kaitops.kaito.vllm.memory import CACHE_TYPE, UTILISATION, Serving


def misfit(title: str, serving: Serving, context: int, machines: str) -> str | None:
    """What is the matter with a context on these machines, which are named; None where vLLM serves it.

    Args:
        context: tokens; 0 where it is left to vLLM, which must find room for one.
    """
    budget, needed = serving.budget(), serving.cache(max(context, 1))
    if needed <= budget.cache:
        return None
    if not context:
        more = f"raise {UTILISATION}, or " if serving.has_share else ""
        return (
            f"{title} does not fit {machines}: {budget.weights / GIB:.1f} GiB of weights and "
            f"{budget.runtime / GIB:.1f} GiB that vLLM needs to run leave nothing of {budget.usable / GIB:.1f} GiB on "
            f"each GPU for a KV cache, so the server does not start; {more}take a bigger machine"
        )
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
