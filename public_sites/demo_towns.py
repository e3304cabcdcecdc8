"""What is each demo town's own: its look, its landscape, what it says of itself and its news. Made up, in three languages."""

from dataclasses import dataclass

Words = dict[str, str]


@dataclass(frozen=True)
class News:
    """One piece of news; `days` ago."""

    slug: str
    days: int
    title: Words
    summary: Words
    body: Words


@dataclass(frozen=True)
class TownWords:
    """The look of one town and its own words."""

    theme: str
    landscape: str
    picture: Words
    about: Words
    news: tuple[News, ...]


DILIJAN = TownWords(
    theme="mountain",
    landscape="forest",
    picture={
        "hy": "Առավոտյան մշուշի մեջ անտառապատ բլուրներ",
        "en": "Wooded hills in morning mist",
        "ru": "Лесистые холмы в утреннем тумане",
    },
    about={
        "hy": "<p>Դիլիջանը Տավուշի անտառների քաղաքն է՝ Աղստև գետի հովտում։ Քաղաքի շուրջը ազգային պարկ է, կենտրոնում՝ հին "
        "արհեստավորների փողոցը։</p><p>Համայնքը խնամում է փողոցները, այգիները և մանկապարտեզները, կազմակերպում է "
        "աղբահանությունը և պահպանում է արահետները, որոնցով զբոսնում են բնակիչներն ու հյուրերը։</p>",
        "en": "<p>Dilijan is the forest town of Tavush, in the valley of the river Aghstev. A national park surrounds it; the "
        "old street of craftsmen stands in its centre.</p><p>The community looks after streets, gardens and kindergartens, "
        "collects the waste and keeps up the paths on which residents and guests walk.</p>",
        "ru": "<p>Дилижан — лесной город Тавуша в долине реки Агстев. Вокруг него национальный парк, в центре — старая улица "
        "мастеров.</p><p>Община заботится об улицах, садах и детских садах, вывозит мусор и содержит тропы, по которым "
        "гуляют жители и гости.</p>",
    },
    news=(
        News(
            "forest-path",
            2,
            {
                "hy": "Անտառային արահետը նշվել է նոր ցուցանակներով",
                "en": "The forest path has new signs",
                "ru": "На лесной тропе установлены новые указатели",
            },
            {
                "hy": "Քաղաքից դեպի լիճ տանող 7 կիլոմետրանոց արահետին տեղադրվել է 42 ցուցանակ։",
                "en": "42 signs stand on the path of 7 kilometres from the town to the lake.",
                "ru": "На семикилометровой тропе от города к озеру установлено 42 указателя.",
            },
            {
                "hy": "<p>Ցուցանակները երեք լեզվով են և ցույց են տալիս հեռավորությունն ու քայլելու ժամանակը։</p>"
                "<p>Արահետի երկու հատվածում նորոգվել են փայտե կամրջակները։ Աշխատանքներն արվել են համայնքի բյուջեից։</p>",
                "en": "<p>The signs are in three languages and tell the distance and the time on foot.</p><p>The wooden bridges "
                "were repaired in two places. The work was paid from the budget of the community.</p>",
                "ru": "<p>Указатели — на трёх языках, с расстоянием и временем пешком.</p><p>В двух местах отремонтированы "
                "деревянные мостики. Работы оплачены из бюджета общины.</p>",
            },
        ),
        News(
            "music-school",
            9,
            {
                "hy": "Երաժշտական դպրոցի տանիքը նորոգված է",
                "en": "The roof of the music school is repaired",
                "ru": "Отремонтирована крыша музыкальной школы",
            },
            {
                "hy": "Դասերը մեկնարկել են ժամանակին․ դպրոցում սովորում է 180 երեխա։",
                "en": "Lessons began on time; 180 children learn at the school.",
                "ru": "Занятия начались вовремя; в школе учится 180 детей.",
            },
            {
                "hy": "<p>Տանիքի 600 քառակուսի մետրը ծածկվել է նոր թիթեղով, ջերմամեկուսացվել է ձեղնահարկը։</p>",
                "en": "<p>600 square metres of the roof have new sheets; the attic is insulated.</p>",
                "ru": "<p>600 квадратных метров крыши покрыты новым листом, чердак утеплён.</p>",
            },
        ),
    ),
)
SEVAN = TownWords(
    theme="calm",
    landscape="lake",
    picture={
        "hy": "Լիճ՝ թերակղզով, հեռվում՝ լեռներ",
        "en": "The lake with a peninsula, mountains in the distance",
        "ru": "Озеро с полуостровом, вдали горы",
    },
    about={
        "hy": "<p>Սևանը Գեղարքունիքի քաղաքն է՝ նույնանուն լճի ափին, ծովի մակերևույթից 1900 մետր բարձրության վրա։</p><p>Համայնքը "
        "մաքրում է ափերը, ձմռանը բացում է ճանապարհները և հոգում է, որ ջուրն ու լույսը հասնեն բոլոր բնակավայրեր։</p>",
        "en": "<p>Sevan is a town of Gegharkunik on the shore of the lake of the same name, 1900 metres above the sea.</p><p>The "
        "community cleans the shores, clears the roads in winter and sees to it that water and light reach every "
        "settlement.</p>",
        "ru": "<p>Севан — город Гегаркуника на берегу одноимённого озера, 1900 метров над уровнем моря.</p><p>Община убирает "
        "берега, зимой чистит дороги и следит, чтобы вода и свет были в каждом поселении.</p>",
    },
    news=(
        News(
            "shore",
            4,
            {
                "hy": "Ափից հավաքվել է 3 տոննա աղբ",
                "en": "Three tonnes of waste collected from the shore",
                "ru": "С берега собрано три тонны мусора",
            },
            {
                "hy": "Ափի մաքրմանը մասնակցել է 120 բնակիչ և դպրոցական։",
                "en": "120 residents and pupils took part.",
                "ru": "Участвовали 120 жителей и школьников.",
            },
            {
                "hy": "<p>Մաքրվել է ափի 4 կիլոմետրը։ Ապակին և պլաստիկը տարվել են վերամշակման։</p><p>Հաջորդ մաքրումը կլինի "
                "գարնանը․ ցանկացողները կարող են գրանցվել համայնքապետարանում։</p>",
                "en": "<p>Four kilometres of the shore were cleaned. Glass and plastic went to recycling.</p><p>The next "
                "cleaning is in spring; whoever wants to help can register at the town hall.</p>",
                "ru": "<p>Очищено четыре километра берега. Стекло и пластик отправлены на переработку.</p><p>Следующая уборка — "
                "весной; записаться можно в мэрии.</p>",
            },
        ),
        News(
            "bus-line",
            15,
            {
                "hy": "Նոր ավտոբուսային երթուղի դեպի գյուղեր",
                "en": "A new bus line to the villages",
                "ru": "Новый автобусный маршрут в сёла",
            },
            {
                "hy": "Ավտոբուսը օրական չորս անգամ կապում է կենտրոնը հինգ բնակավայրի հետ։",
                "en": "Four times a day the bus connects the centre with five settlements.",
                "ru": "Четыре раза в день автобус связывает центр с пятью поселениями.",
            },
            {
                "hy": "<p>Առաջին ավտոբուսը մեկնում է ժամը 7:30-ին, վերջինը՝ 19:00-ին։ Աշակերտները վճար չեն տալիս։</p>",
                "en": "<p>The first bus leaves at 7:30, the last one at 19:00. Pupils travel free of charge.</p>",
                "ru": "<p>Первый автобус отправляется в 7:30, последний — в 19:00. Школьники едут бесплатно.</p>",
            },
        ),
    ),
)
GORIS = TownWords(
    theme="stone",
    landscape="rocks",
    picture={
        "hy": "Երեկոյան լույսի մեջ սրածայր ժայռեր և տանիքներ",
        "en": "Pointed rocks and roofs in evening light",
        "ru": "Остроконечные скалы и крыши в вечернем свете",
    },
    about={
        "hy": "<p>Գորիսը Սյունիքի քաղաքն է՝ քարե տներով և ուղիղ փողոցներով, Վարարակ գետի հովտում։ Քաղաքի վերևում ժայռե "
        "բրգեր են և հին քարանձավային բնակատեղիներ։</p><p>Համայնքը նորոգում է փողոցները և պահպանում է քաղաքի պատմական "
        "տեսքը։</p>",
        "en": "<p>Goris is a town of Syunik with houses of stone and straight streets in the valley of the river Vararak. "
        "Pyramids of rock and old cave dwellings stand above it.</p><p>The community repairs the streets and preserves the "
        "historic look of the town.</p>",
        "ru": "<p>Горис — город Сюника с каменными домами и прямыми улицами в долине реки Варарак. Над городом — "
        "скальные пирамиды и старые пещерные жилища.</p><p>Община ремонтирует улицы и сохраняет исторический облик города.</p>",
    },
    news=(
        News(
            "old-street",
            3,
            {
                "hy": "Հին փողոցի սալարկումն ավարտված է",
                "en": "The old street is paved again",
                "ru": "Завершено мощение старой улицы",
            },
            {
                "hy": "450 մետր երկարությամբ փողոցը կրկին բաց է հետիոտների և մեքենաների համար։",
                "en": "The street of 450 metres is open again for people on foot and for cars.",
                "ru": "Улица длиной 450 метров снова открыта для пешеходов и машин.",
            },
            {
                "hy": "<p>Օգտագործվել է տեղական քար։ Միաժամանակ փոխվել են ջրագծի խողովակները և տեղադրվել է 18 լուսատու։</p>",
                "en": "<p>Local stone was used. At the same time the water pipes were replaced and 18 lamps were installed.</p>",
                "ru": "<p>Использован местный камень. Одновременно заменены трубы водопровода и установлено 18 светильников.</p>",
            },
        ),
        News(
            "orchards",
            12,
            {
                "hy": "Այգետերերի համար բացվել է խորհրդատվական կետ",
                "en": "Advice for owners of orchards",
                "ru": "Открыт консультационный пункт для садоводов",
            },
            {
                "hy": "Գյուղատնտեսն ընդունում է երեքշաբթի և հինգշաբթի օրերին, համայնքապետարանի առաջին հարկում։",
                "en": "An agronomist is there on Tuesdays and Thursdays, on the ground floor of the town hall.",
                "ru": "Агроном принимает по вторникам и четвергам на первом этаже мэрии.",
            },
            {
                "hy": "<p>Խորհրդատվությունն անվճար է։ Հարցերը կարելի է ուղարկել նաև էլ. փոստով։</p>",
                "en": "<p>The advice is free of charge. Questions can be sent by mail as well.</p>",
                "ru": "<p>Консультации бесплатны. Вопросы можно прислать и по электронной почте.</p>",
            },
        ),
    ),
)
TOWNS = {"dilijan": DILIJAN, "sevan": SEVAN, "goris": GORIS}
