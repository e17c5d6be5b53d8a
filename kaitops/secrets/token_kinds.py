"""The forms in which a secret value is known by itself: prefixes of services, keys, credentials.

Owns the patterns. Each has a literal that every match contains, so that a text without it costs nothing, and each takes
time that grows with the text and no faster, whatever the text.
"""

import re
from functools import lru_cache
from typing import NamedTuple


class Kind(NamedTuple):
    """One form.

    Attributes:
        literal: what every match contains, in lower case where ``folds``.
        source: of the pattern.
        group: of the pattern that the value is.
        whole: the value may not be cut into lines, since what surrounds it is what tells it.
    """

    name: str
    literal: str
    source: str
    folds: bool = False
    group: int = 0
    whole: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """The form; made where a text holds the literal, as most runs need few of them."""
        return _compiled(self.source, re.ASCII | re.IGNORECASE if self.folds else re.ASCII)


@lru_cache(maxsize=128)
def _compiled(source: str, flags: int) -> re.Pattern[str]:
    return re.compile(source, flags)


def _kind(name: str, literal: str, pattern: str, *, group: int = 0, whole: bool = False) -> Kind:
    return Kind(name, literal, pattern, group=group, whole=whole)


def _header(name: str, literal: str, pattern: str) -> Kind:
    return Kind(name, literal, pattern, folds=True, group=1, whole=True)


def _address(literal: str, pattern: str) -> Kind:
    return Kind("an address with its secret", literal, pattern, group=1)


_AUTHORIZATION = (
    r"authorization[\"']?[ \t]{0,8}[:=][ \t]{0,8}[\"']?(?:bearer|basic|token)[ \t]{1,8}([^\s\"'$<{}\\]{6,})"
)
# Without the header's name it takes a digit to be more than a word.
_BEARER = r"(?<![a-z0-9])bearer[ \t]{1,8}((?=[a-z._~+/=-]{0,200}[0-9])[a-z0-9._~+/=-]{8,})"

