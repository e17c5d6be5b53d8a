# shellcheck shell=sh
# Downloads the repository MODEL_ID from Hugging Face into MIRROR_ROOT and leaves plain files only.
# Settings: HUB_VERSION, of huggingface-hub; WORKERS, parallel downloads; EXCLUDED, space-separated patterns.
# Environment: MODEL_ID, HF_TOKEN where the repository asks for one, MIRROR_ROOT (default /models).
set -eu

target="${MIRROR_ROOT:-/models}/$MODEL_ID"
export HF_HUB_DOWNLOAD_TIMEOUT=300

pip install --quiet "huggingface-hub==$HUB_VERSION"

set -f
set -- "$MODEL_ID" --max-workers "$WORKERS" --local-dir "$target"
for pattern in $EXCLUDED; do
    set -- "$@" --exclude "$pattern"
done
set +f
hf download "$@"

# On a blob container that is mounted as a file system a directory is an object of no bytes, at which the streaming
# loader fails. This has to come last: the sampler takes files in .cache for a download that still runs.
find "$target" -mindepth 1 -maxdepth 1 -type d -exec rm -rf {} +
