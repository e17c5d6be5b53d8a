"""A pod whose containers are being made: images are pulled, volumes mounted."""

from kaitops.live.finding import Rule, Said
from kaitops.live.rules import signs
from kaitops.live.snapshot import when
from kaitops.live.view import View


def _find(view: View) -> Said | None:
    for one in signs.waiting(view, ("ContainerCreating", "PodInitializing")):
        for event in signs.pod_events(view, ("Pulling",)):
            return Said("an image is being pulled", (signs.reported(event),), since=when(event) or "")
        return Said("its containers are being made", (signs.shown(one),))
    return None


RULE = Rule(
    "image-waits",
    "image",
    "progressing",
    "the image is being pulled",
    "some two minutes for the 5.6 GB of KAITO's own",
    _find,
)
