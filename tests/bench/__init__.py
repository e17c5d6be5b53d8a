"""Speed and memory against their bars, in multiples of the time that ``import pydantic, yaml`` takes."""
