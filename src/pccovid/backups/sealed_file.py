"""Files sealed block by block: packed, encrypted, bound to their name and order; a cut or exchanged file does not open.

Layout: 4 bytes of magic, 16 of salt, then blocks, each a length (4 bytes, big-endian) and AES-256-GCM over up to a
mebibyte of packed (zlib) bytes. A file's key is HKDF-SHA-256 of the keys it is under, with its salt and name. The nonce
is the block's number; what is authenticated beside the block is that number and whether it is the last: the STREAM
construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015).
"""

from __future__ import annotations

import os
import secrets
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_MAGIC = b"PCB1"
_SALT_BYTES, _BLOCK_BYTES = 16, 1 << 20
_LENGTH = struct.Struct(">I")
_PLACE = struct.Struct(">Q?")
_PACKING = 3
"""zlib's level: most of what the highest would save, at a fraction of its time."""


class BackupIsBroken(ValueError):
    """A file of a backup was cut, changed, exchanged or is missing; the message says which."""


class SealedWriter:
    """Writes one file; it is whole once closed. `name` stands for it: under another it does not open."""

    def __init__(self, path: Path, key: bytes, name: str) -> None:
        salt = secrets.token_bytes(_SALT_BYTES)
        self._cipher = _cipher(key, salt, name)
        self._file = path.open("xb")
        self._file.write(_MAGIC + salt)
        self._packer = zlib.compressobj(_PACKING)
        self._waiting = bytearray()
        self._number = 0

    def write(self, data: bytes | memoryview) -> None:
        self._waiting += self._packer.compress(data)
        # A full block waits for what follows it: only then is it known not to be the last.
        while len(self._waiting) > _BLOCK_BYTES:
            self._seal(bytes(self._waiting[:_BLOCK_BYTES]), is_last=False)
            del self._waiting[:_BLOCK_BYTES]

    def close(self) -> int:
        """End the file, onto the disk; its size in bytes."""
        self._waiting += self._packer.flush()
        while len(self._waiting) > _BLOCK_BYTES:
            self._seal(bytes(self._waiting[:_BLOCK_BYTES]), is_last=False)
            del self._waiting[:_BLOCK_BYTES]
        self._seal(bytes(self._waiting), is_last=True)
        self._file.flush()
        os.fsync(self._file.fileno())
        size = self._file.tell()
        self._file.close()
        return size

    def _seal(self, block: bytes, *, is_last: bool) -> None:
        place = _PLACE.pack(self._number, is_last)
        sealed = self._cipher.encrypt(_nonce(self._number), block, place)
        self._file.write(_LENGTH.pack(len(sealed)) + sealed)
        self._number += 1


def read_sealed(path: Path, key: bytes, name: str) -> Iterator[bytes]:
    """What was written, piece by piece. Raises BackupIsBroken, at the latest after the last piece."""
    try:
        with path.open("rb") as file:
            yield from _opened(file, key, name)
    except (InvalidTag, zlib.error) as fault:
        raise BackupIsBroken(f"{name} was changed, or is another file") from fault
    except FileNotFoundError as fault:
        raise BackupIsBroken(f"{name} is missing") from fault


def _opened(file: BinaryIO, key: bytes, name: str) -> Iterator[bytes]:
    if file.read(len(_MAGIC)) != _MAGIC:
        raise BackupIsBroken(f"{name} is no file of a backup")
    cipher = _cipher(key, file.read(_SALT_BYTES), name)
    unpacker = zlib.decompressobj()
    number, sealed = 0, _block(file, name)
    while sealed is not None:
        following = _block(file, name)
        place = _PLACE.pack(number, following is None)
        yield unpacker.decompress(cipher.decrypt(_nonce(number), sealed, place))
        number, sealed = number + 1, following
    if not unpacker.eof:
        raise BackupIsBroken(f"{name} was cut")


def _block(file: BinaryIO, name: str) -> bytes | None:
    length = file.read(_LENGTH.size)
    if not length:
        return None
    wanted = _LENGTH.unpack(length)[0] if len(length) == _LENGTH.size else 0
    if not 16 <= wanted <= _BLOCK_BYTES + 16 or len(sealed := file.read(wanted)) < wanted:
        raise BackupIsBroken(f"{name} was cut")
    return sealed


def _cipher(key: bytes, salt: bytes, name: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt, f"pccovid backup {name}".encode()).derive(key))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