KINDS = (
    _kind("a Hugging Face token", "hf_", r"(?<![A-Za-z0-9])hf_(?:oauth_|jwt_)?[A-Za-z0-9]{20,}"),
    _kind("a Hugging Face token", "api_org_", r"(?<![A-Za-z0-9])api_org_[A-Za-z0-9]{20,}"),
    _kind("a GitHub token", "gh", r"(?<![A-Za-z0-9])gh[pousr]_[A-Za-z0-9]{20,}"),
    _kind("a GitHub token", "github_pat_", r"(?<![A-Za-z0-9])github_pat_[A-Za-z0-9_]{20,}"),
    _kind("a GitLab token", "gl", r"(?<![A-Za-z0-9])gl(?:pat|dt|rtr?|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_-]{16,}"),
    _kind("an AWS access key", "IA", r"(?<![A-Za-z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![A-Za-z0-9])"),
    _kind("a Slack token", "xox", r"(?<![A-Za-z0-9])xox[abceposr]-[A-Za-z0-9-]{10,}"),
    _kind("a Slack token", "xapp-", r"(?<![A-Za-z0-9])xapp-[0-9]-[A-Za-z0-9-]{10,}"),
    _kind("an API key", "k-", r"(?<![A-Za-z0-9])(?:sk|pk|rk)-[A-Za-z0-9_-]{20,}"),
    _kind("a Stripe key", "k_", r"(?<![A-Za-z0-9])[srp]k_(?:live|test)_[A-Za-z0-9]{10,}"),
    _kind("a webhook secret", "whsec_", r"(?<![A-Za-z0-9])whsec_[A-Za-z0-9+/=]{16,}"),
    _kind("an npm token", "npm_", r"(?<![A-Za-z0-9])npm_[A-Za-z0-9]{30,}"),
    _kind("a PyPI token", "pypi-", r"(?<![A-Za-z0-9])pypi-[A-Za-z0-9_-]{16,}"),
    _kind("a Docker token", "dckr_", r"(?<![A-Za-z0-9])dckr_(?:pat|oat)_[A-Za-z0-9_-]{16,}"),
    _kind("an NVIDIA API key", "nvapi-", r"(?<![A-Za-z0-9])nvapi-[A-Za-z0-9_-]{16,}"),
    _kind("a Google API key", "AIza", r"(?<![A-Za-z0-9])AIza[0-9A-Za-z_-]{30,}"),
    _kind("a Google client secret", "GOCSPX-", r"(?<![A-Za-z0-9])GOCSPX-[A-Za-z0-9_-]{16,}"),
    _kind("a Google access token", "ya29.", r"(?<![A-Za-z0-9])ya29\.[A-Za-z0-9_-]{20,}"),
    _kind("a Vault token", "hv", r"(?<![A-Za-z0-9])hv[sbr]\.[A-Za-z0-9_-]{20,}"),
    _kind("a SendGrid key", "SG.", r"(?<![A-Za-z0-9])SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}"),
    _kind("a DigitalOcean token", "_v1_", r"(?<![A-Za-z0-9])do[opr]_v1_[0-9a-f]{32,}"),
    _kind("a Databricks token", "dapi", r"(?<![A-Za-z0-9])dapi[0-9a-f]{32}(?![0-9a-f])"),
    _kind("an API key", "gsk_", r"(?<![A-Za-z0-9])gsk_[A-Za-z0-9]{20,}"),
    _kind("an API key", "r8_", r"(?<![A-Za-z0-9])r8_[A-Za-z0-9]{20,}"),
    _kind("a Grafana token", "gl", r"(?<![A-Za-z0-9])gl(?:sa|c)_[A-Za-z0-9_+/=]{32,}"),
    _kind("a Tailscale key", "tskey-", r"(?<![A-Za-z0-9])tskey-[a-z]{2,12}-[A-Za-z0-9-]{16,}"),
    _kind("a Pulumi token", "pul-", r"(?<![A-Za-z0-9])pul-[0-9a-f]{40}(?![0-9a-f])"),
    _kind("a Terraform token", ".atlasv1.", r"[A-Za-z0-9]{10,20}\.atlasv1\.[A-Za-z0-9_=-]{40,}"),
    _kind("an API key", "xai-", r"(?<![A-Za-z0-9])xai-[A-Za-z0-9]{40,}"),
    _kind("an API key", "NRAK-", r"(?<![A-Za-z0-9])NRAK-[A-Z0-9]{20,}"),
    _kind("an API key", "PMAK-", r"(?<![A-Za-z0-9])PMAK-[0-9a-f]{20,}-[0-9a-f]{20,}"),
    _kind("a Sentry token", "sntry", r"(?<![A-Za-z0-9])sntry[su]_[A-Za-z0-9_+/=]{32,}"),
    _kind("a Shopify token", "shp", r"(?<![A-Za-z0-9])shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    _kind("a 1Password token", "ops_eyJ", r"(?<![A-Za-z0-9])ops_eyJ[A-Za-z0-9_=-]{20,}"),
    _kind("a Doppler token", "dp.", r"(?<![A-Za-z0-9.])dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{32,}"),
    _kind("a Fly.io token", "fm2_", r"(?<![A-Za-z0-9])fm2_[A-Za-z0-9+/=_-]{40,}"),
    # Of services whose tokens begin with their name: which one, and for what, and the value.
    *(
        _kind("an API key", literal, rf"(?<![A-Za-z0-9]){literal}{rest}_[A-Za-z0-9_.-]{{32,}}")
        for literal, rest in (
            ("lin_api", ""), ("lsv2_", "(?:pt|sk)"), ("tgp_v1", ""), ("rubygems", ""), ("pscale_", "(?:tkn|pw|oauth)"),
        )
    ),
    _address("hooks.slack.com/", r"hooks\.slack\.com/(?:services|workflows)/([A-Za-z0-9_/]{20,})"),
    _address("/api/webhooks/", r"discord(?:app)?\.com/api/webhooks/[0-9]{10,}/([A-Za-z0-9_-]{30,})"),
    _address("/IncomingWebhook/", r"/IncomingWebhook/([0-9a-f]{32}/[0-9a-f-]{30,})"),
    _kind("a private key", "\"kty\"", r"\"[dk]\"\s{0,8}:\s{0,8}\"([A-Za-z0-9_-]{20,})\"", group=1, whole=True),
    _kind("an Atlassian token", "ATATT3", r"(?<![A-Za-z0-9])ATATT3[A-Za-z0-9_=-]{20,}"),
    _kind("an age key", "AGE-SECRET-KEY-", r"AGE-SECRET-KEY-1[A-Z0-9]{20,}"),
    _kind("a JSON web token", "eyJ", r"(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*"),
    _kind("a private key", "PRIVATE KEY", r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY[A-Z ]{0,10}-----", whole=True),
    _kind("an Azure storage key", "==", r"(?<![A-Za-z0-9+/])(?<!sha512-)[A-Za-z0-9+/]{86}=="),
    _kind("an Azure storage key", "AccountKey=", r"AccountKey=([A-Za-z0-9+/=]{20,})", group=1),
    _kind("an Azure access key", "SharedAccessKey=", r"SharedAccessKey=([A-Za-z0-9+/=]{16,})", group=1),
    _kind("a shared access signature", "sig=", r"(?<![A-Za-z0-9])sig=[A-Za-z0-9%+/=_-]{20,}"),
    _kind("a shared access signature", "sig=", r"(?<=[?&;])sig=[A-Za-z0-9%+/=_-]{4,}"),
    _kind("an Azure client secret", "8Q~", r"(?<=[A-Za-z0-9_~.-]{3})8Q~[A-Za-z0-9_~.-]{31,34}"),
    _header("a credential of a header", "authorization", _AUTHORIZATION),
    _header("a bearer token", "bearer", _BEARER),
)  # fmt: skip
