"""What an incident's many figures come to: low, best and high under a named policy, and its standing.

figures(mentions, policies)        every figure of some mentions, with its independent source
reconcile(figures, policy)         one toll an outcome and group
tolls(mentions, policy)            both at once
standing(mentions)                 corroborated, contested, claimed only ...
"""

from sijill.tolls.figures import figures
from sijill.tolls.policies import Policies, Policy, load_policies, policy
from sijill.tolls.reconcile import reconcile, tolls
from sijill.tolls.sources import independent_sources, source_of
from sijill.tolls.standing import standing

__all__ = [
    "Policies", "Policy", "figures", "independent_sources", "load_policies", "policy", "reconcile",
    "source_of", "standing", "tolls",
]  # fmt: skip
