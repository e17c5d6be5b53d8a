"""Trees whose parts are broken at random: whatever a file holds, a gate ends with a verdict and never with a traceback."""
