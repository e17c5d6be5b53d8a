"""Where tuning data and adapters come from, and where results go."""

from kaitops.kaito.admission.review import Document
from kaitops.kaito.golang.url import is_internal_address, parse_request_uri
from kaitops.kaito.kubernetes import image_reference
from kaitops.kaito.kubernetes.field_errors import Findings, generic, invalid_value, missing_field

_METADATA_HOSTS = frozenset({"metadata.google.internal", "metadata.google", "instance-data.ec2.internal"})


def check_source(source: Document, *, check_urls: bool = True) -> Findings:
    """Exactly one of URLs, volume and image; each URL and the image of an accepted form.

    Args:
        source: the data source.
        check_urls: False for v1alpha1, which takes any URL.
    """
    found: Findings = []
    given = 0
    if urls := source.get("urls"):
        if check_urls:
            found += [invalid_value(problem, "URLs") for problem in map(url_problem, urls) if problem]
        given += 1
    if source.get("image"):
        found += check_image(source, "input")
        given += 1
    if source.get("volumeSource") is not None:
        given += 1
    if given != 1:
        found.append(generic("Exactly one of URLs, Volume, or Image must be specified", "URLs", "Volume", "Image"))
    return found


def check_destination(destination: Document) -> Findings:
    """Exactly one of volume and image; an image needs credentials to push it."""
    found = check_image(destination, "output")
    given = 0
    if destination.get("image"):
        if not destination.get("imagePushSecret"):
            found.append(missing_field("Must specify imagePushSecret with destination image"))
        given += 1
    if destination.get("volumeSource") is not None:
        given += 1
    if given != 1:
        found.append(missing_field("Exactly one of Volume or Image must be specified"))
    return found


def check_source_update(source: Document, old: Document) -> Findings:
    """Tuning data keeps its name."""
    found: Findings = []
    if (source.get("name") or "") != (old.get("name") or ""):
        found.append(invalid_value("During tuning Name field cannot be changed once set", "Name"))
    return found + check_image(source, "input")


def check_image(part: Document, direction: str) -> Findings:
    """The image, if any, is an image reference."""
    image = part.get("image")
    problem = image_reference.problem(image) if image else None
    return [invalid_value(f"Unable to parse {direction} image reference: {problem}", "Image")] if problem else []


def url_problem(text: str) -> str | None:
    """Why KAITO will not fetch data from a URL; None where it will."""
    try:
        url = parse_request_uri(text)
    except ValueError:
        return "invalid data source URL"
    if not url.host:
        return "invalid data source URL"
    if url.scheme not in ("http", "https"):
        return "data source URL must use HTTP or HTTPS"
    host = url.hostname.lower()
    if host == "localhost" or host.endswith(".localhost") or host in _METADATA_HOSTS:
        return "data source URL must not target a local or metadata endpoint"
    if is_internal_address(host.partition("%")[0]):
        return "data source URL must not target a loopback, private, or link-local address"
    return None
