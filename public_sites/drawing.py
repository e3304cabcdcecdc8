"""Landscapes of the demo towns, drawn by the computer: no photograph of anybody's is needed."""

import math
from collections.abc import Callable
from io import BytesIO

from PIL import Image, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 700
Colour = tuple[int, int, int]


def _blend(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _sky(top: Colour, bottom: Colour) -> Image.Image:
    column = Image.new("RGB", (1, HEIGHT))
    for y in range(HEIGHT):
        column.putpixel((0, y), _blend(top, bottom, y / HEIGHT))
    return column.resize((WIDTH, HEIGHT))


def _ridge(draw: ImageDraw.ImageDraw, colour: Colour, height: Callable[[float], float]) -> None:
    line = [(x, HEIGHT - height(x / WIDTH) * HEIGHT) for x in range(0, WIDTH + 8, 8)]
    draw.polygon([(0, HEIGHT), *line, (WIDTH, HEIGHT)], fill=colour)


def _waves(*parts: tuple[float, float, float]) -> Callable[[float], float]:
    """Sum of sines: (size, how many across the picture, shift)."""
    return lambda x: sum(size * math.sin(2 * math.pi * (count * x) + shift) for size, count, shift in parts)


def forest() -> Image.Image:
    """Wooded hills one behind the other, in morning mist."""
    picture = _sky((196, 220, 226), (244, 240, 224))
    draw = ImageDraw.Draw(picture)
    for number in range(6):
        share = number / 5
        base = 0.62 - 0.1 * number
        wave = _waves((0.07, 1.1 + 0.3 * number, 1.7 * number), (0.02, 4.3 + number, number), (0.006, 31, 2.0 * number))
        colour = _blend((168, 196, 186), (24, 66, 44), share)
        _ridge(draw, colour, lambda x, base=base, wave=wave: base + wave(x))  # type: ignore[misc]
    return picture


def lake() -> Image.Image:
    """A high lake with a peninsula, bare mountains behind it."""
    picture = _sky((110, 170, 214), (222, 236, 242))
    draw = ImageDraw.Draw(picture)
    _ridge(draw, (150, 166, 186), lambda x: 0.58 + _waves((0.06, 1.4, 0.4), (0.02, 5, 1), (0.008, 17, 2))(x))
    _ridge(draw, (122, 134, 140), lambda x: 0.5 + _waves((0.05, 2.1, 2.2), (0.015, 7, 0), (0.006, 23, 1))(x))
    for y in range(380, HEIGHT):
        draw.line([(0, y), (WIDTH, y)], fill=_blend((64, 140, 186), (18, 74, 124), (y - 380) / (HEIGHT - 380)))
    for number in range(90):
        x, y = (number * 379) % WIDTH, 400 + (number * 97) % 280
        draw.line([(x, y), (x + 40 + number % 60, y)], fill=(120, 180, 210), width=1)
    shore = [(920, 470), (1010, 430), (1120, 405), (1230, 412), (1330, 440), (WIDTH, 452), (WIDTH, 540), (1200, 520)]
    draw.polygon(shore, fill=(112, 124, 84))
    for x, size in ((1090, 30), (1150, 22)):
        top = 400 - size
        draw.rectangle([x, top, x + size, 412], fill=(92, 82, 78))
        draw.polygon([(x - 2, top), (x + size / 2, top - size), (x + size + 2, top)], fill=(70, 60, 60))
    return picture


def rocks() -> Image.Image:
    """Pointed rocks in warm evening light above straight rows of roofs."""
    picture = _sky((246, 202, 150), (250, 232, 206))
    draw = ImageDraw.Draw(picture)
    _ridge(draw, (204, 164, 140), lambda x: 0.6 + _waves((0.05, 1.2, 0.8), (0.02, 4, 0))(x))
    for row, colour in enumerate(((186, 138, 108), (160, 110, 84))):
        for number in range(26):
            x = number * 66 + row * 33 - 20
            tall = 150 + (number * 53 + row * 29) % 130
            foot = 500 + row * 46
            draw.polygon([(x - 34, foot), (x - 6, foot - tall), (x + 6, foot - tall + 8), (x + 40, foot)], fill=colour)
            draw.polygon(
                [(x + 6, foot - tall + 8), (x + 40, foot), (x + 8, foot)], fill=_blend(colour, (90, 50, 40), 0.3)
            )
    draw.rectangle([0, 530, WIDTH, HEIGHT], fill=(132, 142, 96))
    for row in range(4):
        for number in range(15):
            x, y = number * 112 + row * 30 - 30, 545 + row * 42
            draw.rectangle([x, y + 16, x + 64, y + 38], fill=(222, 204, 180))
            draw.polygon([(x - 6, y + 16), (x + 32, y), (x + 70, y + 16)], fill=(150, 62, 44))
    return picture


LANDSCAPES: dict[str, Callable[[], Image.Image]] = {"forest": forest, "lake": lake, "rocks": rocks}


def as_jpeg(name: str) -> bytes:
    """One of the landscapes as a file of about 100 kB."""
    data = BytesIO()
    LANDSCAPES[name]().filter(ImageFilter.GaussianBlur(0.8)).save(data, "JPEG", quality=82)
    return data.getvalue()
