"""Models of one's own: the five ways to serve weights that no preset describes, each a typed choice."""

from pydantic import Field

from kaitops.fleet.values import Count, Declared, Image, ObjectName, Quantity, SecretName, Url


class Server(Declared):
    """What every custom model has: the container that answers requests."""

    image: Image
    """Image of the server, with a tag or digest."""
    command: list[str] = []
    """Entry point; the image's own where empty."""
    args: list[str] = []
    env: dict[str, str] = {}
    """Plain environment variables; secrets go through references."""
    port: Count = 5000
    health: str = "/health"
    """Path of the health probe."""
    cpu: Quantity | None = None
    memory: Quantity | None = None
    gpus: int = Field(default=1, ge=0)
    """GPUs that the container asks for."""


class CpuImage(Server):
    """An image with its weights inside that runs on processors only."""

    gpus: int = Field(default=0, ge=0, le=0)


class HuggingFace(Server):
    """A private model that the server downloads from Hugging Face with a token from a Secret."""

    model: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    """Repository id, owner/model; passed as MODEL_ID."""
    secret: SecretName
    """Secret with the key HF_TOKEN."""
    revision: str | None = None
    """Commit to pin the weights to."""


class Volume(Server):
    """Weights on an Azure volume that a PersistentVolumeClaim gives."""

    claim: ObjectName
    path: str = Field(default="/mnt/models", pattern=r"^/")
    """Where the weights are mounted, read-only."""


class Blob(Server):
    """Weights fetched from blob storage by an init container, authorised by workload identity."""

    account: str = Field(pattern=r"^[a-z0-9]{3,24}$")
    """Storage account."""
    container: str = Field(pattern=r"^[a-z0-9]([a-z0-9-]{1,61}[a-z0-9])$")
    prefix: str = ""
    """Folder within the container; all of it is fetched."""
    serviceAccount: ObjectName
    """Service account federated with an identity that may read the container."""
    fetchImage: Image = "mcr.microsoft.com/azure-cli:2.77.0"
    """Image of the init container; it needs the Azure CLI."""
    path: str = Field(default="/mnt/models", pattern=r"^/")
    size: Quantity = "100Gi"
    """Room for the weights on the node's disk."""


class AzureML(Server):
    """A model of an Azure ML registry, fetched by an init container, authorised by workload identity."""

    registry: str = Field(min_length=1)
    model: str = Field(min_length=1)
    version: str = Field(min_length=1)
    serviceAccount: ObjectName
    fetchImage: Image = "mcr.microsoft.com/azure-cli:2.77.0"
    """Image of the init container; it needs the Azure CLI with its ml extension."""
    path: str = Field(default="/mnt/models", pattern=r"^/")
    size: Quantity = "100Gi"


class Custom(Declared):
    """Exactly one of the five patterns."""

    cpuImage: CpuImage | None = None
    huggingFace: HuggingFace | None = None
    volume: Volume | None = None
    blob: Blob | None = None
    azureML: AzureML | None = None

    @property
    def chosen(self) -> Server | None:
        """The pattern that is set; None unless exactly one is."""
        given = [one for one in (self.cpuImage, self.huggingFace, self.volume, self.blob, self.azureML) if one]
        return given[0] if len(given) == 1 else None


class DataSource(Declared):
    """Where data comes from: exactly one of the three."""

    urls: list[Url] | None = None
    image: Image | None = None
    claim: ObjectName | None = None
    """PersistentVolumeClaim in the same namespace."""
    pullSecrets: list[SecretName] = []


class DataDestination(Declared):
    """Where a tuned adapter goes: exactly one of image and claim."""

    image: Image | None = None
    pushSecret: SecretName | None = None
    """Secret to push the image with; KAITO demands it beside an image."""
    claim: ObjectName | None = None
