"""The base of KAITO's kinds as Pulumi resources: registration, checks, readiness, replacement.

Owns what all kinds share. Which fields a kind has is the business of its module, what KAITO admits that of
``kaitops.kaito``. Keys stay as they are in the manifest; nothing is translated on the way in or out.
"""

from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from inspect import Signature, signature
from typing import Any, ClassVar, Self, cast

import pulumi

from kaitops.components.refusals import Refused, refuse_unknown, told
from kaitops.components.resources import RELEASE, checking, given, readiness, succession, transforming
from kaitops.components.resources.readiness import Readiness
from kaitops.documents.plain import MutableObject, Object, at, items
from kaitops.errors import BadInput
from kaitops.kaito.lifecycle import Lifecycle
from kaitops.kaito.release import Release

_GROUP = "kaito.sh"
_VERSIONS = ("v1beta1", "v1alpha1")


@cache
def provider_version() -> str:
    """The version of the Kubernetes provider that belongs to the installed ``pulumi-kubernetes``."""
    # Asked of the package's metadata: importing the package costs more than all else that a program does.
    return version("pulumi-kubernetes")


class KaitoResource(pulumi.CustomResource):
    """A custom resource of KAITO's.

    Class attributes:
        KIND, VERSION: of the kind.
    """

    KIND: ClassVar[str]
    VERSION: ClassVar[str]
    __signature__: ClassVar[Signature]
    _waits = False

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Have a kind known by the arguments of its constructor, which ``__new__`` would hide."""
        super().__init_subclass__(**kwargs)
        constructor = signature(cls.__init__)
        cls.__signature__ = constructor.replace(parameters=[*constructor.parameters.values()][1:])

    def __new__(cls, *_: Any, **given: Any) -> Self:
        """Have a misspelt argument told by its name.

        Not around the constructor: the SDK takes what calls that for the line of the program that declares.
        """
        refuse_unknown(cls.__name__, given, cls.__signature__.parameters)
        return super().__new__(cls)

    @told
    def _declare(
        self,
        name: str,
        metadata: Any,
        body: Object,
        *,
        await_ready: bool | Readiness,
        blue_green: bool,
        controllers: Object | None,
        opts: pulumi.ResourceOptions | None,
        admitted: bool = False,
    ) -> None:
        """Check and register the object.

        Raises:
            BadInput: KAITO would refuse it, or arguments contradict each other.
        """
        subject = f"{self.KIND} {name}"
        release, lifecycle = Release.load(RELEASE), Lifecycle.of(RELEASE, self.KIND)
        if controllers is not None:
            checking.check_controllers(subject, controllers)
        if not admitted:
            metadata = given.metadata(metadata, f"{subject}: metadata")
            body = {key: given.settled(value, f"{subject}: {key}") for key, value in body.items() if value is not None}
        if not isinstance(cast("object", blue_green), bool):
            raise BadInput(f"{subject}: blue_green: is {blue_green!r}, so nothing is said; write True or False")
        if blue_green:
            metadata, body = succession.dated(subject, name, metadata, body, lifecycle)
        document = {"apiVersion": self.api_version(), "kind": self.KIND, **body}
        if ours := readiness.annotations(await_ready, lifecycle, document, release):
            metadata = readiness.annotated(metadata, ours, subject)
        if metadata is not None:
            document["metadata"] = metadata
        gate: list[pulumi.Output[Any]] = []
        if not admitted:
            if checking.is_plain(document):
                checking.check(subject, document, release, controllers)
                checking.warn(subject, document, release, controllers)
            else:
                checking.check_shape(subject, document, release)
                gate.append(_checked_later(subject, document, release, controllers))
        named = blue_green or not _has_name(metadata)
        options = self._options(opts, lifecycle, document, controllers, collides=not named, gate=gate)
        self._waits = await_ready is not False
        aliases: list[Any] = list(options.aliases or ())
        options.aliases = aliases
        super().__init__(
            self.token(),
            name,
            {"metadata": None, **document, "status": None},
            options,
        )
        # Added before the loop comes to register the object. What the SDK derives from an alias in the constructor is
        # of use to children only, and costs half as much again as all the rest of it.
        aliases += [pulumi.Alias(type_=self.token(other)) for other in _VERSIONS if other != self.VERSION]

    @classmethod
    def api_version(cls) -> str:
        """``group/version`` of the kind."""
        return f"{_GROUP}/{cls.VERSION}"

    @classmethod
    def token(cls, api_version: str = "") -> str:
        """Pulumi's type of the kind, from which the provider reads group, version and kind."""
        return f"kubernetes:{_GROUP}/{api_version or cls.VERSION}:{cls.KIND}"

    def _options(
        self,
        opts: pulumi.ResourceOptions | None,
        lifecycle: Lifecycle,
        document: Object,
        controllers: Object | None,
        *,
        collides: bool,
        gate: "Sequence[pulumi.Output[Any]]",
    ) -> pulumi.ResourceOptions:
        """The user's options with ours beside them; where both say something, the user's stand."""
        users = opts or pulumi.ResourceOptions()
        open_gates: Object = (controllers or {}).get("featureGates", {})
        # The trigger below speaks for parts that come or go, unless the user has one of another meaning.
        paths = succession.fixed(document, lifecycle) if users.replacement_trigger is None else [*lifecycle.immutable]
        for name, more in lifecycle.gated.items():
            if open_gates.get(name):
                paths += more
        ours = pulumi.ResourceOptions(
            replace_on_changes=paths,
        )
        if users.version is None:
            ours.version = provider_version()
        if collides and users.delete_before_replace is None:
            # A second object of the same name cannot be created beside the first.
            ours.delete_before_replace = True
        if lifecycle.presence and users.replacement_trigger is None:
            # A part that comes or goes is refused, a change inside of it is not: no path says that.
            transforming.mend()
            ours.replacement_trigger = succession.present(document, lifecycle)
        if gate:
            # Registration waits for its dependencies, so a refusal comes first; each of these resolves to no resource.
            ours.depends_on = cast("Any", list(gate))
        return pulumi.ResourceOptions.merge(users, ours)

    @classmethod
    def get(cls, name: str, id: pulumi.Input[str], opts: pulumi.ResourceOptions | None = None) -> Self:  # noqa: A002
        """An object that is in the cluster already, read and not managed.

        Args:
            name: name of the resource in the program.
            id: ``namespace/name``, or the name alone of a kind without namespaces.
        """
        read = pulumi.ResourceOptions(id=id)
        if opts is None or opts.version is None:
            read.version = provider_version()
        made = cls.__new__(cls)
        nothing: MutableObject = dict.fromkeys(("metadata", "status"))
        pulumi.CustomResource.__init__(made, cls.token(), name, nothing, pulumi.ResourceOptions.merge(opts, read))
        return made

    @classmethod
    @told
    def from_manifest(
        cls,
        name: str,
        document: Object,
        *,
        await_ready: bool | Readiness = False,
        blue_green: bool = False,
        controllers: Object | None = None,
        opts: pulumi.ResourceOptions | None = None,
        admitted: bool = False,
    ) -> Self:
        """A resource from a whole manifest.

        Args:
            name: name of the resource in the program.
            admitted: the manifest was rendered by kaitops and checked then, so it is not checked again.

        Raises:
            BadInput: the manifest is of another kind or version, or KAITO would refuse it.
        """
        found = f"{document.get('apiVersion')} {document.get('kind')}"
        if found != f"{cls.api_version()} {cls.KIND}":
            raise BadInput(
                f"{cls.KIND} {name}: the manifest is of {found}, which this class cannot register; take the class of "
                f"its kind, and write {cls.api_version()}"
            )
        made = cls.__new__(cls)
        body = {
            key: value for key, value in document.items() if key not in ("apiVersion", "kind", "metadata", "status")
        }
        made._declare(
            name,
            document.get("metadata"),
            body,
            await_ready=await_ready,
            blue_green=blue_green,
            controllers=controllers,
            opts=opts,
            admitted=admitted,
        )
        return made

    @property
    def name(self) -> pulumi.Output[str]:
        """Name of the object in the cluster."""
        told: pulumi.Output[Any] = self.__dict__["metadata"]
        return told.apply(lambda about: str(about["name"]))

    @property
    def ready(self) -> pulumi.Output[bool]:
        """Whether the object was ready when it was last read."""
        wanted = Lifecycle.of(RELEASE, self.KIND).ready

        def is_ready(value: object) -> bool:
            rows = items(at(value, "conditions"))
            return any(at(row, "type") == wanted and at(row, "status") == "True" for row in rows)

        return self._seen().apply(is_ready)

    def _output(self, name: str) -> "pulumi.Output[Any]":
        output: pulumi.Output[Any] = self._seen() if name == "status" else self.__dict__[name]
        return output.apply(checking.whole)

    def _seen(self) -> "pulumi.Output[Any]":
        """The status. A preview of an object that is there and is not waited for knows it, also where it has none.

        The SDK takes what the engine does not mention in a preview for unknown, and a preview of no change would then
        show one in all that depends on it.
        """
        told: pulumi.Output[Any] = self.__dict__["status"]

        async def known() -> bool:
            return await told.is_known() or (not self._waits and await self.id.is_known())

        return pulumi.Output(told.resources(), told.future(), known(), told.is_secret())


