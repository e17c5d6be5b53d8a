"""Rule ``tokenizer``."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.view import View

_WAYS = (
    (
        r"downloading or loading vocab file|HarmonyError",
        "it fetches its vocabulary from another host than the weights, which the pod does not reach",
        "let the nodes reach openaipublic.blob.core.windows.net, or put the file into the image and name its folder in "
        "the variable TIKTOKEN_ENCODINGS_BASE",
    ),
    (
        r"Tokenizer class \S+ does not exist|did not match any variant of untagged enum"
        r"|instantiate the backend tokenizer|Tokenizer(Fast)?' object has no attribute"
        r"|requires the \w+ library but it was not found|sentencepiece is not installed",
        "its files are newer than the server's libraries, or lack a library",
        "fleet.yaml: {entry}.preset: a model that 'kaitops catalogue' lists, or a newer version of KAITO",
    ),
    (
        r"chat template string .* appears path-like|chat template .*(failed to be opened|not found|does not exist)",
        "the chat template that a flag names is not there",
        "fleet.yaml: {entry}.vllm.chat-template: a file that is in the image or mounted",
    ),
    (
        r"jinja2\.\S*(TemplateSyntaxError|TemplateAssertionError|UndefinedError)|TemplateSyntaxError",
        "the chat template is not written as Jinja reads it",
        "fleet.yaml: {entry}.vllm.chat-template: a template without the fault in the line above",
    ),
    (
        r"Can't load (tokenizer|image processor|feature extractor|processor) for"
        r"|tokenizer.*is not a (local folder|valid)|No tokenizer file found"
        r"|No such file .*tokenizer|Found 0 files matching the pattern.*token",
        "its files are not beside the weights",
        "put tokenizer.json and tokenizer_config.json of the same model beside the weights, and "
        "preprocessor_config.json where it reads pictures",
    ),
)


def _find(view: View) -> Said | None:
    return signs.by_ways(view, _WAYS, "the server does not load the tokenizer or processor")


RULE = Rule(
    "tokenizer",
    "weights",
    "degraded",
    "the tokenizer or chat template does not load: not there, too new, or fetched from elsewhere",
    "the server ends on every start",
    _find,
)
