"""Which mentions tell of one event: mentions -> judgements -> clusters -> incidents.

judge(mentions, weights)                     every pair that could be one event, judged
cluster(mentions, judgements, known)         who belongs together, with stable ids and forwarding
build(cluster, mentions, policy)             the incident that a cluster tells of

No clock and no register: what comes out depends on what goes in alone, and never on its order.
"""

from sijill.link.build import build
from sijill.link.cluster import Cluster, Clustering, cluster
from sijill.link.judge import Index, judge, judge_pair
from sijill.link.weights import Weights, load_weights

__all__ = [
    "Cluster", "Clustering", "Index", "Weights", "build", "cluster", "judge", "judge_pair", "load_weights",
]  # fmt: skip
