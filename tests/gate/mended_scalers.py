"""Scalers that never scale: KAITO's own, KEDA's objects, and the autoscaler of Kubernetes."""

from tests.gate.mended import Case, edited
from tests.gate.objects import SERVING

_METRIC = "{name: 'vllm:num_requests_waiting', type: gauge, upthreshold: 10, downthreshold: 1}"
_OWN = f"""\
apiVersion: kaito.sh/v1beta1
kind: InferenceSet
metadata:
  name: phi
  namespace: team
  annotations:
    scaledobject.kaito.sh/auto-provision: "true"
    scaledobject.kaito.sh/max-replicas: "4"
    scaledobject.kaito.sh/min-replicas: "2"
    scaledobject.kaito.sh/metrics: "[{_METRIC}]"
    scaledobject.kaito.sh/combinepolicy: and
    scaledobject.kaito.sh/scaleupcooldown: "300"
spec:
  labelSelector: {{matchLabels: {{apps: phi}}}}
  template:
    resource: {{instanceType: Standard_NC24ads_A100_v4}}
    inference: {{preset: {{name: phi-4-mini-instruct}}}}
"""
_SET = _OWN[: _OWN.index("  annotations:")] + _OWN[_OWN.index("spec:") :]
_QUERY = 'query: "sum(vllm:num_requests_waiting{namespace=\\"team\\"})"'
_SCALED = f"""\
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {{name: phi, namespace: team}}
spec:
  scaleTargetRef: {{apiVersion: kaito.sh/v1beta1, kind: InferenceSet, name: phi}}
  minReplicaCount: 1
  maxReplicaCount: 4
  idleReplicaCount: 0
  triggers:
  - {{type: prometheus, metadata: {{serverAddress: "https://prometheus.monitoring.svc", {_QUERY}, threshold: "5"}}}}
  - type: cron
    metadata: {{timezone: Europe/Berlin, start: 0 7 * * 1-5, end: 0 19 * * 1-5, desiredReplicas: "2"}}
"""
_KEDA = _SET + _SCALED
_ALARM = (
    _SET
    + """\
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata: {name: waiting, namespace: team}
spec: {groups: [{name: a, rules: [{alert: Waits, expr: 'sum by (pod) (vllm:num_requests_waiting) > 10', for: 5m}]}]}
"""
)
_AWAKE = _KEDA.replace("  idleReplicaCount: 0\n", "").split("  - type: cron")[0]
_GATEWAY = SERVING + _AWAKE[len(_SET) :].replace("minReplicaCount: 1", "minReplicaCount: 0").replace(
    "apiVersion: kaito.sh/v1beta1, kind: InferenceSet, name: phi", "apiVersion: apps/v1, kind: Deployment, name: web"
)
_ASLEEP = _GATEWAY.replace(SERVING, SERVING + "        command: [vllm, serve, /models/phi]\n")
_WEB = (
    SERVING
    + """\
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web, namespace: team}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  maxReplicas: 4
"""
)
_SHARED = (
    SERVING
    + """\
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web, namespace: team}
spec:
  scaleTargetRef: {name: web}
  minReplicaCount: 1
  triggers: [{type: cpu, metricType: Utilization, metadata: {value: "80", containerName: web}}]
"""
)
_QUEUE = (
    SERVING
    + """\
---
apiVersion: keda.sh/v1alpha1
kind: TriggerAuthentication
metadata: {name: queue, namespace: team}
spec: {podIdentity: {provider: azure-workload}}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: web, namespace: team}
spec:
  scaleTargetRef: {name: web}
  maxReplicaCount: 4
  triggers:
  - type: azure-servicebus
    metadata: {queueName: a, namespace: b, messageCount: "5"}
    authenticationRef: {name: queue}
"""
)
_IDLE = "so KAITO's scaler leaves the set as it is and nothing scales"


def _own(before: str, after: str, *words: str) -> Case:
    return edited(_OWN, before, after, *words)


