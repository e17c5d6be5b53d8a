"""The plugin for every language; what it offers is in ``components.packaged``."""

from components.packaged.host import serve

if __name__ == "__main__":
    serve()
