"""The plugin for every language; what it offers is in ``kaitops.components.packaged``."""

from kaitops.components.packaged.host import serve

if __name__ == "__main__":
    serve()
