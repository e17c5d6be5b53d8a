"""The two forms of DNS names that Kubernetes checks names against, with Kubernetes' messages."""

import re

_LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?"
_SUBDOMAIN = rf"{_LABEL}(\.{_LABEL})*"
_IS_LABEL = re.compile(rf"{_LABEL}\Z")


def label_problems(value: str) -> list[str]:
    """What keeps a value from being an RFC 1123 label; empty where nothing does."""
    problems: list[str] = []
    if len(value.encode()) > 63:
        problems.append("must be no more than 63 characters")
    if not _IS_LABEL.match(value):
        if re.fullmatch(_SUBDOMAIN, value):
            problems.append("must not contain dots")
        else:
            problems.append(
                "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start "
                "and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is "
                f"'{_LABEL}')"
            )
    return problems


def subdomain_problems(value: str) -> list[str]:
    """What keeps a value from being an RFC 1123 subdomain; empty where nothing does."""
    problems: list[str] = []
    if len(value.encode()) > 253:
        problems.append("must be no more than 253 characters")
    if not re.fullmatch(_SUBDOMAIN, value):
        problems.append(
            "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
            "start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is "
            f"'{_SUBDOMAIN}')"
        )
    return problems
