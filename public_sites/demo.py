"""Content of the demo towns' sites in three languages. Made up: people, numbers and events are nobody's."""

import datetime as dt
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone, translation
from wagtail.models import Locale, Page

from public_sites import models
from public_sites.alerts.quiet import without_letters
from public_sites.demo_towns import TOWNS, TownWords, Words
from public_sites.drawing import as_jpeg
from public_sites.dress import change_appearance
from public_sites.models.base import BodyPage
from tenants.context import current_schema
from tenants.routing import table

ABOUT: Words = {
    "hy": "<p>{town} համայնքի պաշտոնական կայքում եք։ Այստեղ կգտնեք նորություններ, որոշումներ, բյուջեի կատարողականը և "
    "համայնքապետարանի կոնտակտները։</p><h2>Ինչպես օգտվել</h2><ul><li>Բյուջեն թարմացվում է ամեն ամիս։</li>"
    "<li>Որոշումները հրապարակվում են ընդունումից հետո։</li><li>Հարցերի դեպքում զանգահարեք կամ գրեք մեզ։</li></ul>",
    "en": "<p>This is the official site of the community of {town}. You find news, decisions, the execution of the budget "
    "and the contacts of the town hall here.</p><h2>How to use it</h2><ul><li>The budget is updated every month.</li>"
    "<li>Decisions are published once they are adopted.</li><li>If you have a question, call or write to us.</li></ul>",
    "ru": "<p>Это официальный сайт общины {town}. Здесь вы найдёте новости, решения, исполнение бюджета и контакты "
    "мэрии.</p><h2>Как пользоваться</h2><ul><li>Бюджет обновляется каждый месяц.</li><li>Решения публикуются после "
    "принятия.</li><li>Если есть вопрос, позвоните или напишите нам.</li></ul>",
}
NEWS: tuple[tuple[str, int, Words, Words], ...] = (
    (
        "street-lights",
        3,
        {
            "hy": "Երեք փողոցում նորոգվել է լուսավորությունը",
            "en": "Street lights repaired in three streets",
            "ru": "На трёх улицах отремонтировано освещение",
        },
        {
            "hy": "Տեղադրվել է 86 լուսատու․ էլեկտրաէներգիայի ծախսը կնվազի։",
            "en": "86 lamps were installed; the cost of electricity will fall.",
            "ru": "Установлено 86 светильников; расходы на электроэнергию снизятся.",
        },
    ),
    (
        "kindergarten",
        11,
        {
            "hy": "Մանկապարտեզի նոր խումբը բացվում է դեկտեմբերին",
            "en": "A new kindergarten group opens in December",
            "ru": "Новая группа детского сада откроется в декабре",
        },
        {
            "hy": "Խմբում կլինի 25 տեղ․ դիմումներն ընդունվում են համայնքապետարանում։",
            "en": "It has 25 places; applications are taken at the town hall.",
            "ru": "В группе 25 мест; заявления принимаются в мэрии.",
        },
    ),
    (
        "winter-roads",
        19,
        {
            "hy": "Համայնքը պատրաստ է ձմռանը",
            "en": "The community is ready for winter",
            "ru": "Община готова к зиме",
        },
        {
            "hy": "Պահեստավորվել է 120 տոննա աղ և ավազ․ ճանապարհները կմաքրվեն առավոտյան ժամը վեցից։",
            "en": "120 tonnes of salt and sand are in store; roads are cleared from six in the morning.",
            "ru": "Запасено 120 тонн соли и песка; дороги будут чистить с шести утра.",
        },
    ),
)
EVENT: tuple[str, int, Words, Words] = (
    "budget-hearing",
    12,
    {
        "hy": "Բյուջեի նախագծի հանրային քննարկում",
        "en": "Public hearing of the draft budget",
        "ru": "Общественные слушания по проекту бюджета",
    },
    {"hy": "Համայնքապետարանի դահլիճ", "en": "Hall of the town hall", "ru": "Зал мэрии"},
)
NOTICE: tuple[str, Words, Words] = (
    "water",
    {
        "hy": "Վաղը ժամը 10-ից 14-ը ջրամատակարարումը կդադարեցվի",
        "en": "No water tomorrow from 10 to 14",
        "ru": "Завтра с 10 до 14 не будет воды",
    },
    {
        "hy": "Պատճառը խողովակաշարի նորոգումն է։",
        "en": "The main is being repaired.",
        "ru": "Причина — ремонт водопровода.",
    },
)
PEOPLE: tuple[tuple[Words, Words], ...] = (
    (
        {"hy": "Տիգրան Ավագյան", "en": "Tigran Avagyan", "ru": "Тигран Авагян"},
        {"hy": "Համայնքի ղեկավար", "en": "Head of the community", "ru": "Глава общины"},
    ),
    (
        {"hy": "Սոնա Բաբայան", "en": "Sona Babayan", "ru": "Сона Бабаян"},
        {"hy": "Ղեկավարի տեղակալ", "en": "Deputy head", "ru": "Заместитель главы"},
    ),
    (
        {"hy": "Կարեն Դանիելյան", "en": "Karen Danielyan", "ru": "Карен Даниелян"},
        {"hy": "Աշխատակազմի քարտուղար", "en": "Secretary of the staff", "ru": "Секретарь аппарата"},
    ),
)
PHONES: tuple[tuple[Words, str], ...] = (
    ({"hy": "Փրկարար ծառայություն", "en": "Rescue service", "ru": "Служба спасения"}, "911"),
    ({"hy": "Քաղաքացիների սպասարկում", "en": "Citizens' office", "ru": "Обслуживание граждан"}, "+374 00 000 002"),
    (
        {"hy": "Ջրմուղի վթարային ծառայություն", "en": "Water, emergencies", "ru": "Водоканал, аварийная"},
        "+374 00 000 003",
    ),
)
QUESTION: tuple[Words, Words] = (
    {
        "hy": "Ե՞րբ է համայնքապետարանն ընդունում քաղաքացիներին",
        "en": "When does the town hall receive citizens?",
        "ru": "Когда мэрия принимает граждан?",
    },
    {
        "hy": "<p>Աշխատանքային օրերին, ժամը 9-ից 18-ը։</p>",
        "en": "<p>On working days from 9 to 18.</p>",
        "ru": "<p>По рабочим дням с 9 до 18.</p>",
    },
)