CASES = {
    "a measure by a slip": edited(
        _SHARED, "metricType: utilization", "metricType: Utilization", "is utilization, which KEDA does not take of cpu", "one of Utilization"
    ),
    "a share of what is asked elsewhere": edited(
        _AWAKE, 'type: prometheus, metricType: Utilization, metadata', 'type: prometheus, metadata',
        "is Utilization, which KEDA does not take of prometheus", "AverageValue, Value",
    ),
    "most replicas in words": _own('"four"', '"4"', "is 'four', and the scaler wants a whole number", _IDLE),
    "one replica at most": _own('"1"', '"4"', "whole number from 2", _IDLE),
    "no most replicas": _own("", '    scaledobject.kaito.sh/max-replicas: "4"\n', "is told no most replicas", _IDLE),
    "least replicas in words": _own('"two"', '"2"', "is 'two', which the scaler takes for 1"),
    "no metric": _own("", f'    scaledobject.kaito.sh/metrics: "[{_METRIC}]"\n', "says no metric", _IDLE),
    "a metric that is no list": _own(f'"{_METRIC}"', f'"[{_METRIC}]"', "is no list of metrics", _IDLE),
    "a metric that nobody can read": _own('"[{name"', f'"[{_METRIC}]"', "can be read by nobody", _IDLE),
    "a type that there is not": _own("counter", "gauge", "has the type 'counter'", "knows gauge, histogram"),
    "bounds of a metric the wrong way round": _own(
        "downthreshold: 20", "downthreshold: 1", "has the downthreshold 20 above the upthreshold 10"
    ),
    "no bound of a metric": _own("", ", downthreshold: 1", "has no number for downthreshold"),
    "a bound in quotes": _own("upthreshold: '10'", "upthreshold: 10", "has '10' for upthreshold, which is no number"),
    "a window of what has none": _own(
        "type: gauge, metriccachewindow: 60", "type: gauge", "which only the type histogram has"
    ),
    "another way to take metrics together": _own("combinepolicy: OR", "combinepolicy: and", "is 'OR'", "write AND"),
    "seconds with a unit": _own('"5m"', '"300"', "is '5m', which is no number of seconds", _IDLE),
    "a set without its group": edited(
        _KEDA, "{kind: InferenceSet", "{apiVersion: kaito.sh/v1beta1, kind: InferenceSet",
        "names an InferenceSet of apps/v1, which there is not", "kaito.sh/v1beta1",
    ),
    "no trigger": Case(
        _KEDA.split("  triggers:")[0] + "  triggers: []\n", _KEDA, ("holds none, which KEDA refuses", "write one")
    ),
    "as many when idle as ever": edited(
        _KEDA, "idleReplicaCount: 1", "idleReplicaCount: 0", "is 1 and has to be below minReplicaCount (1)"
    ),
    "a zone that there is not": edited(
        _KEDA, "Europe/Berln", "Europe/Berlin", "is Europe/Berln, which is no name of the IANA database", "Europe/Berlin"
    ),
    "hours that KEDA cannot read": edited(_KEDA, "start: 25 7 * *", "start: 0 7 * * 1-5", "is no time that KEDA can read"),
    "hours without length": edited(_KEDA, "end: 0 7 * * 1-5", "end: 0 19 * * 1-5", "is the start as well"),
    "a version that KAITO does not have": edited(
        _KEDA, "{apiVersion: kaito.sh/v1, kind", "{apiVersion: kaito.sh/v1beta1, kind", "which KAITO does not have", "kaito.sh/v1beta1"
    ),
    "a kind of trigger by a slip": edited(_KEDA, "type: prometeus", "type: prometheus", "meant is prometheus?"),
    "a threshold in words": edited(_KEDA, 'threshold: "five"', 'threshold: "5"', "threshold is five, which is no number"),
    "an address without a scheme": edited(
        _KEDA, '"prometheus.monitoring.svc:9090"', '"https://prometheus.monitoring.svc"', "has no scheme", "http://prometheus"
    ),
    "hours without a number": edited(_KEDA, "desiredReplicas: many", 'desiredReplicas: "2"', "is no whole number"),
    "a model that never comes back": edited(
        _AWAKE, "", "  minReplicaCount: 1\n", "lets the model go to 0 replicas", "write minReplicaCount: 1"
    ),
    "a metric with a slip": _own("num_request_waiting", "num_requests_waiting", "meant is vllm:num_requests_waiting?"),
    "a metric of another vLLM": _own("num_requests_swapped", "num_requests_waiting", "does not count it", "take vllm:num_requests_waiting"),
    "a question for a metric of another vLLM": edited(
        _KEDA, "max(vllm:gpu_cache_usage_perc{", "sum(vllm:num_requests_waiting{", "does not count it", "take vllm:kv_cache_usage_perc"
    ),
    "an alarm with a slip": edited(_ALARM, "vllm:num_request_waiting", "vllm:num_requests_waiting", "nobody is ever alarmed"),
    "a question with a slip": edited(
        _KEDA, "sum(vllm:num_request_waiting{", "sum(vllm:num_requests_waiting{", "vLLM counts nothing of that name"
    ),
    "a question without an address": edited(
        _KEDA, "{query", '{serverAddress: "https://prometheus.monitoring.svc", query', "serverAddress is missing"
    ),
    "a question without a threshold": edited(_KEDA, "", ', threshold: "5"', "threshold is missing, so KEDA refuses"),
    "a login by a slip": edited(_QUEUE, "Ref: {name: queu}", "Ref: {name: queue}", "meant is queue?"),
    "a login of another namespace": edited(
        _QUEUE, "{name: queue, namespace: other}", "{name: queue, namespace: team}", "in namespace other alone"
    ),
    "a workload by a slip": edited(
        _WEB, "kind: Deployment, name: wbe}", "kind: Deployment, name: web}", "meant is web?", "nothing is scaled"
    ),
    "a share of processors that KAITO's pod does not ask for": Case(
        _AWAKE + "  - {type: cpu, metricType: Utilization, metadata: {value: '80'}}\n", _AWAKE,
        ("asks for none, so the number is never known", "scale by a metric of the server"),
    ),
    "a share of a container that there is not": edited(
        _SHARED, "containerName: wbe", "containerName: web", "is wbe, and Deployment team/web has no container",
        "write one of web",
    ),
    "nothing but processors down to none": edited(
        _SHARED, "minReplicaCount: 0", "minReplicaCount: 1", "so KEDA refuses the object; write minReplicaCount: 1"
    ),
    "a fallback for processors": Case(
        _SHARED + "  fallback: {failureThreshold: 3, replicas: 2}\n", _SHARED, ("of which there is none, so KEDA refuses the object",)
    ),
    "a workload of a group that is gone": edited(
        _WEB, "extensions/v1beta1, kind", "apps/v1, kind", "names a Deployment of extensions/v1beta1, which there is not", "write apiVersion: apps/v1"
    ),
    "a workload whose number nobody sets": Case(
        _WEB.replace("kind: Deployment", "kind: DaemonSet"), _WEB, ("names a DaemonSet, which has no replicas to scale",)
    ),
    "a share of processors that a pod does not ask for": edited(
        _WEB, "requests: {memory", 'requests: {cpu: "1", memory', "asks for none", "write requests of cpu"
    ),
}  # fmt: skip
FINE = {
    "a gateway that sleeps while no model is asked": _GATEWAY,
    "processors of a container": _SHARED,
    "processors of a set down to none": _AWAKE.split("  triggers:")[0].replace(
        "minReplicaCount: 1", "minReplicaCount: 0"
    )
    + "  triggers: [{type: memory, metricType: AverageValue, metadata: {value: 8Gi}}]\n",
    "a question for either of two releases": _KEDA.replace(
        'sum(vllm:num_requests_waiting{namespace=\\"team\\"})',
        "max(vllm:gpu_cache_usage_perc) or max(vllm:kv_cache_usage_perc)",
    ),
    "a question of what runs a vLLM of its own": SERVING
    + _SCALED.replace("num_requests_waiting", "gpu_cache_usage_perc").replace(
        "apiVersion: kaito.sh/v1beta1, kind: InferenceSet, name: phi",
        "apiVersion: apps/v1, kind: Deployment, name: web",
    ),
}