def _held(subject: str, document: Object) -> None:
    """Refuse an Output that came to nothing: its key is sent as a null."""
    # Of a whole part that came to nothing the engine is told nothing.
    parts = [(key, value) for key, value in document.items() if value is not None]
    found = [path for key, value in parts for path in given.nothing(value, key)]
    if found:
        raise BadInput(
            f"{subject}: {', '.join(found)}: came to nothing (None), so a null would be sent, which the server drops "
            "and the engine finds changed at every run; give the Output a value, or leave the key out"
        )


def _has_name(metadata: Any) -> bool:
    # Of metadata that is an Output nothing is known; it is taken to hold a name.
    return isinstance(metadata, pulumi.Output) or bool(metadata and metadata.get("name"))


def _checked_later(subject: str, document: Object, release: Release, controllers: Object | None) -> pulumi.Output[Any]:
    """The check, made once every value is known; it fails, or becomes no dependency."""
    whole: pulumi.Output[Any] = pulumi.Output.from_input(dict(document))

    async def run(value: Object) -> None:
        try:
            _held(subject, value)
            known = cast("Object", checking.whole(value))
            checking.check(subject, known, release, controllers)
            if not await whole.is_secret():
                checking.warn(subject, known, release, controllers)
        except BadInput as error:
            if not await whole.is_secret():
                raise Refused(str(error)) from error
            raise Refused(
                f"{subject}: KAITO {release.version} or the API server would refuse it; a value of it is secret, so "
                "the refusal is not repeated here; declare it with a plain value of the same form to read it"
            ) from None

    return whole.apply(cast("Any", run))
