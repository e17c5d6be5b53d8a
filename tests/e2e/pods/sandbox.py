"""One pod on this machine: each container in a file system of its own that holds what its image and mounts give it.

What a kubelet and its runtime do is done by the kernel's namespaces, ``setpriv`` and bind mounts: the user of the
security context, who has no name here, the groups, dropped capabilities, a root that is read-only where it is declared
so, volumes at their paths. No resource limits, and the network is the machine's.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

# What an image has beside its own programs: the machine's system, seen only.
_SYSTEM = ("usr", "bin", "sbin", "lib", "lib64")
_NEEDED = ("unshare", "setpriv", "chroot", "mount")
_ROOT = """\
set -eu
umask 022
root=$1
mount --make-rprivate /
mount -t tmpfs -o mode=755 none "$root"
for name in $SYSTEM; do
    if [ -L "/$name" ]; then cp -P "/$name" "$root/$name"
    elif [ -d "/$name" ]; then mkdir "$root/$name"; mount --rbind "/$name" "$root/$name"; fi
done
for place in $VISIBLE; do
    [ -e "$root$place" ] && continue
    mkdir -p "$root$place"
    mount --bind -o ro "$place" "$root$place"
done
mkdir "$root/proc" "$root/dev" "$root/etc" "$root/image"
mkdir -m 1777 "$root/tmp"
mount -t proc none "$root/proc"
for name in null zero random urandom; do : >"$root/dev/$name"; mount --bind "/dev/$name" "$root/dev/$name"; done
ln -s /proc/self/fd "$root/dev/fd"
mkdir -m 1777 "$root/dev/shm"
echo 'root:x:0:0:root:/root:/bin/sh' >"$root/etc/passwd"
echo 'root:x:0:' >"$root/etc/group"
[ ! -e /etc/ld.so.cache ] || cp /etc/ld.so.cache "$root/etc/"
[ -d "$root/root" ] || mkdir -m 700 "$root/root"
mount --bind -o ro "$IMAGE" "$root/image"
while read -r way from to; do
    [ -n "$to" ] || continue
    mkdir -p "$root$to"
    mount --bind "$from" "$root$to"
    [ "$way" = rw ] || mount -o remount,bind,ro "$root$to"
