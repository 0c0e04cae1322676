from asyncio import AbstractEventLoop

class LoopState:
    def sweep(self, loop: AbstractEventLoop) -> None: ...
