"""Line numbers: a national code, and behind it the free suffix of a town ("1137ա", "1351ԼԱ", "11306")."""

import re
from collections.abc import Container
from dataclasses import dataclass

MAX_LENGTH = 20
_CODE = re.compile(r"[0-9][^\W_]{0,19}")
_SUFFIX = re.compile(r"[^\W_]{1,8}")


@dataclass(frozen=True, kw_only=True)
class SplitCode:
    """A line number in its two parts. suffix "" means the national line itself."""

    national: str
    suffix: str

    @property
    def is_local(self) -> bool:
        """True for a town's own line."""
        return bool(self.suffix)


def is_code(value: str) -> bool:
    """True for what can be a line number: a digit, then letters and digits of any script, twenty at most."""
    return _CODE.fullmatch(value) is not None


def split_code(code: str, national: Container[str]) -> SplitCode | None:
    """`code` as the longest national code it begins with and the rest; None where that is not possible.

    A suffix has one to eight letters or digits. Which lines may bear one is the caller's `national`.
    """
    for end in range(len(code), 0, -1):
        if code[:end] in national:
            suffix = code[end:]
            return SplitCode(national=code[:end], suffix=suffix) if not suffix or _SUFFIX.fullmatch(suffix) else None
    return None
