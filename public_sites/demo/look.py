"""The demo town's theme, and its landscape upon the first page."""

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from public_sites.drawing import as_jpeg
from public_sites.dress import change_appearance
from tenants.routing import Town


def dress(town: Town, *, theme: str, landscape: str, words: dict[str, str]) -> None:
    """words: what is to be seen, by language."""
    picture = SimpleUploadedFile(f"{landscape}.jpg", as_jpeg(landscape), "image/jpeg")
    change_appearance(
        actor=None, town=town, theme=theme, header_picture=picture, header_words=words[settings.LANGUAGE_CODE]
    )
