"""Which files are judged, what each may hold by its name and first bytes, and what of them git or a link hides."""
