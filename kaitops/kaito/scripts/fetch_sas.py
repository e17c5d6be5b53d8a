"""Gets a short-lived token for a blob container that holds model weights, and says where in it they are.

Environment: STREAM_DATAREFS_URL, of the service that knows the model; STREAM_IDENTITY_CLIENT_ID, whom to act as;
STREAM_SOURCE_TYPE, ``public`` or ``byo``; STREAM_ENV_FILE, where the answer goes as ``NAME='value'`` lines:
AZURE_STORAGE_SAS_TOKEN, AZURE_STORAGE_ACCOUNT_NAME and STREAM_MODEL_URI.
"""

import json
import os
import sys
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import Request, urlopen
from xml.etree import ElementTree

AUDIENCES = {"public": "https://management.azure.com", "byo": "https://ai.azure.com"}
TIMEOUT_SECONDS = 30


class Unusable(Exception):
    """The settings or an answer do not lead to a token."""


def endpoints(url, source):
    """Where the model is described, and where a token for it is made; query and fragment are kept."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if source == "byo":
        if path.endswith("/credentials"):
            raise Unusable("STREAM_DATAREFS_URL has to name the model, without /credentials at its end")
        model, token = path, f"{path}/credentials"
    else:
        head, found, tail = path.partition("/datarefs/")
        if not found:
            raise Unusable("STREAM_DATAREFS_URL of a public model has to hold /datarefs/")
        model, token = f"{head}/models/{tail}", path
    return tuple(urlunsplit(parts._replace(path=each)) for each in (model, token))


def call(url, bearer, body=None):
    """A JSON answer; a body makes it a POST."""
    headers = {"Authorization": f"Bearer {bearer}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(url, data=data, headers=headers), timeout=TIMEOUT_SECONDS) as answer:
        return json.load(answer)


def reference(answer, *keys):
    """The blob reference in an answer, under the first key that has one."""
    return next((answer[key] for key in keys if answer.get(key)), {})


def weights_directory(container_url):
    """The directory that all safetensors files of a container share, or nothing for its top."""
    names, marker = [], ""
    while True:
        page = f"{container_url}&restype=container&comp=list" + (f"&marker={quote(marker)}" if marker else "")
        with urlopen(page, timeout=TIMEOUT_SECONDS) as answer:
            listing = ElementTree.fromstring(answer.read().lstrip(b"\xef\xbb\xbf"))
        names += [blob.findtext("Name", "") for blob in listing.iter("Blob")]
        marker = listing.findtext("NextMarker") or ""
        if not marker:
            break
    folders = [os.path.dirname(name) for name in names if name.endswith(".safetensors")]
    return os.path.commonpath(folders) if folders and all(folders) else ""


def resolve(url, source, bearer):
    """The three values that the model server needs."""
    model_url, token_url = endpoints(url, source)
    model = call(model_url, bearer)
    blob = (model.get("properties") or {}).get("modelUri")
    blob = blob or reference(model, "blobReference", "blobReferenceForConsumption").get("blobUri")
    if not blob:
        raise Unusable("the description of the model names no blob")
    request = {"blobUri": blob}
    if source == "public" and model.get("id"):
        request["assetId"] = model["id"]
    granted = reference(call(token_url, bearer, request), "blobReferenceForConsumption", "blobReference")
    signed = (granted.get("credential") or {}).get("sasUri") or ""
    _, found, token = signed.partition("?")
    if not found:
        raise Unusable("the answer holds no signed address")
    place = urlsplit(blob)
    container = place.path.strip("/").split("/")[0]
    folder = weights_directory(signed)
    return {
        "AZURE_STORAGE_SAS_TOKEN": token,
        "AZURE_STORAGE_ACCOUNT_NAME": place.netloc.split(".")[0],
        "STREAM_MODEL_URI": f"az://{container}/{folder}" if folder else f"az://{container}",
    }


def bearer_token(client, audience):
    """A token of the pod's own identity."""
    from azure.identity import WorkloadIdentityCredential

    return WorkloadIdentityCredential(client_id=client).get_token(f"{audience}/.default").token


def main():
    """Write the answer; 1 where there is none."""
    source = os.environ["STREAM_SOURCE_TYPE"]
    try:
        if source not in AUDIENCES:
            raise Unusable(f"STREAM_SOURCE_TYPE is {source!r}; it has to be one of {', '.join(AUDIENCES)}")
        bearer = bearer_token(os.environ["STREAM_IDENTITY_CLIENT_ID"], AUDIENCES[source])
        values = resolve(os.environ["STREAM_DATAREFS_URL"], source, bearer)
    except Unusable as reason:
        print(f"no access to the weights: {reason}", file=sys.stderr)
        return 1
    target = os.environ["STREAM_ENV_FILE"]
    os.makedirs(os.path.dirname(target) or ".", exist_ok=True)
    with open(target, "w", encoding="utf-8") as file:
        for name, value in values.items():
            file.write("{}='{}'\n".format(name, value.replace("'", "'\\''")))
    print(f"weights at {values['STREAM_MODEL_URI']}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
