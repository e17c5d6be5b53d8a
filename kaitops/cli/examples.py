"""What people type most, by verb: the end of each ``--help``."""

EXAMPLES: dict[str, tuple[str, ...]] = {
    "init": (
        "kaitops init --model phi-4-mini-instruct --region westeurope",
        "kaitops init --ci github --gitops flux --repository https://git.example.com/team/fleet.git",
        "kubectl get nodes -o json | kaitops init --provisioner byo --nodes -",
    ),
    "add": (
        "kaitops add phi-4 --context 16k --dry-run",
        "kaitops add llama-3.1-8b-instruct --secret hf-token --replicas 2",
    ),
    "remove": ("kaitops remove phi-4-mini-instruct --dry-run",),
    "set": (
        "kaitops set models.phi-4-mini-instruct.context 8192",
        "kaitops set models.phi-4-mini-instruct.context --unset",
    ),
    "replace": ("kaitops replace phi-4-mini-instruct --gpu Standard_NC24ads_A100_v4 --dry-run",),
    "render": (
        "kaitops render",
        "kaitops render --check",
        "kaitops render --out - --mode plain",
    ),
    "gate": (
        "kaitops gate manifests --no-checkov",
        "kaitops gate manifests --base origin/main --sarif kaitops.sarif",
        "kaitops gate manifests --cost --budget budget.yaml",
    ),
    "arm": ("kaitops arm --stack dev --out template.json",),
    "policy": (
        "kaitops policy",
        "kaitops policy gated",
    ),
    "upgrade": ("kaitops upgrade manifests --from 0.11 --to 0.12",),
    "prices": ("kaitops prices record --region westeurope",),
    "quota": ("kaitops quota record --region westeurope",),
    "catalogue": (
        "kaitops catalogue phi",
        "kaitops catalogue --html catalogue.html",
    ),
    "cost": (
        "kaitops cost",
        "kaitops cost manifests",
    ),
    "sizes": ("kaitops sizes A100",),
    "fit": (
        "kaitops fit phi-4 --region westeurope --context 16k --explain",
        "kaitops fit --machine A100:1 --context 32k --region swedencentral --max-usd-per-hour 5",
        "kaitops fit phi-4 --tunable --region westeurope",
    ),
    "health": (
        "kubectl get workspaces -A -o yaml | kaitops health",
        "kaitops health --for argocd",
    ),
    "status": (
        "kaitops status",
        "kaitops status phi-4-mini-instruct --wait --timeout 30m",
    ),
    "why": ("kaitops why phi-4-mini-instruct",),
    "smoke": (
        "kaitops smoke phi-4-mini-instruct",
        "kaitops smoke --url http://127.0.0.1:8000",
    ),
    "connect": (
        "kaitops connect phi-4-mini-instruct",
        "kaitops connect phi-4-mini-instruct -- python app.py",
    ),
    "chat": ("kaitops chat phi-4-mini-instruct",),
    "rag": ("kaitops rag docs query notes 'What is due on Friday?'",),
    "k9s": ("kaitops k9s plugins",),
    "images": (
        "kaitops images",
        "kaitops images --format oras --to registry.example.com/kaito",
    ),
    "bundle": ("kaitops bundle --tree manifests --out bundle.tar",),
    "promote": ("kaitops promote dev prod --diff",),
    "preset": (
        "kaitops preset record Qwen/Qwen2.5-7B-Instruct",
        "kaitops preset record contoso/house-7B --from house --revision 4f1c2d0",
    ),
    "schema": ("kaitops schema > fleet.schema.json",),
    "completion": ('eval "$(kaitops completion bash)"',),
}


def text(verb: str) -> str:
    """The examples of a verb, as its help ends."""
    return "".join(["\nexamples:\n", *(f"  {line}\n" for line in EXAMPLES[verb])])