done <"$MOUNTS"
[ -z "$SEALED" ] || mount -o remount,ro "$root"
shift
exec chroot "$root" "$@"
"""


def missing() -> str:
    """Why no pod can be started on this machine; empty where one can."""
    gone = [name for name in _NEEDED if shutil.which(name) is None]
    if os.geteuid() != 0 or gone:
        return f"starting a container needs root and {', '.join(gone or _NEEDED)}"
    done = subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], capture_output=True, check=False)
    return "" if done.returncode == 0 else "starting a container needs the right to make namespaces"


class Pod:
    """One pod.

    Args:
        spec: of it, as the API server has it.
        folder: an empty one, for its volumes.
        image: of every container: ``bin`` is on the path, the rest lies below ``/image``.
        secrets: values by the name of a Secret and the key.
        claims: folders by the name of a claim.
        given: environment that an admission webhook adds, and ``mounted`` the folders that it mounts, by path.
        visible: further folders of the machine that the image's programs need.
    """

    def __init__(
        self,
        spec: Mapping[str, Any],
        folder: Path,
        image: Path,
        *,
        secrets: Mapping[tuple[str, str], str] | None = None,
        claims: Mapping[str, Path] | None = None,
        given: Mapping[str, str] | None = None,
        mounted: Mapping[str, Path] | None = None,
        visible: Sequence[Path] = (),
    ) -> None:
        self._spec = spec
        self._folder = folder
        self._image = image
        self._secrets = secrets or {}
        self._claims = claims or {}
        self._given = given or {}
        self._mounted = mounted or {}
        self._visible = [Path(sys.base_prefix), *visible]
        self._stack = ExitStack()
        self._context: Mapping[str, Any] = spec.get("securityContext") or {}

    def __enter__(self) -> "Pod":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def volume(self, name: str) -> Path:
        """The folder of a volume, made as a kubelet makes it."""
        declared = next(one for one in self._spec["volumes"] if one["name"] == name)
        claim = (declared.get("persistentVolumeClaim") or {}).get("claimName")
        place = self._claims[claim] if claim else self._folder / "volumes" / name
        if not place.exists():
            place.mkdir(parents=True)
            place.chmod(0o777)
        if group := self._context.get("fsGroup"):
            for one in (place, *place.rglob("*")):
                os.chown(one, -1, group)
                one.chmod(one.stat().st_mode | (0o2070 if one.is_dir() else 0o060))
        return place

    def run(self, container: Mapping[str, Any], timeout: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a container to its end, as one that starts before the others."""
        process = self.start(container)
        out, err = process.communicate(timeout=timeout)
        return subprocess.CompletedProcess(str(container["name"]), process.returncode, out, err)

    def start(self, container: Mapping[str, Any]) -> subprocess.Popen[str]:
        """Start a container; it ends with the pod."""
        own = self._folder / "containers" / str(container["name"])
        root = own / "root"
        root.mkdir(parents=True, exist_ok=True)
        lines = [f"ro {folder} {path}" for path, folder in self._mounted.items()]
        for one in sorted(container.get("volumeMounts") or (), key=lambda one: len(one["mountPath"])):
            place = self.volume(one["name"]) / one.get("subPath", "")
            if not place.exists():  # a kubelet makes it, for root
                place.mkdir(parents=True)
            lines.append(f"{'ro' if one.get('readOnly') else 'rw'} {place} {one['mountPath']}")
        (own / "mounts").write_text("\n".join(lines) + "\n")
        context = {**self._context, **(container.get("securityContext") or {})}
        setting = {
            "PATH": os.environ["PATH"],
            "SYSTEM": " ".join(_SYSTEM),
            "VISIBLE": " ".join(str(place.resolve()) for place in self._visible),
            "IMAGE": str(self._image),
            "MOUNTS": str(own / "mounts"),
            "SEALED": "yes" if context.get("readOnlyRootFilesystem") else "",
        }
        command = [
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "/bin/sh", "-c", _ROOT, "sh", str(root),
            *self._as_user(context), "env", "-i", *self._env(container), *self._command(container),
        ]  # fmt: skip
        process = subprocess.Popen(
            command, env=setting, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        self._stack.callback(_end, process)
        return process

    def _as_user(self, context: Mapping[str, Any]) -> list[str]:
        words = ["setpriv", f"--reuid={context.get('runAsUser', 0)}", f"--regid={context.get('runAsGroup', 0)}"]
        groups = [str(one) for one in (context.get("fsGroup"), *(context.get("supplementalGroups") or ())) if one]
        words.append(f"--groups={','.join(groups)}" if groups else "--clear-groups")
        if "ALL" in ((context.get("capabilities") or {}).get("drop") or ()):
            words += ["--bounding-set=-all", "--inh-caps=-all"]
        return [*words, "--no-new-privs"] if context.get("allowPrivilegeEscalation") is False else words

    def _values(self, container: Mapping[str, Any]) -> dict[str, str]:
        values: dict[str, str] = {}
        for one in container.get("env") or ():
            reference = (one.get("valueFrom") or {}).get("secretKeyRef")
            text = self._secrets[reference["name"], reference["key"]] if reference else str(one.get("value", ""))
            values[one["name"]] = _expanded(text, values)
        return {**values, **self._given}

    def _env(self, container: Mapping[str, Any]) -> list[str]:
        uid = {**self._context, **(container.get("securityContext") or {})}.get("runAsUser", 0)
        # What a runtime gives to whom the image does not know.
        usual = {"PATH": "/image/bin:/usr/local/bin:/usr/bin:/bin", "HOME": "/" if uid else "/root"}
        return [f"{name}={value}" for name, value in {**usual, **self._values(container)}.items()]

    def _command(self, container: Mapping[str, Any]) -> list[str]:
        values = self._values(container)
        words = [*(container.get("command") or ["/image/bin/entrypoint"]), *(container.get("args") or ())]
        return [_expanded(str(word), values) for word in words]


def _expanded(text: str, values: Mapping[str, str]) -> str:
    return re.sub(r"\$\(([A-Za-z_][A-Za-z0-9_]*)\)", lambda found: values.get(found[1], found[0]), text)


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
    for stream in (process.stdout, process.stderr):
        if stream is not None:
            stream.close()
