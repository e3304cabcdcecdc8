"""Each rule on the chart finds the fault that it is for, and nothing in manifests that are right. No helm is needed."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.deploy import chart_manifests as sample
from tools.chart import every, network, processes, references, rules, scan, values
from tools.chart.manifests import Given, selects

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm/hamaynk"
Object = dict[str, Any]
Spoil = Callable[[dict[str, Object]], object]


def by_title(objects: list[Object]) -> dict[str, Object]:
    """ "Kind/name": object."""
    return {f"{item['kind']}/{item['metadata']['name']}": item for item in objects}


def faults(spoil: Spoil | None = None, given: tuple[Given, ...] = sample.GIVEN) -> list[str]:
    """What all rules say of the sample, after `spoil` did something to it."""
    found = by_title(sample.good())
    if spoil:
        spoil(found)
    return list(every.faults(sample.render(list(found.values()), given), sample.FACTS))


def template(objects: dict[str, Object], name: str) -> Object:
    return objects[name]["spec"]["template"]["spec"]


def only(objects: dict[str, Object], name: str) -> Object:
    return template(objects, name)["containers"][0]


def variable(objects: dict[str, Object], name: str, **env: str) -> None:
    container = only(objects, name)
    container["env"] = [item for item in container["env"] if item["name"] not in env]
    container["env"] += [{"name": key, "value": value} for key, value in env.items()]


def test_the_sample_is_right() -> None:
    """The control of all that follows: what is right is not refused."""
    assert faults() == []


WEB, WORKER, BEAT = "Deployment/web", "Deployment/worker", "Deployment/beat"
EXPAND = "Job/migrate-expand"
CASES: list[tuple[Callable[..., Any], Spoil, str]] = [
    (rules.probes, lambda o: only(o, BEAT).pop("livenessProbe"), "no livenessProbe"),
    (rules.probes, lambda o: only(o, BEAT)["startupProbe"]["httpGet"].update(port="none"), "asks on port none"),
    (rules.probes, lambda o: only(o, WEB)["livenessProbe"]["httpGet"].update(path="/readyz"), "would end all pods"),
    (rules.probes, lambda o: only(o, WEB)["readinessProbe"]["httpGet"].update(path="/"), "does not ask /readyz"),
    (rules.resources, lambda o: only(o, WORKER)["resources"]["limits"].pop("memory"), "no memory in limits"),
    (rules.restricted, lambda o: template(o, WEB)["securityContext"].update(runAsUser=0), "runAsUser is no number"),
    (rules.restricted, lambda o: template(o, WEB)["securityContext"].pop("seccompProfile"), "seccompProfile"),
    (rules.restricted, lambda o: template(o, WEB)["securityContext"].pop("runAsNonRoot"), "runAsNonRoot"),
    (rules.restricted, lambda o: template(o, WEB).pop("automountServiceAccountToken"), "token is mounted"),
    (rules.restricted, lambda o: template(o, WEB).pop("enableServiceLinks"), "enableServiceLinks"),
    (rules.restricted, lambda o: template(o, WEB).update(hostNetwork=True), "hostNetwork"),
    (rules.restricted, lambda o: template(o, WEB)["volumes"].append({"name": "h", "hostPath": {}}), "hostPath"),
    (rules.restricted, lambda o: template(o, WEB)["volumes"][1]["emptyDir"].clear(), "no sizeLimit"),
    (rules.restricted, lambda o: only(o, WEB)["securityContext"].clear(), "root can be written"),
    (rules.restricted, lambda o: only(o, WEB)["securityContext"]["capabilities"].update(add=["X"]), "capabilities"),
    (rules.restricted, lambda o: only(o, WEB)["securityContext"].update(privileged=True), "privileged"),
    (rules.mounts, lambda o: template(o, WEB)["volumes"].pop(), "mounts tmp, which is no volume"),
    (rules.mounts, lambda o: only(o, WEB)["volumeMounts"].pop(), "nobody mounts tmp"),
    (rules.images, lambda o: only(o, WEB).update(image="registry.example:5000/hamaynk"), "neither a digest"),
    (rules.images, lambda o: only(o, WEB).update(image="registry.example/hamaynk:latest"), "neither a digest"),
    (rules.singles, lambda o: o[BEAT]["spec"].update(replicas=2), "not exactly one"),
    (rules.singles, lambda o: o[BEAT]["spec"].update(strategy={}), "two at a time"),
    (
        rules.singles,
        lambda o: o["ScaledObject/worker"]["spec"]["scaleTargetRef"].update(name="provisioner"),
        "makes more of provisioner",
    ),
    (rules.singles, lambda o: o.pop(BEAT), "no beat"),
    (rules.selectors, lambda o: o[WEB]["spec"]["selector"]["matchLabels"].update(x="y"), "does not find its own"),
    (rules.selectors, lambda o: o[WEB]["spec"]["selector"].update(matchLabels=sample.NAME), "takes the pods of"),
    (rules.selectors, lambda o: o["Service/web"]["spec"]["selector"].update(x="y"), "pods of 0 workloads"),
    (rules.selectors, lambda o: o["Service/web"]["spec"]["ports"][0].update(targetPort="no"), "port no is none"),
    (rules.disruptions, lambda o: o.pop("PodDisruptionBudget/web"), "0 PodDisruptionBudgets"),
    (rules.disruptions, lambda o: o["PodDisruptionBudget/web"]["spec"].update(maxUnavailable=0), "lets no pod go"),
    (rules.scaling, lambda o: o[WORKER]["spec"].update(replicas=2), "sets replicas, which"),
    (rules.scaling, lambda o: o["ScaledObject/worker"]["spec"].update(minReplicaCount=5), "at least 5, at most 4"),
    (rules.scaling, lambda o: o["ScaledObject/worker"]["spec"]["scaleTargetRef"].update(name="x"), "does not exist"),
    (rules.scaling, lambda o: template(o, WEB).pop("topologySpreadConstraints"), "nothing spreads"),
    (rules.jobs_end, lambda o: o[EXPAND]["spec"].pop("activeDeadlineSeconds"), "no deadline"),
    (rules.jobs_end, lambda o: o[EXPAND]["spec"].update(backoffLimit=1), "tried again"),
    (
        rules.jobs_end,
        lambda o: o[EXPAND]["metadata"]["annotations"].pop("helm.sh/hook-delete-policy"),
        "would find it there",
    ),
    (rules.names, lambda o: o[WEB]["metadata"].update(namespace="other"), "not in the namespace"),
    (rules.names, lambda o: o[WEB]["metadata"].update(name="w" * 64), "more than 63"),
    (rules.names, lambda o: o[WEB]["metadata"].pop("labels"), "no labels"),
    (rules.names, lambda o: o.update(again=o["Service/web"]), "there are two"),
    (
        references.exists,
        lambda o: template(o, WEB)["volumes"][0]["secret"].update(secretName="no"),
        "Secret/no does not",
    ),
    (
        references.exists,
        lambda o: template(o, WEB)["volumes"][0]["secret"]["items"].append({"key": "k", "path": "p"}),
        "Secret/app lacks k",
    ),
    (references.exists, lambda o: o.pop("ServiceAccount/trial"), "ServiceAccount/trial does not exist"),
    (references.exists, lambda o: o.pop("ConfigMap/settings"), "ConfigMap/settings does not exist"),
    (references.exists, lambda o: o.pop("TriggerAuthentication/redis"), "TriggerAuthentication/redis does not"),
    (
        references.exists,
        lambda o: template(o, WEB)["volumes"].append({"name": "m", "persistentVolumeClaim": {"claimName": "m"}}),
        "PersistentVolumeClaim/m does not",
    ),
    (
        references.hooks_find_theirs,
        lambda o: template(o, EXPAND).update(serviceAccountName="trial"),
        "ServiceAccount/trial is not there before pre-install",
    ),
    (
        references.hooks_find_theirs,
        lambda o: o["ServiceAccount/trial-migrate"]["metadata"]["annotations"].update({"helm.sh/hook-weight": "0"}),
        "is made after it",
    ),
    (references.hooks_find_theirs, lambda o: o.pop("NetworkPolicy/hook"), "no NetworkPolicy is there before it"),
    (
        references.backends,
        lambda o: o["Ingress/web"]["spec"]["rules"][0]["http"]["paths"][0]["backend"]["service"].update(name="no"),
        "no Service no",
    ),
    (references.backends, lambda o: o["Ingress/web"]["spec"]["rules"][0].update(host="x.example"), "without TLS"),
    (
        references.backends,
        lambda o: o.update(
            certificate={
                "apiVersion": "cert-manager.io/v1",
                "kind": "Certificate",
                "metadata": sample.metadata("tls"),
                "spec": {"secretName": "tls", "dnsNames": ["*.other.example"]},
            }
        ),
        "does not cover *.towns.example",
    ),
    (
        network.everything_is_closed,
        lambda o: o.pop("NetworkPolicy/deny") and o.pop("NetworkPolicy/in"),
        "Ingress is open",
    ),
    (
        network.everything_is_closed,
        lambda o: o["NetworkPolicy/deny"]["spec"].update(policyTypes=[]) or o.pop("NetworkPolicy/out"),
        "Egress is open",
    ),
    (network.nothing_is_wide_open, lambda o: o["NetworkPolicy/in"]["spec"]["ingress"][0].pop("from"), "everybody in"),
    (network.nothing_is_wide_open, lambda o: o["NetworkPolicy/out"]["spec"]["egress"].append({}), "on all ports"),
    (
        network.selectors_find_pods,
        lambda o: o["NetworkPolicy/hook"]["spec"]["podSelector"]["matchLabels"].update(x="y"),
        "selects no pod",
    ),
    (
        network.needs_are_met,
        lambda o: o["NetworkPolicy/out"]["spec"]["egress"][0]["ports"].pop(),
        "database on port 5432",
    ),
    (network.needs_are_met, lambda o: o["NetworkPolicy/out"]["spec"]["egress"][0]["ports"].pop(0), "name servers"),
    (network.needs_are_met, lambda o: o["NetworkPolicy/in"]["spec"]["ingress"][0]["ports"].pop(), "read its metrics"),
    (network.needs_are_met, lambda o: o["NetworkPolicy/in"]["spec"]["ingress"][0]["ports"].pop(0), "may visit it"),
    (processes.variables_are_known, lambda o: variable(o, WEB, WEB_WORKER="2"), "nobody reads WEB_WORKER"),
    (processes.variables_are_known, lambda o: variable(o, WEB, SECRET_KEY="x"), "SECRET_KEY and SECRET_KEY_FILE"),
    (processes.variables_are_known, lambda o: variable(o, WEB, SECRET_KEY_FILE="/run/x"), "which no volume brings"),
    (processes.variables_are_known, lambda o: variable(o, WEB, WEB_BIND="0.0.0.0:80"), "does not listen"),
    (processes.variables_are_known, lambda o: variable(o, WEB, METRICS_PORT="1"), "not where METRICS_PORT says"),
    (processes.variables_are_known, lambda o: variable(o, WEB, METRICS_PORT="0"), "METRICS_PORT is off"),
    (processes.owner_credentials, lambda o: variable(o, WEB, DATABASE_URL="postgres://a:b@db:5432/x"), "carries"),
    (
        processes.owner_credentials,
        lambda o: template(o, WEB)["volumes"].append({"name": "x", "secret": {"secretName": "own"}}),
        "Deployment/web: sees the owner's credentials in own",
    ),
    (
        processes.owner_credentials,
        lambda o: only(o, BEAT)["env"].append(
            {"name": "X", "valueFrom": {"secretKeyRef": {"name": "own", "key": "owner-database-url"}}}
        ),
        "Deployment/beat: sees the owner's",
    ),
    (processes.owner_credentials, lambda o: template(o, EXPAND)["volumes"].pop(), "has no credentials of the owner"),
    (processes.secrets_are_files, lambda o: variable(o, WEB, REDIS_URL="redis://x"), "REDIS_URL stands in"),
    (
        processes.secrets_are_files,
        lambda o: only(o, WEB)["envFrom"].append({"secretRef": {"name": "app"}}),
        "a whole Secret in the environment",
    ),
    (processes.time_to_end, lambda o: template(o, WORKER).update(terminationGracePeriodSeconds=600), "may take 600"),
    (processes.time_to_end, lambda o: only(o, WEB).pop("lifecycle"), "no preStop"),
    (processes.time_to_end, lambda o: template(o, WEB).update(terminationGracePeriodSeconds=70), "70 are needed"),
    (processes.time_to_end, lambda o: variable(o, WEB, STOP_SECONDS="30"), "shorter than WEB_TIMEOUT"),
    (processes.time_to_end, lambda o: o[WEB]["spec"].update(strategy={}), "before others serve"),
    (processes.queues, lambda o: variable(o, WORKER, WORKER_QUEUES="default"), "nobody serves the queue oversight"),
    (processes.queues, lambda o: variable(o, WORKER, WORKER_QUEUES="default,oversight,provisioning"), "provisioner's"),
    (processes.queues, lambda o: variable(o, WORKER, WORKER_QUEUES="default,default,oversight"), "as well"),
    (
        processes.queues,
        lambda o: o["ScaledObject/worker"]["spec"]["triggers"][0]["metadata"].update(listName="default"),
        "counts default",
    ),
    (processes.phases, lambda o: o.pop(EXPAND), "migrations are"),
    (
        processes.phases,
        lambda o: o[EXPAND]["metadata"]["annotations"].update({"helm.sh/hook": "post-install"}),
        "migrations are",
    ),
]


@pytest.mark.parametrize(
    ("rule", "spoil", "says"), CASES, ids=[f"{r.__name__}-{n}" for n, (r, _, _) in enumerate(CASES)]
)
def test_a_fault_is_found(rule: Callable[..., Any], spoil: Spoil, says: str) -> None:
    """By the rule it belongs to, whose name the case bears."""
    found = by_title(sample.good())
    spoil(found)
    extra = {"time_to_end": (600,), "queues": (":celery:", sample.FACTS.queues)}.get(rule.__name__, ())
    assert [fault for fault in rule(sample.render(list(found.values())), *extra) if says in fault]
    assert [fault for fault in faults(spoil) if says in fault], "the rule is not among all rules"


def test_every_rule_has_a_case() -> None:
    """A rule without a control could be one that never finds anything."""
    tried = {rule.__name__ for rule, _, _ in CASES}
    assert {rule.__name__ for rule in every.PLAIN} - {"narrowed_after_all"} <= tried  # that has a test of its own


def test_what_is_given_must_be_used() -> None:
    more = (*sample.GIVEN, Given("Secret", "idle"))
    assert faults(given=more) == ["Secret/idle is given and not used"]


def test_one_registry_for_all_images() -> None:
    objects = [item for item in sample.good() if item["kind"] == "Deployment"]
    assert len(list(rules.one_registry(sample.render(objects), "mirror.internal"))) == 8  # image and imagePullSecrets
    for item in objects:
        item["spec"]["template"]["spec"]["imagePullSecrets"] = [{"name": "mirror"}]
        item["spec"]["template"]["spec"]["containers"][0]["image"] = "mirror.internal/hamaynk:1.0"
    assert not list(rules.one_registry(sample.render(objects), "mirror.internal"))


def test_a_database_of_the_chart_must_let_processes_in() -> None:
    """With CloudNativePG, both ends of the way are looked at."""
    cluster = {"apiVersion": "postgresql.cnpg.io/v1", "kind": "Cluster", "metadata": sample.metadata("pg"), "spec": {}}
    out = sample.policy(
        "pg-out",
        {
            "podSelector": {"matchLabels": sample.NAME},
            "policyTypes": ["Egress"],
            "egress": [
                {"ports": [{"port": 5432}], "to": [{"podSelector": {"matchLabels": {"cnpg.io/cluster": "pg"}}}]}
            ],
        },
    )
    enter = sample.policy(
        "pg-in",
        {
            "podSelector": {"matchLabels": {"cnpg.io/cluster": "pg"}},
            "policyTypes": ["Ingress"],
            "ingress": [{"ports": [{"port": 5432}], "from": [{"podSelector": {"matchLabels": sample.NAME}}]}],
        },
    )
    objects = [*sample.good(), cluster, out, enter]
    assert not list(network.needs_are_met(sample.render(objects)))
    objects.remove(enter)
    assert "Deployment/web: is not let in by pg" in list(network.needs_are_met(sample.render(objects)))
    objects.remove(out)
    assert "Deployment/web: may not go to pg" in list(network.needs_are_met(sample.render(objects)))


def test_structure_is_narrowed_when_old_pods_are_gone() -> None:
    """The longest grace of the sample is 660 seconds."""
    objects = sample.good()
    found = by_title(objects)["Job/migrate-contract"]
    begin = found["spec"]["template"]["spec"]["initContainers"]
    rule = processes.narrowed_after_all
    assert not list(rule(sample.render(objects))), "nothing is old at an installation"
    assert "waits 0 seconds" in list(rule(sample.render(objects, upgrade=True)))[0]
    begin.append({"name": "wait-for-old-pods", "args": ["660"]})
    found["spec"]["activeDeadlineSeconds"] = 4000
    assert "waits 660 seconds" in list(rule(sample.render(objects, upgrade=True)))[0]
    begin[-1]["args"] = ["661"]
    assert not list(rule(sample.render(objects, upgrade=True)))
    found["spec"]["activeDeadlineSeconds"] = 661
    assert "deadline is over" in list(rule(sample.render(objects, upgrade=True)))[0]


def test_selectors_of_kubernetes() -> None:
    labels = {"a": "1", "b": "2"}
    assert selects(None, labels)
    assert selects(
        {"matchLabels": {"a": "1"}, "matchExpressions": [{"key": "b", "operator": "In", "values": ["2"]}]}, labels
    )
    assert not selects({"matchExpressions": [{"key": "b", "operator": "NotIn", "values": ["2"]}]}, labels)
    assert selects({"matchExpressions": [{"key": "c", "operator": "DoesNotExist"}]}, labels)
    assert not selects({"matchExpressions": [{"key": "c", "operator": "Exists"}]}, labels)


def test_given_is_read_from_a_ci_file() -> None:
    assert Given.of("# given: Secret/a k1 k2\nx: 1\n# given: ServiceAccount/b\n") == (
        Given("Secret", "a", ("k1", "k2")),
        Given("ServiceAccount", "b"),
    )


def test_checkov_is_judged() -> None:
    """A finding needs a reason, and a reason a finding."""

    def report(*findings: tuple[str, str]) -> list[dict[str, Any]]:
        failed = [
            {"check_id": check, "check_name": "n", "file_path": "/minimal.yaml", "resource": resource}
            for check, resource in findings
        ]
        return [{"summary": {"passed": 3, "parsing_errors": 0}, "results": {"failed_checks": failed}}]

    skip = {"check": "CKV_1", "where": "^minimal", "reason": "long enough to be a reason"}
    assert not list(scan.judge(report(("CKV_1", "Pod.x")), [skip]))
    assert list(scan.judge(report(("CKV_2", "Pod.x")), [])) == ["CKV_2 minimal.yaml Pod.x: n"]
    assert "nothing of the kind" in list(scan.judge(report(), [skip]))[0]
    assert "no reason" in list(scan.judge(report(("CKV_1", "Pod.x")), [{**skip, "reason": "so"}]))[0]
    assert list(scan.judge([{"summary": {"passed": 0}}], [])) == ["checkov checked nothing"]


# --- The chart's own files, as far as helm is not needed ---


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    return json.loads((CHART / "values.schema.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def defaults() -> dict[str, Any]:
    return yaml.safe_load((CHART / "values.yaml").read_text(encoding="utf-8"))


def test_schema_is_closed_and_complete(schema: dict[str, Any], defaults: dict[str, Any]) -> None:
    assert not list(values.closed(schema))
    assert not list(values.same_names(defaults, schema))
    opened = json.loads(json.dumps(schema).replace('"additionalProperties": false', '"x": false', 1))
    assert list(values.closed(opened)), "an open level is not seen"
    assert "web.new: is not in the schema" in list(
        values.same_names({**defaults, "web": {**defaults["web"], "new": 1}}, schema)
    )
    fewer = {**defaults, "web": {key: value for key, value in defaults["web"].items() if key != "bind"}}
    assert "web.bind: has no default" in list(values.same_names(fewer, schema))


def test_values_are_explained_and_used(defaults: dict[str, Any]) -> None:
    text = (CHART / "values.yaml").read_text(encoding="utf-8")
    templates = "\n".join(path.read_text(encoding="utf-8") for path in (CHART / "templates").rglob("*.*"))
    assert not list(values.documented(text))
    assert not list(values.used(defaults, templates))
    assert list(values.documented("a: 1\n"))
    assert list(values.used({"aNameOfNoTemplate": 1}, templates))


def test_each_level_refuses_a_name_that_is_none(schema: dict[str, Any], defaults: dict[str, Any]) -> None:
    validator = jsonschema.Draft7Validator(schema)
    good = {**defaults, "baseDomain": "towns.example"}
    assert not list(validator.iter_errors(good))
    levels = list(values.levels(good, schema, schema))
    assert len(levels) > 60
    for level in levels:
        assert list(validator.iter_errors(values.with_unknown(good, level))), level


def test_what_the_code_says_is_found_in_it() -> None:
    """Names and limits are read out of the source, not written down a second time."""
    facts = every.Facts.of(ROOT)
    assert facts == every.Facts(600, ":celery:", frozenset({"default", "oversight"}))
    known = processes.settings_read(ROOT)
    assert {"DATABASE_URL", "WEB_BIND", "WORKER_QUEUES", "LINK_CHECK_OUTSIDE"} <= known
    assert "WEB_WORKER" not in known
    with pytest.raises(LookupError):
        processes.constant(ROOT, "NO_SUCH_SETTING")
