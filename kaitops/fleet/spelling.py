"""What is said of a text that has not the form of its key, in words instead of its pattern."""

WORDS = {
    r"^\S+$": "has a space in it or is empty; write it without",
    r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$": (
        "is no name of an object: it is of small letters a to z, digits and '-', 63 at most"
    ),
    r"^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$": (
        "is no name of an object: it is of small letters a to z, digits, '-' and '.', 253 at most"
    ),
    r"^(0(\.\d+)?|1(\.0+)?)$": "is no share: write a number from 0 to 1 in quotes, such as '0.5'",
    r"^v?[0-9]+\.[0-9]+\.[0-9]+\S*$": "is no version: write three numbers, such as 2.18.0",
    r"^(https|oci)://\S+$": "is no address of charts: write it as https://charts.example.com or oci://registry/path",
    r"^[0-9]+(\.[0-9]+)?(Ki|Mi|Gi|Ti|k|M|G|T|m)?$": (
        "is no amount of Kubernetes: write a number with its unit, such as 16Gi, 500m or '8'"
    ),
    r"^https?://\S+$": "is no address: begin it with https:// or http://",
    r"^/": "is no whole path: begin it with /",
    r"^[a-z0-9]{3,24}$": "is no name of a storage account: it is of 3 to 24 small letters a to z and digits",
    r"^[a-z0-9]([a-z0-9-]{1,61}[a-z0-9])$": (
        "is no name of a container: it is of 3 to 63 small letters a to z, digits and '-'"
    ),
    r"^https://\S+$": "is no address: begin it with https://",
    r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$": (
        "is no registry: write host and path without a scheme, as contoso.azurecr.io/team"
    ),
    r"^((https?|ssh|file)://\S+|[\w.-]+@[\w.-]+:\S+)$": (
        "is no address of a git repository: write it as https://git.example.com/team/fleet.git"
    ),
    r"^oci://\S+$": "is no address of an artifact: begin it with oci://",
    r"^[^/\s][^\s]*$": "is no path within the repository: write it without a / in front and without spaces",
    r"^([0-9]+h)?([0-9]+m)?([0-9]+s)?$": "is no length of time: write it as 10m, 1h30m or 45s",
    r"^sha256:[0-9a-f]{64}$": "is no digest, which is sha256: and 64 digits 0 to 9 and a to f behind it",
    r"^\S+( \S+){4}$": "is no time of cron: write five fields, such as 0 7 * * 1-5",
    r"^[A-Za-z0-9]+([/_+-][A-Za-z0-9]+)*$": "is no time zone: write a name such as Europe/Berlin",
    r"^[\w.-]+/[\w.-]+$": "is no model of Hugging Face: write owner and model, such as microsoft/phi-4",
    r"^(\*\.)?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$": (
        "is no name of a host: it is of small letters a to z, digits, '-' and '.', such as chat.example.com"
    ),
    r"^/([A-Za-z0-9_~-][A-Za-z0-9._~-]*(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*)?$": (
        "is no path of a route: begin it with /, end it without, and use letters, digits, '-', '_', '.' and '~'"
    ),
    r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,252}$": (
        "is no name in a store: it is of letters, digits, '.', '_', '/' and '-', 253 at most"
    ),
    r"^[0-9]+[smh]$": "is no length of time: write a number with s, m or h, such as 1h",
}
"""By the pattern of the key."""
