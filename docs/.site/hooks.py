"""What the site has beyond the Markdown: the commands' page, the catalogue, and a list for programs that read.

Runs within MkDocs, by `make docs`.
"""

import io
import os
import re
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

import reference
from mkdocs.exceptions import ConfigurationError
from mkdocs.structure.files import File, Files, InclusionLevel

from kaitops import __version__
from kaitops.catalogue import collect, page, twin
from kaitops.cli.parser import VERBS, full_parser, parse
from kaitops.kaito import Release, facts
from kaitops.report import printable

# A link out of the documentation is one into the repository; where that is, only who publishes the site knows.
_REPOSITORY = os.environ.get("KAITOPS_REPOSITORY", "")
# What mike says while it builds one site of several: only these have others to choose from.
_BESIDE = os.environ.get("MIKE_DOCS_VERSION")
_OUT = re.compile(r"\[([^\]]+)\]\(((?:\.\./)+)([^)#]+)\)")
_pages: list[tuple[str, str, str]] = []


def on_config(config: Any) -> Any:
    """Say on each page which version it is about, and offer the others where there are any."""
    config.copyright = f"kaitops {__version__}, for KAITO {facts.newest()}"
    if _BESIDE is not None:
        if not f"{__version__}.".startswith(f"{_BESIDE}."):
            raise ConfigurationError(f"the site of {_BESIDE} would be built from kaitops {__version__}")
        config.extra["version"] = {"provider": "mike", "alias": True}
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add what is made, not written."""
    found = collect(Release.load(facts.newest()))
    files.append(File.generated(config, "commands.md", content=_commands()))
    files.append(File.generated(config, "catalogue.html", content=page(found)))
    files.append(File.generated(config, "catalogue.json", content=printable.as_json(twin(found), indent=1)))
    for path, content in reference.pages():
        # Reached from the tables and by the search: so many in the navigation would hide all else in it.
        files.append(File.generated(config, path, content=content, inclusion=InclusionLevel.NOT_IN_NAV))
    return files


def _help(verb: str) -> str:
    told = io.StringIO()
    with redirect_stdout(told), suppress(SystemExit):
        parse([verb, "--help"])
    return told.getvalue()


def _commands() -> str:
    os.environ["COLUMNS"] = "100"
    parts = ["# Commands\n", f"```text\n{full_parser(configured=False).format_help()}```\n"]
    parts += [f"## kaitops {verb}\n\n```text\n{_help(verb)}```\n" for verb in VERBS]
    return "\n".join(parts)


def on_page_markdown(markdown: str, page: Any, config: Any, files: Any) -> str:
    """Keep a link out of the documentation as a place in the repository."""
    source = Path(page.file.src_uri)
    markdown = _linked(page.file.src_uri, markdown)

    def inside(found: re.Match[str]) -> str:
        depth, there = len(found[2]) // 3, found[3]
        if depth <= len(source.parents) - 1:
            return found[0]
        return f"[{found[1]}]({_REPOSITORY}/blob/{_ref()}/{there})" if _REPOSITORY else f"{found[1]} (`{there}`)"

    return _OUT.sub(inside, markdown)


def _ref() -> str:
    return "main" if _BESIDE is None else f"v{__version__}"


def _linked(page: str, markdown: str) -> str:
    """Lead from each section of the two tables to the page with examples, which only the site has."""
    if page == "policies.md":
        return re.sub(
            r"^## (KAITO\d+)$",
            rf"\g<0>\n\n[A bad and a good manifest]({reference.RULES}/\1.md)\n",
            markdown,
            flags=re.MULTILINE,
        )
    if page != "fleet.md":
        return markdown
    known = reference.parts()

    def led(found: re.Match[str]) -> str:
        return (
            f"{found[0]}\n\n[Each key with an example]({reference.KEYS}/{found[1]}.md)\n"
            if found[1] in known
            else found[0]
        )

    return re.sub(r"^## (\w+)$", led, markdown, flags=re.MULTILINE)


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Take down what the page is about, for the list."""
    first = re.search(r"<p>(.*?)</p>", html, re.DOTALL)
    told = re.sub(r"<[^>]+>|\s+", " ", first[1]) if first else ""
    _pages.append((page.title, page.file.url, " ".join(told.split())))
    return html


def on_post_build(config: Any) -> None:
    """Write the list."""
    lines = [f"# {config.site_name} {__version__}", "", f"> {config.site_description}", "", "## Pages", ""]
    lines += [f"- [{title}]({url}): {told}" for title, url, told in sorted(_pages, key=lambda one: one[1])]
    lines += ["", "## Data", "", "- [catalogue.json](catalogue.json): every model on every machine size"]
    Path(config.site_dir, "llms.txt").write_text("\n".join(lines) + "\n", "utf-8")
