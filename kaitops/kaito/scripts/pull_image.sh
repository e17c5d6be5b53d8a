# shellcheck shell=sh
# Fetches an image and puts its /data directory into TARGET.
# Settings: IMAGE, the reference; TARGET, the directory. If TARGET exists, the directory becomes TARGET/data.
# Credentials: without any first, then each file below ~/.docker/config.d in turn.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fetch() {
    rm -rf "$scratch/image"
    skopeo copy --dest-decompress "$@" "docker://$IMAGE" "dir:$scratch/image"
}

fetch_with_any_credentials() {
    find -L "$HOME/.docker/config.d" -type f >"$scratch/credentials" 2>/dev/null || :
    if fetch; then
        return 0
    fi
    while IFS= read -r file; do
        echo "trying the credentials in $file" >&2
        if fetch --authfile="$file" </dev/null; then
            return 0
        fi
    done <"$scratch/credentials"
    echo "no credentials let us pull $IMAGE" >&2
    return 1
}

unpack_layers() {
    mkdir "$scratch/tree"
    skopeo inspect --format '{{range .Layers}}{{println .}}{{end}}' "dir:$scratch/image" >"$scratch/layers"
    while IFS= read -r digest; do
        if [ -n "$digest" ]; then
            tar -x -f "$scratch/image/${digest#*:}" -C "$scratch/tree"
        fi
    done <"$scratch/layers"
}

fetch_with_any_credentials
unpack_layers
if [ ! -d "$scratch/tree/data" ]; then
    echo "$IMAGE holds no /data directory" >&2
    exit 1
fi
mkdir -p "$(dirname "$TARGET")"
mv -f "$scratch/tree/data" "$TARGET"
echo "the content of $IMAGE is in $TARGET"
