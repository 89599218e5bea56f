"""MLLP frames out of a stream of octets: `<VT> message <FS><CR>`. Pure; bounded by MOST_BYTES whatever comes.

A frame that begins anew before it ended was lost on the sender's side: it is dropped, never answered, and comes again,
for nothing is acknowledged before it is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

START, END, RETURN = b"\x0b", b"\x1c", b"\x0d"
MOST_BYTES = 1024 * 1024
_MOST_BETWEEN = 4_096
"""Octets outside any frame that are borne with: some senders put line ends there."""


class FrameIsWrong(ValueError):
    """The stream is no MLLP, or a frame is longer than is taken; the connection cannot be read on."""


@dataclass
class Faults:
    """What was passed over in a stream, counted."""

    stray_octets: int = 0
    begun_anew: int = 0
    unfinished: int = 0


class Frames:
    """Gathers what comes in and hands out whole messages."""

    def __init__(self) -> None:
        self._held = bytearray()
        self.is_inside = False
        self.begun_at: float | None = None
        """For the reader's clock: since when a frame has been under way."""
        self._seen = 0
        self.faults = Faults()

    def feed(self, octets: bytes) -> Iterator[bytes]:
        """The messages that are complete with these octets. Raises FrameIsWrong."""
        self._held += octets
        while True:
            if not self.is_inside and not self._begin():
                return
            message = self._ended()
            if message is None:
                return
            yield message

    def _begin(self) -> bool:
        at = self._held.find(START)
        stray = len(self._held) if at < 0 else at
        self.faults.stray_octets += len(self._held[:stray].strip())
        del self._held[: stray + (at >= 0)]
        if self.faults.stray_octets > _MOST_BETWEEN:
            raise FrameIsWrong("this is no MLLP")
        self.is_inside, self._seen = at >= 0, 0
        return at >= 0

    def _ended(self) -> bytes | None:
        end = self._held.find(END + RETURN, max(0, self._seen - 1))
        again = self._held.rfind(START, self._seen, end if end >= 0 else len(self._held))
        if again >= 0:
            self.faults.begun_anew += 1
            del self._held[: again + 1]
            self._seen = 0
            return self._ended()
        if (len(self._held) if end < 0 else end) > MOST_BYTES:
            raise FrameIsWrong(f"more than {MOST_BYTES} octets in a frame")
        self._seen = len(self._held)
        if end < 0:
            return None
        message = bytes(self._held[:end])
        del self._held[: end + 2]
        self.is_inside, self.begun_at = False, None
        return message

    def closed(self) -> None:
        """Note that the stream has ended."""
        self.faults.unfinished += self.is_inside


def framed(message: bytes) -> bytes:
    """A message as it is sent."""
    return START + message + END + RETURN
