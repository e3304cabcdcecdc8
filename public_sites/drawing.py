"""Landscapes of the demo towns, drawn by the computer: no photograph of anybody's is needed."""

import math
from collections.abc import Callable
from dataclasses import dataclass
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


def _hills(sky: tuple[Colour, Colour], far: Colour, near: Colour) -> Image.Image:
    picture = _sky(*sky)
    draw = ImageDraw.Draw(picture)
    for number in range(6):
        base = 0.62 - 0.1 * number
        wave = _waves((0.07, 1.1 + 0.3 * number, 1.7 * number), (0.02, 4.3 + number, number), (0.006, 31, 2.0 * number))
        _ridge(draw, _blend(far, near, number / 5), lambda x, base=base, wave=wave: base + wave(x))  # type: ignore[misc]
    return picture


def forest() -> Image.Image:
    """Wooded hills one behind the other, in morning mist."""
    return _hills(((196, 220, 226), (244, 240, 224)), (168, 196, 186), (24, 66, 44))


def autumn() -> Image.Image:
    """The hills when the leaves turn, single trees in front."""
    picture = _hills(((188, 208, 222), (246, 232, 204)), (206, 190, 160), (126, 66, 28))
    draw = ImageDraw.Draw(picture)
    colours = ((196, 118, 32), (168, 58, 30), (214, 164, 52), (132, 90, 30))
    for number in range(420):
        x, y, size = (number * number * 37) % WIDTH, 545 + number * 150 / 420, 8 + (number * 31) % 11
        draw.ellipse([x - size, y - size * 1.3, x + size, y + size], fill=colours[number * number // 3 % 4])
    return picture


def pond() -> Image.Image:
    """A small lake between firs that are mirrored in it."""
    picture = _sky((176, 206, 222), (232, 238, 226))
    draw = ImageDraw.Draw(picture)
    _ridge(draw, (116, 150, 128), lambda x: 0.62 + _waves((0.06, 1.3, 0.5), (0.02, 5, 1))(x))
    _ridge(draw, (70, 112, 86), lambda x: 0.5 + _waves((0.04, 2.2, 2), (0.015, 9, 0))(x))
    for number in range(64):
        x, tall = number * 26 - 20, 120 + (number * 53) % 90
        colour = _blend((22, 70, 48), (48, 98, 62), (number * 37 % 10) / 10)
        for step in range(3):
            top = 430 - tall + step * tall * 0.25
            draw.polygon(
                [(x - 16 - step * 8, top + tall * 0.5), (x, top), (x + 16 + step * 8, top + tall * 0.5)], fill=colour
            )
    shore = 424
    mirrored = picture.crop((0, shore - (HEIGHT - shore), WIDTH, shore)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    picture.paste(Image.blend(mirrored, Image.new("RGB", mirrored.size, (60, 110, 120)), 0.35), (0, shore))
    for number in range(70):
        x, y = (number * 379) % WIDTH, shore + 12 + (number * 97) % 250
        draw.line([(x, y), (x + 30 + number % 70, y)], fill=(150, 186, 184), width=1)
    return picture


@dataclass(frozen=True)
class _Light:
    """Colours of one hour at the lake: sky above and below, two ridges, water far and near, its glitter, the land."""

    sky: tuple[Colour, Colour]
    ridges: tuple[Colour, Colour]
    water: tuple[Colour, Colour]
    glitter: Colour
    land: Colour


SUMMER = _Light(
    ((110, 170, 214), (222, 236, 242)),
    ((150, 166, 186), (122, 134, 140)),
    ((64, 140, 186), (18, 74, 124)),
    (120, 180, 210),
    (112, 124, 84),
)
WINTER = _Light(
    ((176, 190, 204), (226, 230, 234)),
    ((236, 240, 244), (214, 222, 230)),
    ((136, 156, 170), (72, 94, 112)),
    (190, 204, 214),
    (230, 234, 236),
)
EVENING = _Light(
    ((96, 92, 142), (250, 188, 150)),
    ((142, 112, 138), (98, 80, 110)),
    ((222, 152, 138), (62, 56, 98)),
    (250, 206, 176),
    (66, 56, 70),
)


def _shore(light: _Light) -> Image.Image:
    picture = _sky(*light.sky)
    draw = ImageDraw.Draw(picture)
    _ridge(draw, light.ridges[0], lambda x: 0.58 + _waves((0.06, 1.4, 0.4), (0.02, 5, 1), (0.008, 17, 2))(x))
    _ridge(draw, light.ridges[1], lambda x: 0.5 + _waves((0.05, 2.1, 2.2), (0.015, 7, 0), (0.006, 23, 1))(x))
    for y in range(380, HEIGHT):
        draw.line([(0, y), (WIDTH, y)], fill=_blend(*light.water, (y - 380) / (HEIGHT - 380)))
    for number in range(90):
        x, y = (number * 379) % WIDTH, 400 + (number * 97) % 280
        draw.line([(x, y), (x + 40 + number % 60, y)], fill=light.glitter, width=1)
    shore = [(920, 470), (1010, 430), (1120, 405), (1230, 412), (1330, 440), (WIDTH, 452), (WIDTH, 540), (1200, 520)]
    draw.polygon(shore, fill=light.land)
    for x, size in ((1090, 30), (1150, 22)):
        top = 400 - size
        draw.rectangle([x, top, x + size, 412], fill=(92, 82, 78))
        draw.polygon([(x - 2, top), (x + size / 2, top - size), (x + size + 2, top)], fill=(70, 60, 60))
    return picture


def lake() -> Image.Image:
    """A high lake with a peninsula, bare mountains behind it."""
    return _shore(SUMMER)


def winter_lake() -> Image.Image:
    """The lake in winter: snow on the mountains and on the peninsula."""
    return _shore(WINTER)


def evening_lake() -> Image.Image:
    """The lake at sunset."""
    return _shore(EVENING)


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


def street() -> Image.Image:
    """A straight street of two-storey stone houses, pointed rocks at its end."""
    picture = _sky((150, 192, 220), (238, 232, 214))
    draw = ImageDraw.Draw(picture)
    for number in range(12):
        x, tall = 520 + number * 52, 130 + (number * 53) % 110
        draw.polygon(
            [(x - 40, 400), (x - 4, 400 - tall), (x + 8, 400 - tall + 10), (x + 44, 400)], fill=(176, 146, 120)
        )
    draw.rectangle([0, 400, WIDTH, HEIGHT], fill=(176, 168, 150))
    draw.polygon([(770, 400), (830, 400), (1240, HEIGHT), (360, HEIGHT)], fill=(146, 144, 142))
    for side in (-1, 1):
        for number in range(5, -1, -1):  # the far ones first
            _house(draw, side, near=2 / (1 + 0.55 * number), far=2 / (1.54 + 0.55 * number), number=number)
    return picture


def _house(draw: ImageDraw.ImageDraw, side: int, *, near: float, far: float, number: int) -> None:
    """One house of the row; near, far: how large things are at its two ends, 1 at the front of the picture."""

    def at(size: float, across: float, up: float) -> tuple[float, float]:
        return 800 + side * across * size, 400 + (190 - up) * size

    stone = ((206, 192, 170), (190, 176, 156), (216, 202, 182))[number % 3]
    draw.polygon([at(near, 440, 0), at(near, 440, 330), at(far, 440, 330), at(far, 440, 0)], fill=stone)
    draw.polygon([at(near, 425, 325), at(near, 500, 385), at(far, 500, 385), at(far, 425, 325)], fill=(146, 66, 48))
    for storey in (60, 200):
        for share in (0.2, 0.62):
            left, right = near + (far - near) * share, near + (far - near) * (share + 0.2)
            window = [
                at(left, 440, storey),
                at(left, 440, storey + 80),
                at(right, 440, storey + 80),
                at(right, 440, storey),
            ]
            draw.polygon(window, fill=(86, 92, 100))


def gorge() -> Image.Image:
    """A deep gorge with a hanging bridge across it."""
    picture = _sky((142, 190, 220), (240, 234, 216))
    draw = ImageDraw.Draw(picture)
    _ridge(draw, (164, 172, 140), lambda x: 0.66 + _waves((0.05, 1.5, 1), (0.02, 5, 0))(x))
    _ridge(draw, (138, 150, 108), lambda x: 0.52 + _waves((0.03, 2.3, 0), (0.012, 9, 2))(x))
    for colour, rim, shift in (((150, 124, 92), 330, 0), ((116, 100, 70), 372, 60)):
        left = [(0, rim - 40), (330 - shift, rim), (470 - shift, 560), (600 - shift, HEIGHT), (0, HEIGHT)]
        draw.polygon(left, fill=colour)
        draw.polygon([(WIDTH - x, y + 10) for x, y in left], fill=colour)
    for number in range(26):
        x, y = ((number * 61) % 360 + (1220 if number % 2 else 0)), 420 + (number * 83) % 250
        draw.ellipse([x - 26, y - 18, x + 26, y + 18], fill=_blend((86, 104, 58), (120, 128, 76), (number % 5) / 5))
    sag = [(x, 352 + 60 * (1 - ((x - 800) / 500) ** 2)) for x in range(300, 1301, 10)]
    draw.line(sag, fill=(74, 60, 50), width=6)
    rail = [(x, y - 34) for x, y in sag]
    draw.line(rail, fill=(74, 60, 50), width=3)
    for (at, low), (_at, high) in zip(sag[::3], rail[::3], strict=True):
        draw.line([(at, low), (at, high)], fill=(74, 60, 50), width=2)
    return picture


LANDSCAPES: dict[str, Callable[[], Image.Image]] = {
    made.__name__: made for made in (forest, autumn, pond, lake, winter_lake, evening_lake, rocks, street, gorge)
}


def as_jpeg(name: str) -> bytes:
    """One of the landscapes as a file of about 100 kB."""
    data = BytesIO()
    LANDSCAPES[name]().filter(ImageFilter.GaussianBlur(0.8)).save(data, "JPEG", quality=82)
    return data.getvalue()
