"""The pages of a new site: what the towns' sites have had until now, by the same words (R49, R52), in three languages.

Source of the tree: the menus of the towns' former sites. Sections that a module fills (the budget, later services and
the council's work) come from that module and are not planted.
"""

from dataclasses import dataclass
from uuid import uuid4

from django.conf import settings
from django.utils import timezone
from wagtail.models import Locale, Page

from public_sites import models
from public_sites.models import SitePage


@dataclass(frozen=True)
class Seed:
    """One page in three languages with the pages below it."""

    kind: type[SitePage]
    slug: str
    hy: str
    en: str
    ru: str
    below: tuple["Seed", ...] = ()
    place: int = 100


COMMUNITY = Seed(
    models.SectionPage,
    "community",
    "Համայնք",
    "Community",
    "Община",
    place=10,
    below=(
        Seed(models.TextPage, "about", "Համայնքի մասին", "About the community", "Об общине"),
        Seed(models.OrganisationsPage, "organisations", "Կազմակերպություններ", "Organisations", "Организации"),
        Seed(models.NewsIndexPage, "news", "Նորություններ", "News", "Новости"),
        Seed(models.EventsPage, "events", "Միջոցառումների օրացույց", "Calendar of events", "Календарь событий"),
        Seed(models.AnnouncementsPage, "announcements", "Հայտարարություններ", "Announcements", "Объявления"),
        Seed(models.DocumentsPage, "programmes", "Զարգացման ծրագրեր", "Development programmes", "Программы развития"),
        Seed(models.ProcurementPage, "procurement", "Գնումներ", "Procurement", "Закупки"),
        Seed(models.TextPage, "elections", "Ընտրություններ", "Elections", "Выборы"),
        Seed(models.GalleryPage, "gallery", "Պատկերասրահ", "Gallery", "Галерея"),
        Seed(models.VideoPage, "video", "Տեսադարան", "Video", "Видео"),
        Seed(models.DocumentsPage, "reports", "Հաշվետվություններ", "Reports", "Отчёты"),
    ),
)
BODIES = Seed(
    models.SectionPage,
    "self-government",
    "ՏԻՄ",
    "Local self-government",
    "Органы МСУ",
    place=20,
    below=(
        Seed(models.PeoplePage, "council", "Ավագանու անդամներ", "Members of the council", "Члены совета старейшин"),
        Seed(
            models.DocumentsPage,
            "council-decisions",
            "Ավագանու որոշումներ",
            "Decisions of the council",
            "Решения совета старейшин",
        ),
        Seed(
            models.TextPage,
            "council-rules",
            "Ավագանու կանոնակարգ",
            "Rules of the council",
            "Регламент совета старейшин",
        ),
        Seed(models.PeoplePage, "mayor", "Համայնքի ղեկավար", "Head of the community", "Глава общины"),
        Seed(
            models.DocumentsPage,
            "mayor-decisions",
            "Ղեկավարի որոշումներ",
            "Decisions of the head of the community",
            "Решения главы общины",
        ),
        Seed(models.DocumentsPage, "legal-acts", "Իրավական ակտեր", "Legal acts", "Правовые акты"),
    ),
)
HALL = Seed(
    models.SectionPage,
    "town-hall",
    "Համայնքապետարան",
    "Town hall",
    "Мэрия",
    place=25,
    below=(
        Seed(models.PeoplePage, "staff", "Աշխատակազմ", "Staff", "Аппарат"),
        Seed(models.VacanciesPage, "vacancies", "Թափուր պաշտոններ", "Vacancies", "Вакансии"),
        Seed(models.ContactPage, "contacts", "Հետադարձ կապ", "Contacts", "Контакты"),
    ),
)
GUIDES = Seed(
    models.SectionPage,
    "guides",
    "Տեղեկատու",
    "Guides",
    "Справочник",
    place=40,
    below=(
        Seed(models.FaqPage, "questions", "Հաճախ տրվող հարցեր", "Questions and answers", "Частые вопросы"),
        Seed(models.PhoneBookPage, "phones", "Հեռախոսագիրք", "Phone book", "Телефонная книга"),
        Seed(models.FormStorePage, "forms", "Ձևաթղթեր", "Forms", "Бланки"),
    ),
)
PROPERTY = Seed(
    models.SectionPage,
    "property",
    "Գույքի կառավարում",
    "Property",
    "Управление имуществом",
    place=60,
    below=(
        Seed(models.DocumentsPage, "auctions", "Աճուրդներ և մրցույթներ", "Auctions and tenders", "Аукционы и конкурсы"),
    ),
)
HOMES = Seed(models.HomePage, "", "Գլխավոր էջ", "Home", "Главная", below=(COMMUNITY, BODIES, HALL, GUIDES, PROPERTY))


def plant(root: Page) -> None:
    """Make the pages below `root`, published, one tree a language; pages of one meaning are one another's translations."""
    keys: dict[tuple[str, ...], object] = {}
    for code, _name in settings.LANGUAGES:
        _plant(root, HOMES, Locale.objects.get(language_code=code), keys, ())


def _plant(parent: Page, seed: Seed, locale: Locale, keys: dict[tuple[str, ...], object], way: tuple[str, ...]) -> None:
    code = locale.language_code
    way = (*way, seed.slug)
    page = seed.kind(
        title=getattr(seed, code),
        slug=seed.slug or code,
        locale=locale,
        translation_key=keys.setdefault(way, uuid4()),
        show_in_menus=True,
        live=True,
        first_published_at=timezone.now(),
    )
    if isinstance(page, models.SectionPage):
        page.menu_place = seed.place
    parent.add_child(instance=page)
    for below in seed.below:
        _plant(page, below, locale, keys, way)
