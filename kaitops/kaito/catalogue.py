"""Finding a preset by the name that a user or a custom resource gives it.

Owns the names: catalogue ids, short aliases, withdrawn names and recorded Hugging Face snapshots. Presets are derived
on first use, so a command that needs one model does not pay for sixty.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from kaitops.documents.plain import MutableObject, Object
from kaitops.errors import BadInput, nearest
from kaitops.kaito import facts
from kaitops.kaito.huggingface import HuggingFaceError, preset_from_snapshot
from kaitops.kaito.preset import DEFAULT_TOKEN_LIMIT, Numbers, Preset, derive


class Catalogue:
    """The models of one KAITO version, plus snapshots that a user recorded.

    Args:
        version: KAITO version.
        snapshots: recorded Hugging Face documents by repository id in lower case, as ``kaitops preset record`` writes
            them: ``{"repo": ..., "tree": [...], "config": {...}}``.
    """

    def __init__(self, version: str, snapshots: Mapping[str, Object] | None = None) -> None:
        self._tables: MutableObject = facts.load(version, "models.json")
        self._version = version
        self._snapshots = {repo.lower(): snapshot for repo, snapshot in (snapshots or {}).items()}
        self._found: dict[str, Preset | None] = {}

    @cached_property
    def aliases(self) -> dict[str, str]:
        """Repository id by short name, both in lower case."""
        return {alias: entry["name"].lower() for entry in self._tables["models"] for alias in entry.get("aliases", ())}

    @cached_property
    def _entries(self) -> dict[str, MutableObject]:
        return {entry["name"].lower(): entry for entry in self._tables["models"]}

    @cached_property
    def rules(self) -> MutableObject:
        """The tables that KAITO derives a preset with."""
        return facts.load(self._version, "rules.json")

    @cached_property
    def deprecated(self) -> frozenset[str]:
        """Names that KAITO refuses as deprecated."""
        return frozenset(entry["name"] for entry in self._tables["withdrawn"] if entry.get("deprecated"))

    @cached_property
    def withdrawn(self) -> frozenset[str]:
        """Names that earlier KAITO versions served and this one does not."""
        return frozenset(entry["name"] for entry in self._tables["withdrawn"])

    @property
    def base(self) -> Mapping[str, str]:
        """Tag of the runtime image and the versions of the runtimes in it."""
        return self._tables["base"]

    def resolve(self, name: str) -> str:
        """The repository id in lower case that a name stands for."""
        lower = name.lower()
        return self.aliases.get(lower, lower)

    def find(self, name: str) -> Preset | None:
        """The preset behind an alias, a repository id in any case or a recorded snapshot; None where there is none.

        A recorded snapshot that KAITO would refuse counts as none; :meth:`why_not` has the reason.
        """
        found = self._found
        if name not in found:
            try:
                found[name] = self._derive(self.resolve(name))
            except HuggingFaceError:
                found[name] = None
        return found[name]

    def why_not(self, name: str) -> str | None:
        """KAITO's reason to refuse a recorded snapshot, or None where it does not refuse it."""
        try:
            self._derive(self.resolve(name))
        except HuggingFaceError as error:
            return str(error)
        return None

    def names(self) -> list[str]:
        """Catalogue ids as their owners write them, then recorded ones."""
        recorded = [snapshot["repo"] for repo, snapshot in self._snapshots.items() if repo not in self._entries]
        return [entry["name"] for entry in self._tables["models"]] + sorted(recorded)

    @cached_property
    def owners(self) -> frozenset[str]:
        """Owners of the repositories of all models, in lower case."""
        return frozenset(name.partition("/")[0].lower() for name in self.names())

    def __iter__(self) -> Iterator[Preset]:
        for name in self.names():
            if preset := self.find(name):
                yield preset

    def nearest(self, name: str, count: int = 3) -> list[str]:
        """Known names that have a given one as a word, or look like it, best first.

        Aliases and last segments weigh as much as full ids.
        """
        known: dict[str, str] = {alias: alias for alias in self.aliases}
        for full in self.names():
            known.setdefault(full.lower(), full)
            known.setdefault(full.lower().rsplit("/", 1)[-1], full)
        word = name.lower()
        close = [one for one in known if word in re.split("[-_/]", one)] or nearest(word, known, count * 2, 0.5)
        # One name a model: who sees two looks for the difference.
        found: dict[str, str] = {}
        for match in close:
            found.setdefault(self.resolve(known[match]), known[match])
        return list(found.values())[:count]

    def _derive(self, repo: str) -> Preset | None:
        entry = self._entries.get(repo)
        if entry is not None:
            known = {key: entry[key] for key in ("aliases", "gated", "revision", "license") if key in entry}
            return derive(_numbers(entry), self.rules, self._tables, title=entry["name"], **known)
        snapshot = self._snapshots.get(repo)
        if snapshot is not None:
            return self._recorded(repo, snapshot)
        return None

    def _recorded(self, repo: str, snapshot: Object) -> Preset:
        try:
            return preset_from_snapshot(repo, snapshot["tree"], snapshot["config"], self.rules, self._tables, snapshot)
        except HuggingFaceError:
            raise
        except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError, LookupError, RecursionError) as error:
            raise BadInput(
                f"{repo}: its recording is of another form than Hugging Face's ({type(error).__name__}), so nothing is "
                "known of the model; record it again with 'kaitops preset record', or delete it"
            ) from None


def _numbers(entry: Object) -> Numbers:
    load_format = entry.get("load_format", "auto")
    repo = entry["name"].lower()
    return Numbers(
        name=repo.rsplit("/", 1)[-1],
        repo=repo,
        size=entry["size"],
        architectures=tuple(entry.get("architectures", ())),
        token_limit=entry.get("token_limit", DEFAULT_TOKEN_LIMIT),
        hidden_size=entry.get("hidden_size", 0),
        layers=entry.get("layers", 0),
        attention_heads=entry.get("attention_heads", 0),
        kv_heads=entry.get("kv_heads", 0),
        head_dim=entry.get("head_dim", 0),
        kv_lora_rank=entry.get("kv_lora_rank"),
        qk_rope_head_dim=entry.get("qk_rope_head_dim", 0),
        load_format=load_format,
        config_format=entry.get("config_format", load_format),
        tokenizer_mode=entry.get("tokenizer_mode", load_format),
        quant_method=entry.get("quant_method", ""),
        quant_bits=entry.get("quant_bits", 0),
    )
