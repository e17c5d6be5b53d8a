# shellcheck shell=sh
# Starts the Python program in SAMPLER_SCRIPT. Setting: HUB_VERSION, of huggingface-hub.
# The trap ends the container at once while the installation runs; afterwards the program handles the signal.
set -eu
trap 'exit 0' TERM
pip install --quiet "huggingface-hub==$HUB_VERSION"
exec python3 -c "$SAMPLER_SCRIPT"
