"""Models of one's own: the five ways to serve weights that no preset describes, each a typed choice."""

from pydantic import Field

from kaitops.fleet.values import Count, Declared, Image, ObjectName, Quantity, SecretName, Url


class Server(Declared):
    """What every custom model has: the container that answers requests."""

    image: Image
    """Image of the server, with a tag or digest."""
    pullSecrets: list[SecretName] = []
    """Secrets to pull the images of its pod with, where the machines may not."""
    command: list[str] = []
    """Entry point; the image's own where empty."""
    args: list[str] = []
    """Arguments of the entry point."""
    env: dict[str, str] = {}
    """Plain environment variables; a value of four signs or more under a name that means a secret is refused here."""
    secretEnv: dict[str, SecretName] = {}
    """Secrets by the environment variable that each gives; the key within the Secret bears the variable's name."""
    port: Count = 5000
    """Port that answers HTTP."""
    health: str = "/health"
    """Path of the health probe."""
    cpu: Quantity | None = None
    """CPU request."""
    memory: Quantity | None = None
    """Memory request and limit."""
    gpus: int = Field(default=1, ge=0)
    """GPUs that the container asks for."""
    sharedMemory: Quantity = "8Gi"
    """Most of the node's memory that /dev/shm may take."""
    runAsRoot: bool = False
    """Let the image run as the user it names, root included; else it runs as user 1000, with a home of its own."""


class CpuImage(Server):
    """An image with its weights inside that runs on processors only."""

    gpus: int = Field(default=0, ge=0, le=0)
    """Always 0."""


class HuggingFace(Server):
    """A model that the server downloads from Hugging Face, with a token from a Secret where it is not public."""

    model: str = Field(pattern=r"^[\w.-]+/[\w.-]+$")
    """Repository id, owner/model; passed as MODEL_ID."""
    secret: SecretName | None = None
    """Secret with the key HF_TOKEN; the model's own where absent. A public model needs none."""
    revision: str | None = None
    """Commit to pin the weights to."""


class Volume(Server):
    """Weights on an Azure volume that a PersistentVolumeClaim gives."""

    claim: ObjectName
    """PersistentVolumeClaim with the weights."""
    path: str = Field(default="/mnt/models", pattern=r"^/")
    """Where the weights are mounted, read-only."""


class Blob(Server):
    """Weights fetched from blob storage by an init container, authorised by workload identity."""

    account: str = Field(pattern=r"^[a-z0-9]{3,24}$")
    """Storage account."""
    container: str = Field(pattern=r"^[a-z0-9]([a-z0-9-]{1,61}[a-z0-9])$")
    """Container within the account."""
    prefix: str = ""
    """Folder within the container; all of it is fetched, and the server finds it at path."""
    serviceAccount: ObjectName
    """Service account federated with an identity that may read the container."""
    fetchImage: Image = "mcr.microsoft.com/azure-cli:2.77.0"
    """Image of the init container; it needs the Azure CLI."""
    path: str = Field(default="/mnt/models", pattern=r"^/")
    """Where the weights are mounted."""
    size: Quantity = "100Gi"
    """Room for the weights on the node's disk."""


class AzureML(Server):
    """A model of an Azure ML registry, fetched by an init container, authorised by workload identity."""

    registry: str = Field(min_length=1)
    """Name of the registry."""
    model: str = Field(min_length=1)
    """Name of the model."""
    version: str = Field(min_length=1)
    """Version of the model."""
    serviceAccount: ObjectName
    """Service account federated with an identity that may read the registry."""
    fetchImage: Image = "mcr.microsoft.com/azure-cli:2.77.0"
    """Image of the init container; it needs the Azure CLI with its ml extension."""
    path: str = Field(default="/mnt/models", pattern=r"^/")
    """Where the weights are mounted."""
    size: Quantity = "100Gi"
    """Room for the weights on the node's disk."""


class Custom(Declared):
    """Exactly one of the five patterns."""

    cpuImage: CpuImage | None = None
    """An image with its weights inside, on processors."""
    huggingFace: HuggingFace | None = None
    """A Hugging Face model, public or private."""
    volume: Volume | None = None
    """Weights on an Azure volume."""
    blob: Blob | None = None
    """Weights from blob storage."""
    azureML: AzureML | None = None
    """A model of an Azure ML registry."""

    @property
    def chosen(self) -> Server | None:
        """The pattern that is set; None unless exactly one is."""
        given = [one for one in (self.cpuImage, self.huggingFace, self.volume, self.blob, self.azureML) if one]
        return given[0] if len(given) == 1 else None


class DataSource(Declared):
    """Where data comes from: exactly one of the three."""

    urls: list[Url] | None = None
    """Files to download."""
    image: Image | None = None
    """OCI image with the data."""
    claim: ObjectName | None = None
    """PersistentVolumeClaim in the same namespace."""
    pullSecrets: list[SecretName] = []
    """Secrets to pull the image with."""


class DataDestination(Declared):
    """Where a tuned adapter goes: exactly one of image and claim."""

    image: Image | None = None
    """OCI image to push."""
    pushSecret: SecretName | None = None
    """Secret to push the image with; KAITO demands it beside an image."""
    claim: ObjectName | None = None
    """PersistentVolumeClaim to write to."""