@without_letters()
def seed_demo(town_slug: str, *, today: dt.date | None = None) -> None:
    """Fill the planted pages of the present town. Running it again changes nothing."""
    if models.NewsPage.objects.exists() or not models.HomePage.objects.exists():
        return
    today = today or timezone.localdate()
    own = TOWNS.get(town_slug)
    slugs = [*[news[0] for news in NEWS], *[news.slug for news in (own.news if own else ())], EVENT[0], NOTICE[0]]
    keys = {slug: uuid4() for slug in slugs}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            _fill(code, today, keys, own)
    if own:
        _dress(own)


def _dress(own: TownWords) -> None:
    """The town's theme, and its landscape upon the first page."""
    town = table.town(current_schema())
    if town is None:
        return
    picture = SimpleUploadedFile(f"{own.landscape}.jpg", as_jpeg(own.landscape), "image/jpeg")
    change_appearance(
        actor=None, town=town, theme=own.theme, header_picture=picture, header_words=own.picture[settings.LANGUAGE_CODE]
    )


def _fill(code: str, today: dt.date, keys: dict[str, Any], own: TownWords | None) -> None:
    town = table.town(current_schema())
    about = (own.about[code] if own else "") + ABOUT[code].format(town=town.name if town else "")
    _change(code, "about", body=[("text", about), ("contributed", {"what": "budgets.revenue_by_month"})])
    for news in own.news if own else ():
        page = models.NewsPage(
            title=news.title[code],
            slug=news.slug,
            summary=news.summary[code],
            date=today - dt.timedelta(days=news.days),
        )
        page.body = [("text", news.body[code])]
        _add(code, "news", page, keys[news.slug])
    for slug, days, title, summary in NEWS:
        page = models.NewsPage(
            title=title[code], slug=slug, summary=summary[code], date=today - dt.timedelta(days=days)
        )
        page.body = [("text", f"<p>{summary[code]}</p>")]
        _add(code, "news", page, keys[slug])
    slug, days, title, place = EVENT
    starts = timezone.make_aware(dt.datetime.combine(today + dt.timedelta(days=days), dt.time(17)))
    _add(
        code, "events", models.EventPage(title=title[code], slug=slug, starts_at=starts, place=place[code]), keys[slug]
    )
    slug, title, summary = NOTICE
    until = today + dt.timedelta(days=1)
    notice = models.AnnouncementPage(title=title[code], slug=slug, summary=summary[code], date=today, valid_until=until)
    _add(code, "announcements", notice, keys[slug])
    people = [("person", {"name": name[code], "position": position[code]}) for name, position in PEOPLE]
    _change(code, "staff", people=people)
    _change(code, "mayor", people=people[:1])
    _change(code, "phones", entries=[("phone", {"name": name[code], "phone": phone}) for name, phone in PHONES])
    _change(code, "questions", entries=[("question", {"question": QUESTION[0][code], "answer": QUESTION[1][code]})])


def _change(code: str, slug: str, **values: Any) -> None:
    page = _page(code, slug)
    for name, value in values.items():
        setattr(page, name, value)
    page.save_revision().publish()


def _page(code: str, slug: str) -> Any:
    return Page.objects.get(slug=slug, url_path__startswith=f"/{code}/").specific


def _add(code: str, parent: str, page: BodyPage, key: Any) -> None:
    page.translation_key, page.locale = key, Locale.objects.get(language_code=code)
    _page(code, parent).add_child(instance=page)
    page.save_revision().publish()
