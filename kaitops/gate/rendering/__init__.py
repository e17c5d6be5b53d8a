"""Programs of the machine that render what is judged, and what templates ask for that is known only when deployed."""
