"""Armenian words as the search compares them: folded, without words that say nothing, without endings.

PostgreSQL's own Armenian dictionary follows; by itself it leaves short words as they are ("հարկեր" beside "հարկ") and
knows no stop words. Everything here is applied to texts and to questions alike, so a word that is cut too short is cut
so on both sides.
"""

from collections.abc import Iterator

from hamaynk.common.text_key import text_key
from hamaynk.search.armenian_words import IRREGULAR, STOP_WORDS

LEAST = 3  # letters that must be left when an ending is taken off
LEAST_OF = {"ը": 2}  # the article alone leaves short words: "ափը", "օրը"
BASES = frozenset(text_key(base) for base in IRREGULAR)
FORMS = {text_key(form): text_key(base) for base, forms in IRREGULAR.items() for form in forms.split()}
STOPS = frozenset(text_key(word) for word in STOP_WORDS)

# (ending, what stands in its place), the first that fits is taken: declension of nouns, singular and plural, with article.
ENDINGS = (
    *((f"ությ{ending}", "ություն") for ending in ("անը", "անն", "ան", "ամբ", "անից")),
    *((f"մ{ending}", "ում") for ending in ("անը", "անն", "ան", "ամբ", "անից")),
    *((f"այ{case}", "ա") for case in ("ում", "ից", "ով", "ին", "ի")),
    *((f"{plural}{case}", "") for plural in ("ներ", "եր") for case in ("ում", "ից", "ով", "ին", "ի", "ը", "ն", "")),
    *((ending, "") for ending in ("ում", "ուց", "ից", "ով", "վա", "ին", "ուն", "ու", "ի", "ը")),
    *((f"{vowel}ն", vowel) for vowel in "աեէըիոօ"),
)


def fold(text: str) -> str:
    """Small letters, no ligatures, no marks inside words, one way to write և: `hamaynk.common.text_key`."""
    return text_key(text)


def stem(word: str) -> str:
    """A folded word without its ending; of an irregular one the base. Applying it twice changes nothing."""
    while True:
        word = FORMS.get(word, word)
        shorter = word if word in BASES else _shorter(word)
        if shorter == word:
            return word
        word = shorter


def words(text: str) -> Iterator[str]:
    """What a text is found by, in its order."""
    for word in fold(text).split():
        if word not in STOPS:
            yield stem(word)


def forms_of(base: str) -> list[str]:
    """The irregular forms of a base word, for highlighting: "ջուր" -> "ջրի", "ջրով", ..."""
    return [form for form, of in FORMS.items() if of == base]


def _shorter(word: str) -> str:
    for ending, instead in ENDINGS:
        rest = word[: len(word) - len(ending)]
        least = LEAST_OF.get(ending, LEAST + 1 if len(instead) > 1 else LEAST)
        if word.endswith(ending) and len(rest + instead) >= least:
            return rest + instead
    return word
