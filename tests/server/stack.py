"""The installation: each server with the file under deploy/ that sets it, each process as its systemd unit says.

Only places differ: paths below a temporary folder, free ports, and the users of this machine.
"""

import json
import re
import shutil
import signal
import ssl
import subprocess
from pathlib import Path

from tests.server.machine import POSTGRES_BIN, ROOT, SYSTEM, Machine, as_user, free_ports, install, listens, wait_for
from tests.server.units import Unit, unit
from tests.server.visitor import Visitor

BASE = "towns.example"
OWN = "www.dilijan.example"
PROCESSES = (
    "hamaynk-web.service",
    "hamaynk-worker@default.service",
    "hamaynk-worker@oversight.service",
    "hamaynk-provisioner.service",
    "hamaynk-beat.service",
)
DEPLOY = ROOT / "deploy"
PORTS = ("postgres", "pooler", "queue", "web", "http", "https", "admin", "m9464", "m9467", "m9468", "restored")
TOWN = {
    "marz": "TV", "hall_name_hy": "Համայնքապետարան", "hall_name_en": "Town Hall", "hall_name_ru": "Мэрия",
}  # fmt: skip


class Stack:
    """Everything that runs, and the doors to it."""

    def __init__(self, machine: Machine, more: dict[str, str]) -> None:
        """more: variables for hamaynk.env besides those of the example."""
        self.machine = machine
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.more = more
        self.folder = machine.folder
        self.bin = install(self.folder)
        self.ours = self._user()
        self.etc = self.folder / "etc"
        shutil.copytree(DEPLOY / "server", self.etc)
        owners = {"var": self.ours, "towns": self.ours, "caddy": "nobody", "queue": "nobody"}
        for name, user in (owners | dict.fromkeys(("postgres", "base", "wal"), "postgres")).items():
            machine.make(name, user, 0o700)
        machine.make("sites", "root")
        self.secrets = self.folder / "secrets"
        places = [f"127.0.0.1:{self.ports['postgres']}", f"127.0.0.1:{self.ports['queue']}"]
        machine.run(["sh", str(self.etc / "make-secrets"), str(self.secrets), *places], "root", {"PATH": SYSTEM})
        self.secrets.chmod(0o755)

    def _user(self) -> str:
        """Whom our processes run as: nobody, unless this machine's Python lies where nobody may not read it."""
        words = [str(self.bin / "python"), "-c", "import django, hamaynk.config.processes"]
        try:
            done = subprocess.run(words, cwd="/", capture_output=True, check=False, env={}, **as_user("nobody"))
        except PermissionError:
            return "root"
        return "root" if done.returncode else "nobody"

    # --- from the places of a real host to ours ---

    def placed(self, text: str) -> str:
        """Paths and ports of the files under deploy/systemd, as they are here."""
        ports, folder = self.ports, self.folder
        known = {
            "/etc/hamaynk/secrets": self.secrets, "/etc/hamaynk": self.etc, "/usr/local/lib/hamaynk": self.etc,
            "/opt/hamaynk/bin": self.bin, "/var/lib/hamaynk": folder / "var", "/var/backups/hamaynk": folder,
            "/etc/pgbouncer/pooler-users": self.secrets / "pooler-users", "/etc/redis/queue-auth": self.secrets / "queue-auth",
            "/var/log/postgresql/pgbouncer.log": folder / "postgres/pgbouncer.log",
            "/var/run/postgresql/pgbouncer.pid": folder / "postgres/pgbouncer.pid",
            "/usr/lib/postgresql/15/bin": POSTGRES_BIN,
            "127.0.0.1:6432": f"127.0.0.1:{ports['pooler']}", "listen_port = 6432": f"listen_port = {ports['pooler']}",
            "port=5432": f"port={ports['postgres']}", "PGPORT=5432": f"PGPORT={ports['postgres']}",
            "127.0.0.1:8000": f"127.0.0.1:{ports['web']}",
            **{f"METRICS_PORT={port}": f"METRICS_PORT={ports[f'm{port}']}" for port in (9464, 9467, 9468)},
        }  # fmt: skip
        return re.sub("|".join(map(re.escape, known)), lambda found: str(known[found[0]]), text)

    def environment(self, what: Unit, user: str) -> dict[str, str]:
        """What systemd would give the unit: its environment, the files', and its credentials in a folder of its own."""
        credentials = self.folder / "credentials" / str(abs(hash((what.commands, user))))
        credentials.mkdir(parents=True, exist_ok=True)
        for name, source in what.credentials.items():
            shutil.copy(self.placed(str(source)), credentials / name)
            (credentials / name).chmod(0o400)
            shutil.chown(credentials / name, user)
        given = {"PATH": SYSTEM, "LANG": "C.UTF-8", "HOME": str(self.folder / "var")}
        given |= {name: self.placed(f"{name}={text}")[len(name) + 1 :] for name, text in what.environment.items()}
        given = {name: text.replace("%d", str(credentials)) for name, text in given.items()}
        for file in what.environment_files:
            given |= variables(DEPLOY / "systemd" / file.name)
        if what.environment_files:
            given |= {"BASE_DOMAIN": BASE, "PORT": str(self.ports["https"]), **self.more}
        return given

    def launch(self, name: str) -> None:
        """Start a long-running unit."""
        what = unit(name)
        (command,) = what.commands
        self.machine.start(name, [self.placed(word) for word in command], self.ours, self.environment(what, self.ours))

    def run_unit(self, name: str) -> None:
        """Run a unit that ends."""
        what = unit(name)
        user = what.user if what.user == "postgres" else self.ours
        for command in what.commands:
            self.machine.run([self.placed(word) for word in command], user, self.environment(what, user))

    def manage(self, *words: str) -> str:
        """`hamaynk manage ...` as the owner, with the environment of the unit that prepares the platform."""
        given = self.environment(unit("hamaynk-migrate.service"), self.ours)
        return self.machine.run([str(self.bin / "hamaynk"), "manage", *words], self.ours, given)

    # --- servers ---

    def postgres(self) -> None:
        data = self.folder / "postgres/data"
        given = {"PATH": SYSTEM, "LANG": "C.UTF-8", "HAMAYNK_WAL": str(self.folder / "wal")}
        initdb = [str(POSTGRES_BIN / "initdb"), "-D", str(data), "-U", "postgres", "--auth=peer", "--no-instructions"]
        self.machine.run(initdb, "postgres", given)
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(self.placed((DEPLOY / "systemd/postgresql.conf").read_text()))
            conf.write(f"port = {self.ports['postgres']}\nunix_socket_directories = '{self.folder / 'postgres'}'\n")
        words = [str(POSTGRES_BIN / "postgres"), "-D", str(data)]
        self.machine.start("postgres", words, "postgres", given, signal.SIGINT)
        wait_for(lambda: self.machine.alive("postgres") and self._is_ready(), what="PostgreSQL")
        self.superuser(f"\\i {self.etc / 'setup.sql'}", database="postgres")

    def _is_ready(self) -> bool:
        words = [str(POSTGRES_BIN / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.ports["postgres"])]
        return subprocess.run(words, check=False).returncode == 0

    def superuser(self, sql: str, *, database: str = "hamaynk") -> str:
        """psql as PostgreSQL's own user, by the socket; rows without ornament."""
        words = ["psql", "-X", "-At", "-q", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder / "postgres")]
        words += ["-p", str(self.ports["postgres"]), "-U", "postgres", database]
        return self.machine.run(words, "postgres", {"PATH": SYSTEM, "HAMAYNK_SECRETS": str(self.secrets)}, sql)

    def pooler(self) -> None:
        (self.etc / "place.ini").write_text(self.placed((DEPLOY / "systemd/pgbouncer.ini").read_text()))
        words = ["pgbouncer", str(self.etc / "place.ini")]
        self.machine.start("pooler", words, "postgres", {"PATH": SYSTEM}, signal.SIGINT)
        wait_for(lambda: self.machine.alive("pooler") and listens(self.ports["pooler"]), what="PgBouncer")

    def queue(self) -> None:
        conf = self.folder / "etc/place-redis.conf"
        place = f"bind 127.0.0.1\nport {self.ports['queue']}\ndir {self.folder / 'queue'}\n"
        conf.write_text(place + self.placed((DEPLOY / "systemd/redis.conf").read_text()))
        self.machine.start("queue", ["redis-server", str(conf)], "nobody", {"PATH": SYSTEM})
        wait_for(lambda: self.machine.alive("queue") and listens(self.ports["queue"]), what="Redis")

    def queue_says(self, *words: str) -> list[str]:
        """Redis' answer, with the password of the installation."""
        command = ["redis-cli", "-p", str(self.ports["queue"]), *words]
        given = {"PATH": SYSTEM, "REDISCLI_AUTH": (self.secrets / "queue-password").read_text().strip()}
        return self.machine.run(command, "nobody", given).split()

    def proxy(self) -> None:
        self._wildcard()
        shutil.copy(self.etc / "wildcard-files.caddy.example", self.folder / "sites/wildcard.caddy")
        given = {name: self.placed(value) for name, value in variables(DEPLOY / "systemd/caddy.env").items()}
        given |= {
            "PATH": SYSTEM, "HOME": str(self.folder / "caddy"), "XDG_DATA_HOME": str(self.folder / "caddy"),
            "XDG_CONFIG_HOME": str(self.folder / "caddy"), "BASE_DOMAIN": BASE, "TLS_ISSUER": "internal",
            "HTTP_PORT": str(self.ports["http"]), "HTTPS_PORT": str(self.ports["https"]),
            "CADDY_ADMIN": f"localhost:{self.ports['admin']}", "CADDY_SITES": str(self.folder / "sites"),
            "WILDCARD_CERTIFICATE": str(self.folder / "wildcard.pem"), "WILDCARD_KEY": str(self.folder / "wildcard.key"),
        }  # fmt: skip
        words = ["caddy", "run", "--config", str(self.etc / "Caddyfile"), "--adapter", "caddyfile"]
        self.machine.start("proxy", words, "nobody", given)
        wait_for(lambda: self.machine.alive("proxy") and listens(self.ports["https"]), what="Caddy")
        wait_for(self._authority.exists, what="Caddy's own certificate authority")

    @property
    def _authority(self) -> Path:
        return self.folder / "caddy/caddy/pki/authorities/local/root.crt"

    def _wildcard(self) -> None:
        names = ",".join(f"DNS:{name}" for name in (BASE, f"*.{BASE}", f"*.office.{BASE}"))
        key, certificate = self.folder / "wildcard.key", self.folder / "wildcard.pem"
        words = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        words += ["-days", "2", "-subj", "/CN=wildcard", "-addext", f"subjectAltName={names}"]
        self.machine.run([*words, "-keyout", str(key), "-out", str(certificate)], "root", {"PATH": SYSTEM})
        shutil.chown(key, "nobody")

    # --- the whole ---

    def up(self) -> None:
        """As the runbook says: servers, migrate, hardening, first towns, processes, proxy."""
        self.queue()
        self.postgres()
        self.pooler()
        self.run_unit("hamaynk-migrate.service")
        self.superuser(self.manage("platform", "hardening"))
        towns = self.folder / "var/towns.json"
        towns.write_text(json.dumps([
            {"slug": "dilijan", "name_hy": "Դիլիջան", "name_en": "Dilijan", "name_ru": "Дилижан", **TOWN},
            {"slug": "sevan", "name_hy": "Սևան", "name_en": "Sevan", "name_ru": "Севан", **TOWN},
        ]))  # fmt: skip
        self.manage("towns", "onboard", str(towns))
        for name in PROCESSES:
            self.launch(name)
        wait_for(lambda: self.machine.alive("hamaynk-web.service") and listens(self.ports["web"]), what="web")
        self.proxy()

    def visitor(self, host: str) -> Visitor:
        """A browser at `host`, which trusts the wildcard certificate and Caddy's authority and nothing else."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.folder / "wildcard.pem")
        context.load_verify_locations(self._authority)
        return Visitor(host, self.ports["https"], context)

    def invited(self, place: str, host: str, email: str, role: str = "") -> Visitor:
        """Somebody invited on the command line, who has accepted and signed in."""
        words = ["people", "invite", place, "--email", email, "--name", "Անի Գրիգորյան"]
        link = self.manage(*words, *(["--role", role] if role else [])).strip()
        visitor = self.visitor(host)
        visitor.accept(link, PASSWORD)
        answer = visitor.sign_in(email, PASSWORD)
        assert answer.status == 302, answer.text[:3000]
        return visitor


PASSWORD = "lav-gaghtnabar-8"


def variables(path: Path) -> dict[str, str]:
    """NAME=value lines of an environment file."""
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)
