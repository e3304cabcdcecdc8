"""Mixed reads of towns at random over several threads, through whatever DATABASE_URL names; a JSON result on stdout.

`python -m tests.isolation.pooler_probe login_roles` reads as the platform does. `shared_role` reads as a design with
one role would: SET search_path at the start of a session, then queries. The positive control.
"""

import json
import os
import random
import sys
import threading
from collections import Counter
from typing import Any

READS, THREADS = 2000, 8
TOWNS = ("dilijan", "sevan")


def main(way: str) -> Counter[str]:
    """READS reads over THREADS threads."""
    import django

    django.setup()
    read = {"login_roles": read_as_platform, "shared_role": SharedRole().read}[way]
    counts: Counter[str] = Counter()
    lock = threading.Lock()

    def work(seed: int) -> None:
        dice, mine = random.Random(seed), Counter[str]()
        for _ in range(READS // THREADS):
            town, kind = dice.choice(TOWNS), dice.choice(("plain", "iterator", "transaction", "exception"))
            try:
                texts = read(town, kind)
            except Exception as error:
                mine["errors"] += 1
                mine[f"error: {type(error).__name__}: {str(error)[:80]}"] += 1
                continue
            mine["served"] += 1
            mine[kind] += 1
            mine["rows"] += len(texts)
            mine["foreign"] += sum(not text.startswith(f"{town} ") for text in texts)
            mine["incomplete"] += len(texts) != 20
        with lock:
            counts.update(mine)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def read_as_platform(town: str, kind: str) -> list[str]:
    """Through Django, as the town's own login role."""
    from django.db import transaction
    from hamaynk_noticeboard.models import Notice

    from tenants.context import in_town

    texts = Notice.objects.order_by("id").values_list("text", flat=True)
    with in_town(town):
        if kind == "iterator":
            return list(texts.iterator(chunk_size=5))
        if kind == "transaction":
            with transaction.atomic():
                return [*texts[:10], *texts[10:]]
        if kind == "exception":
            try:
                with transaction.atomic():
                    list(texts)
                    raise LookupError
            except LookupError:
                pass
        return list(texts)


class SharedRole:
    """One role that may read all towns, sessions told apart by SET search_path: what transaction pooling breaks."""

    def __init__(self) -> None:
        self.local = threading.local()

    def read(self, town: str, kind: str) -> list[str]:
        """The kinds make no difference here: the fault is in the session's state."""
        import psycopg
        from django.conf import settings

        if not hasattr(self.local, "link"):
            place = settings.DATABASE
            self.local.link = psycopg.connect(
                host=place.host, port=place.port, dbname=place.name, autocommit=True, prepare_threshold=None,
                user=os.environ["SHARED_USER"], password=os.environ["SHARED_PASSWORD"],
            )  # fmt: skip
        link: psycopg.Connection[Any] = self.local.link
        link.execute(f"SET search_path = {town}")
        return [text for (text,) in link.execute("SELECT text FROM hamaynk_noticeboard_notice").fetchall()]


if __name__ == "__main__":
    json.dump(main(sys.argv[1]), sys.stdout)
