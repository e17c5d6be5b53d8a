"""Runs a Pulumi program under mocks in a process of its own; what is measured is the whole process."""

import asyncio
from collections.abc import Callable
from typing import Any

from pulumi.runtime import mocks
from pulumi.runtime.stack import run_pulumi_func


class _Mocks(mocks.Mocks):
    def __init__(self) -> None:
        self.count = 0

    def call(self, args: mocks.MockCallArgs) -> Any:
        return {}

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        self.count += 1
        return args.name, args.inputs


def run(program: Callable[[], object], expected: int) -> None:
    """Run a program and count what it registers, so that one that does nothing is not taken for a fast one."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    answers = _Mocks()
    mocks.set_mocks(answers, preview=False)

    async def inside() -> None:
        program()

    loop.run_until_complete(run_pulumi_func(inside))
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    if answers.count != expected:
        raise SystemExit(f"{answers.count} resources were registered, {expected} expected")
