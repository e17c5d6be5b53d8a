"""A helm that is played: it lays values over each other and puts them into templates that hold nothing but names.

Written to be a program of its own, so that what runs it need not have helm.
"""

import re
import sys
from pathlib import Path

SCRIPT = """\
#!{python} -I
import os, re, sys
sys.path[:0] = {path!r}
import yaml
words = sys.argv[1:]
if words[0] == "version":
    print("v3.20.0+played")
    raise SystemExit(0)
if os.environ["PATH"]:
    raise SystemExit("a search path")
files, sets, free, namespace, crds = [], [], [], "default", False
rest = words[1:]
while rest:
    word = rest.pop(0)
    if word in ("-f", "--values"):
        files.append(rest.pop(0))
    elif word in ("--set", "--set-string"):
        sets.append((word, rest.pop(0)))
    elif word == "--namespace":
        namespace = rest.pop(0)
    elif word == "--include-crds":
        crds = True
    elif not word.startswith("-"):
        free.append(word)
chart = free[-1]
name = free[0] if len(free) > 1 else "release-name"
def laid(one, two):
    for key, value in (two or {{}}).items():
        one[key] = laid(one[key], value) if isinstance(one.get(key), dict) and isinstance(value, dict) else value
    return one
held = {{}}
for file in [chart + "/values.yaml", *files]:
    if os.path.exists(file):
        laid(held, yaml.safe_load(open(file)))
for flag, text in sets:
    key, _, value = text.partition("=")
    value = value.replace("\\\\,", ",")
    for step in reversed(key.split(".")):
        value = {{step: value}}
    laid(held, value)
def put(found):
    steps = found[1].split(".")
    if steps[0] == "Release":
        return {{"Name": name, "Namespace": namespace}}[steps[1]]
    value = held
    for step in steps[1:]:
        value = value[step]
    return str(value)
title = yaml.safe_load(open(chart + "/Chart.yaml"))["name"]
for part in (["crds"] if crds else []) + ["templates"]:
    for file in sorted(os.listdir(chart + "/" + part)) if os.path.isdir(chart + "/" + part) else []:
        text = open(chart + "/" + part + "/" + file).read()
        print("---\\n# Source: " + title + "/" + part + "/" + file)
        print(re.sub(r"\\{{\\{{ [.]([A-Za-z.]+) \\}}\\}}", put, text))
"""


def write(folder: Path) -> Path:
    """Writes the program; returns the folder for a search path."""
    program = folder / "helm"
    packages = [one for one in sys.path if re.search(r"(site|dist)-packages$", one)]
    program.write_text(SCRIPT.format(python=sys.executable, path=packages))
    program.chmod(0o755)
    return folder
