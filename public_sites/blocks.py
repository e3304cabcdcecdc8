"""What an editor puts a page together from. Every block is drawn by a template of ours; nobody writes HTML."""

from typing import Any

import nh3
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageChooserBlock

from hamaynk.contract.registry import registry, resolve

# What a text may consist of, whichever way it comes in. Links of the CMS name their target by type and number.
TAGS = {"p", "br", "h2", "h3", "b", "strong", "i", "em", "ol", "ul", "li", "a"}
ATTRIBUTES = {"a": {"href", "linktype", "id"}, "*": {"data-block-key"}}
SCHEMES = {"http", "https", "mailto", "tel"}
TEXT = ["h2", "h3", "bold", "italic", "ol", "ul", "link", "document-link"]
PLAIN = ["bold", "italic", "ol", "ul", "link", "document-link"]


class TextBlock(blocks.RichTextBlock):
    """Formatted words and nothing that acts. The editor sends no more than that; what comes in otherwise is cleaned too."""

    def get_prep_value(self, value: Any) -> str:
        """HTML as it is stored."""
        html: str = super().get_prep_value(value) or ""
        return nh3.clean(html, tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


class PictureBlock(blocks.StructBlock):
    """One picture with its caption; its description for those who do not see it belongs to the picture."""

    picture = ImageChooserBlock(label=_("Picture"))
    caption = blocks.CharBlock(label=_("Caption"), required=False, max_length=200)

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "public_sites/blocks/picture.html"


class FileBlock(blocks.StructBlock):
    """A file to take away."""

    title = blocks.CharBlock(label=_("Headline"), max_length=200)
    file = DocumentChooserBlock(label=_("File"))
    note = blocks.CharBlock(label=_("Note"), required=False, max_length=200)

    class Meta:
        icon = "doc-full"
        label = _("File")
        template = "public_sites/blocks/file.html"


class NoticeBlock(blocks.StructBlock):
    """What must not be overlooked."""

    title = blocks.CharBlock(label=_("Headline"), max_length=120)
    text = TextBlock(label=_("Text"), features=PLAIN)

    class Meta:
        icon = "warning"
        label = _("Important notice")
        template = "public_sites/blocks/notice.html"


class PersonBlock(blocks.StructBlock):
    """Somebody who works for the community (R16)."""

    name = blocks.CharBlock(label=_("Name and surname"), max_length=120)
    position = blocks.CharBlock(label=_("Position"), max_length=160)
    picture = ImageChooserBlock(label=_("Picture"), required=False)
    phone = blocks.CharBlock(label=_("Phone"), required=False, max_length=40)
    email = blocks.EmailBlock(label=_("E-mail"), required=False)
    hours = blocks.CharBlock(label=_("Reception hours"), required=False, max_length=160)

    class Meta:
        icon = "user"
        label = _("Person")
        template = "public_sites/blocks/person.html"


class OrganisationBlock(blocks.StructBlock):
    """A kindergarten, a school, a library, a company of the community."""

    name = blocks.CharBlock(label=_("Name"), max_length=200)
    kind = blocks.CharBlock(label=_("Kind"), required=False, max_length=80)
    address = blocks.CharBlock(label=_("Address"), required=False, max_length=200)
    phone = blocks.CharBlock(label=_("Phone"), required=False, max_length=40)
    website = blocks.URLBlock(label=_("Web site"), required=False)
    hours = blocks.CharBlock(label=_("Opening hours"), required=False, max_length=160)

    class Meta:
        icon = "home"
        label = _("Organisation")
        template = "public_sites/blocks/organisation.html"


class QuestionBlock(blocks.StructBlock):
    """A question that many ask, and its answer."""

    question = blocks.CharBlock(label=_("Question"), max_length=200)
    answer = TextBlock(label=_("Answer"), features=PLAIN)

    class Meta:
        icon = "help"
        label = _("Question")
        template = "public_sites/blocks/question.html"


class PhoneBlock(blocks.StructBlock):
    """One line of the phone book."""

    name = blocks.CharBlock(label=_("Name"), max_length=160)
    note = blocks.CharBlock(label=_("Note"), required=False, max_length=160)
    phone = blocks.CharBlock(label=_("Phone"), max_length=40)

    class Meta:
        icon = "mobile-alt"
        label = _("Phone")
        template = "public_sites/blocks/phone.html"


class VideoBlock(blocks.StructBlock):
    """A recording elsewhere: a link, so that nobody is watched here; and in words what is said in it (WCAG 2.2, 1.2)."""

    title = blocks.CharBlock(label=_("Headline"), max_length=200)
    link = blocks.URLBlock(label=_("Address of the recording"))
    words = TextBlock(label=_("What is said in it"), features=PLAIN)

    class Meta:
        icon = "media"
        label = _("Video")
        template = "public_sites/blocks/video.html"


def contributed_choices() -> list[tuple[str, Any]]:
    """Code and label of the blocks that installed modules contribute."""
    return [(f"{m.name}.{b.code}", b.label) for m in registry() for b in m.page_blocks]


class ContributedBlock(blocks.StructBlock):
    """Something that a module of the town draws, always with its newest figures. Nothing where the module is off."""

    what = blocks.ChoiceBlock(label=_("What to show"), choices=contributed_choices)

    class Meta:
        icon = "pick"
        label = _("From a module")

    def render(self, value: Any, context: Any = None) -> str:
        """The module's template with what its source says; empty where there is nothing to show."""
        request = (context or {}).get("request")
        town = getattr(request, "town", None)
        module, _dot, code = (value.get("what") or "").partition(".")
        for manifest in registry().enabled(town.modules if town else ()):
            for block in manifest.page_blocks:
                if (manifest.name, block.code) == (module, code) and (content := resolve(block.source)()) is not None:
                    return render_to_string(block.template, content, request=request)
        return ""


BODY = [
    ("text", TextBlock(label=_("Text"), features=TEXT, icon="pilcrow")),
    ("picture", PictureBlock()),
    ("file", FileBlock()),
    ("notice", NoticeBlock()),
    ("contributed", ContributedBlock()),
]
