"""The catalogue to look at: every model on every machine size at several contexts, as one page and as JSON.

All numbers come from :mod:`kaitops.fit` when the files are made; the page itself only filters and sorts them.
"""

from kaitops.catalogue.collecting import Catalogue as Catalogue
from kaitops.catalogue.collecting import collect as collect
from kaitops.catalogue.page import page as page
from kaitops.catalogue.twin import twin as twin
