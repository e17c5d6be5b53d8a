# shellcheck shell=sh
# Waits for a training run to end and publishes the adapter that it left behind as an image of one layer.
# Settings: SOURCE, directory with the adapter; IMAGE, the reference; ANNOTATIONS, a JSON object of oras; SENTINEL, the
# file whose appearance says that training is over.
# Credentials: ~/.docker/config.json.
set -eu

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"

until [ -e "$SENTINEL" ]; do
    sleep 1
done

mkdir data
for part in adapter_config.json adapter_model.safetensors; do
    cp -R "$SOURCE/$part" data/
done
tar -c -f layer.tar data
layer_digest=$(sha256sum layer.tar)
layer_digest=${layer_digest%% *}
gzip -9 layer.tar
printf '{"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$layer_digest" >config.json
printf '%s' "$ANNOTATIONS" >annotations.json

oras push \
    --annotation-file annotations.json \
    --config config.json:application/vnd.oci.image.config.v1+json \
    "$IMAGE" \
    layer.tar.gz:application/vnd.oci.image.layer.v1.tar+gzip
echo "published $IMAGE"

# The containers of the pod share one process table. The container named pause keeps the pod from ending before the
# push; its process may go now. Process 1 is the pod's own and has to stay.
for process in /proc/[0-9]*; do
    number=${process#/proc/}
    if [ "$number" != 1 ] && [ "$(cat "$process/comm" 2>/dev/null)" = pause ]; then
        kill "$number" || :
    fi
done
