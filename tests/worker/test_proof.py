"""The proofs of `python -m tests.worker.proof`, with small numbers.

`PROOF_COUNT` in the environment raises them: it stands for the reloads, and for the signals twice.
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import pytest

from tests.worker.kit import Managed
from tests.worker.proof.changes import Changes, Phase
from tests.worker.proof.load import Load
from tests.worker.proof.signals import PROGRAM, Plan, attempt

pytestmark = [pytest.mark.net, pytest.mark.slow, pytest.mark.serial]

COUNT = int(os.environ.get("PROOF_COUNT", "2"))


@pytest.mark.parametrize("method", ["spawn", "fork"])
def test_no_request_is_lost_while_workers_change(tmp_path: Path, method: str) -> None:
    async def prove(server: Managed) -> list[Phase]:
        load = Load(server.number, 0.4)
        load.start()
        changes = Changes(server, load)
        phases = [
            await changes.reloads(COUNT, 2),
            await changes.restarts(1, 2),
            await changes.scalings(COUNT // 2 + 1),
            await changes.kills(COUNT // 2, 2),
        ]
        await load.stop()
        return phases

    program = PROGRAM.read_text()
    with Managed(tmp_path, 2, program=program, START_METHOD=method) as server:
        for phase in asyncio.run(prove(server)):
            assert phase.wrong == [], phase.name
            assert phase.tally.complete > 0
            assert phase.tally.sent == phase.tally.complete + len(phase.tally.troubles)
        assert server.stop() == 0


def test_signals_at_random_moments_leave_nothing(tmp_path: Path) -> None:
    chance = random.Random(os.environ.get("PROOF_SEED", "proof"))
    for turn in range(2 * COUNT):
        folder = tmp_path / str(turn)
        folder.mkdir()
        plan = Plan.make(chance)
        outcome = attempt(plan, folder)
        assert not outcome.wrong, f"{plan} {outcome.wrong}\n{outcome.output}"
