# shellcheck shell=sh
# Downloads each of the space-separated DATA_URLS into DATA_VOLUME_PATH, under the last segment of its path.
set -eu

if [ -z "${DATA_URLS:-}" ]; then
    echo "DATA_URLS is empty: there is nothing to train on" >&2
    exit 1
fi
attempts=${DATA_ATTEMPTS:-3}
pause_seconds=${DATA_PAUSE_SECONDS:-2}

file_name() {
    path=${1%%[?#]*}
    path=${path%/}
    printf '%s' "${path##*/}"
}

download() {
    part="$2.part"
    attempt=1
    while [ "$attempt" -le "$attempts" ]; do
        if curl --fail --silent --show-error --location --globoff --proto '=http,https' --output "$part" "$1" && [ -s "$part" ]; then
            mv -f "$part" "$2"
            return 0
        fi
        rm -f "$part"
        echo "attempt $attempt of $attempts failed: $1" >&2
        attempt=$((attempt + 1))
        sleep "$pause_seconds"
    done
    return 1
}

# No URL may be taken for a file pattern.
set -f
# shellcheck disable=SC2086 # the list is separated by spaces on purpose
for url in $DATA_URLS; do
    name=$(file_name "$url")
    if ! download "$url" "$DATA_VOLUME_PATH/$name"; then
        echo "giving up on $url" >&2
        exit 1
    fi
    echo "$url is in $DATA_VOLUME_PATH/$name"
done
