"""Documents as `hiwar analyse --json` writes them, made from simulated votes."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

import numpy as np

from hiwar.analysis.cells import coarse_cells
from hiwar.engine.opinion.results import Parameters

TOPICS = (
    "The municipality should publish its budget every year",
    "تُنشر موازنة البلدية كل عام بلغة يفهمها الجميع",
    "Women should hold at least 30% of seats in local councils",
    "تُعقد جلسات المجلس المحلي بحضور الأهالي",
    "Water should be priced by household need",
    "تُخصص الأراضي العامة للحدائق قبل مواقف السيارات",
    "Young people under 25 should have a seat on every committee",
    "تُدفع رسوم النفايات بحسب الاستهلاك لا بحسب مساحة البيت",
)


def _wilson(k: int, n: int) -> tuple[float | None, float | None]:
    if n == 0:
        return None, None
    z, p = 1.6449, k / n
    mid, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (mid - half) / (1 + z * z / n)), min(1.0, (mid + half) / (1 + z * z / n))


def _counts(votes: np.ndarray, *, interval: bool) -> dict[str, Any]:
    agree, disagree = int((votes == 1).sum()), int((votes == -1).sum())
    passed = int((votes == 0).sum())
    found: dict[str, Any] = {
        "agree": agree, "disagree": disagree, "pass": passed, "seen": agree + disagree + passed,
    }  # fmt: skip
    if interval:
        found["agree_low"], found["agree_high"] = _wilson(agree, found["seen"])
    return found


def _simulate(n: int, c: int, g: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    share = np.array([0.45, 0.25, 0.15, 0.09, 0.06][: max(g, 1)])
    group = np.sort(rng.choice(max(g, 1), size=n, p=share / share.sum()))
    base = rng.normal(0.4, 0.7, c)
    load = rng.normal(0, 1.5, (max(g, 1), c)) * (rng.random(c) < 0.5) * (g > 1)
    x = base + load[group] + rng.normal(0, 0.9, (n, c))
    votes = np.where(np.abs(x) < 0.25, 0, np.sign(x)).astype(float)
    per_person = np.clip(rng.lognormal(math.log(max(c * 0.35, 1)), 0.7, n), 1, c).astype(int)
    for i in range(n):
        votes[i, rng.permutation(c)[per_person[i] :]] = np.nan
    means = np.nansum(votes, axis=0) / np.maximum((~np.isnan(votes)).sum(axis=0), 1)
    centred = np.nan_to_num(votes - means)
    _, _, v = np.linalg.svd(centred, full_matrices=False)
    v = np.vstack([v, np.zeros((2, c))])[:2]
    scale = np.sqrt(c / np.maximum((~np.isnan(votes)).sum(axis=1), 1))
    return votes, group, (centred @ v.T) * scale[:, None]


def _statements(
    votes: np.ndarray, label: np.ndarray, position: np.ndarray, out: np.ndarray,
    texts: tuple[str, ...],
) -> tuple[list[dict[str, Any]], np.ndarray]:  # fmt: skip
    n_groups, c = int(label.max(initial=-1)) + 1, votes.shape[1]
    statements, differences = [], np.zeros(c)
    for j in range(c):
        column = votes[:, j][~np.isnan(votes[:, j])]
        by_group = {
            str(k): _counts(votes[(label == k) & ~np.isnan(votes[:, j]), j], interval=True)
            for k in range(n_groups)
        }
        shares = [b["agree"] / b["seen"] for b in by_group.values() if b["seen"]]
        enough = bool(by_group) and all(b["seen"] >= 5 for b in by_group.values())
        differences[j] = max(shares) - min(shares) if len(shares) > 1 else 0.0
        live = not out[j]
        statements.append({
            "id": j, "text": f"{texts[j % len(texts)]} ({j})", "texts": {},
            "moderated": -1 if out[j] else 1, "meta": False, "out": bool(out[j]),
            "counts": _counts(column, interval=False), "counts_by_group": by_group,
            "x": float(position[:, 0].std() * math.sin(j)), "y": float(math.cos(j)),
            "extremity": 0.4, "divisiveness": float(differences[j]) if enough else None,
            "divisiveness_low": max(0.0, float(differences[j]) - 0.15) if enough else None,
            "divisiveness_high": min(1.0, float(differences[j]) + 0.15) if enough else None,
            "group_informed_consensus": float(np.prod(shares)) if shares else None,
            "group_informed_consensus_disagree": 0.1, "priority": 1.3,
            "bridging": float(np.clip((column == 1).mean() - differences[j] / 2, 0, 1))
            if len(column) else None,
            "shared": live and enough and min(shares) > 0.6,
            "dividing": live and enough and differences[j] > 0.45,
            "enough_exposure": enough,
        })  # fmt: skip
    return statements, differences


def _groups(
    statements: list[dict[str, Any]], differences: np.ndarray, label: np.ndarray,
    position: np.ndarray, out: np.ndarray,
) -> list[dict[str, Any]]:  # fmt: skip
    groups = []
    for k in range(int(label.max(initial=-1)) + 1):
        members = position[label == k]
        ranked = []
        for j in np.argsort(-np.abs(differences)):
            b = statements[j]["counts_by_group"][str(k)]
            if out[j] or b["seen"] < 5:
                continue
            direction = "agree" if b["agree"] >= b["disagree"] else "disagree"
            low, high = _wilson(b[direction], b["seen"])
            ranked.append({
                "statement": int(j), "direction": direction, "n_success": b[direction],
                "n_trials": b["seen"], "p_success": (b[direction] + 1) / (b["seen"] + 2),
                "p_success_low": low, "p_success_high": high, "p_test": 4.1, "repness": 1.8,
                "repness_test": 3.3, "score": 20.0, "p_value": 0.0004, "q_value": 0.003,
                "significant": True, "best_agree": not ranked,
            })  # fmt: skip
        groups.append({
            "id": k, "label": "ABCDE"[k], "size": int((label == k).sum()),
            "centre": [float(v) for v in members.mean(axis=0)],
            "representative_statements": ranked[:5], "ranked_statements": ranked,
        })  # fmt: skip
    return groups


def _cells(position: np.ndarray, label: np.ndarray, n_groups: int) -> dict[str, Any]:
    """Return a honeycomb as the document holds it; too few people for a cell stay one."""
    found = coarse_cells(position, label.astype(np.int32), n_groups, smallest=1)
    return {
        "radius": found.radius, "smallest": 5,
        "layers": [
            {"group": layer.group, "people": layer.people,
             "cells": [{"x": x, "y": y, "people": people}
                       for (x, y), people in zip(layer.centre, layer.count, strict=True)]}
            for layer in found.layers
        ],
    }  # fmt: skip


def _quality(n: int, *, shown: bool) -> dict[str, Any]:
    return {
        "stability": {"n_resamples": 100, "n_people": n,
                      "share_by_n_groups": {"2": 0.81, "3": 0.14, "0": 0.05},
                      "mean_agreement": 0.86,
                      "membership_tenths": [0, 0, 0, 0, 1, 2, 3, 5, 9, max(n - 20, 1)],
                      } if shown else None,
        "predictive_accuracy": {"n_withheld": 1200, "majority": 0.802, "group": 0.831,
                                "map": 0.842} if shown else None,
        "privacy": {"n_rows": n, "unique_rows": 0.93, "singled_out": {"3": 0.1, "7": 0.41},
                    "may_publish_rows": False},
        "manipulation": {"most_active_share": 0.04, "agreement_without_most_active": 0.97,
                         "identical_rows": [2], "agreement_without_identical": 0.99,
                         "bursts": []},
        "missingness": {"density": 0.35, "median_votes": 9.0, "distance_correlation": 0.23,
                        "distance_correlation_corrected": 0.04},
    }  # fmt: skip


def document(
    n: int = 90, c: int = 25, g: int = 2, *, outcome: str = "groups", seed: int = 3,
    texts: tuple[str, ...] = TOPICS, **changes: Any,
) -> dict[str, Any]:  # fmt: skip
    """Make a document of n people, c statements and g groups; `changes` replace whole keys."""
    votes, group, position = _simulate(n, c, g, seed)
    out = np.zeros(c, bool)
    out[c - c // 8 :] = c > 8
    n_votes = (~np.isnan(votes)).sum(axis=1)
    in_map = n_votes >= min(7, c)
    shown = outcome == "groups"
    label = np.where(in_map & shown, group, -1)
    n_groups = int(label.max()) + 1 if shown and len(label) else 0
    statements, differences = _statements(votes, label, position, out, texts)
    groups = _groups(statements, differences, label, position, out)
    live = [s for s in statements if not s["out"]]
    most = sorted(live, key=lambda s: -s["counts"]["agree"] / max(s["counts"]["seen"], 1))[:5]
    answer = {
        "shared": sum(s["shared"] for s in live), "dividing": sum(s["dividing"] for s in live),
        "statements": len(live), "groups": n_groups,
    }  # fmt: skip
    found = {
        "engine": {"name": "hiwar.engine.opinion", "version": "0.1.0", "mode": "default",
                   "parameters": asdict(Parameters())},
        "inputs": {
            "title": "موازنة البلدية · The municipal budget",
            "question": "ما الذي يجب أن يتغير في موازنة البلدية؟",
            "files": [{"name": "votes.csv", "bytes": 12345, "sha256": "a1" * 32}],
            "sha256": "b2" * 32, "participants": n, "statements": c,
            "votes": int((~np.isnan(votes)).sum()), "agree": int((votes == 1).sum()),
            "disagree": int((votes == -1).sum()), "pass": int((votes == 0).sum()), "revotes": 12,
            "participants_in_map": int(in_map.sum()), "participants_untold": 0,
            "statements_out": int(out.sum()),
        },
        "outcome": outcome, "answer": answer, "groups": groups,
        "statements": statements,
        "consensus": {
            "agree": [{"statement": s["id"], "direction": "agree",
                       "n_success": s["counts"]["agree"], "n_trials": s["counts"]["seen"],
                       "p_success": 0.8, "p_test": 4.0}
                      for s in most],
            "disagree": [],
        },
        "map": {"explained_variance": [0.16, 0.07], "silhouettes": {"2": 0.44, "3": 0.36},
                "cells": _cells(position, label, n_groups),
                "cells_corrected": _cells(position * 0.7, label, n_groups)},
        "attributes": [], "weights": None,
        "quality": _quality(n, shown=shown),
        "notes": [],
    }  # fmt: skip
    found.update(changes)
    plain: dict[str, Any] = json.loads(json.dumps(found, default=lambda value: value.item()))
    return plain


def with_attributes() -> dict[str, Any]:
    """Make a document with an attribute whose small numbers are hidden, and with weights."""
    found = document(200, 30, 2)
    names = ["النساء", "الشباب", "municipality & union", None]
    found["attributes"] = [
        {
            "name": "القطاع",
            "categories": [
                {"name": name, "participants": people, "hidden": people is None,
                 "weighted_share": 0.25}
                for name, people in zip(names, (90, 60, None, None), strict=True)
            ],
            "tables": {
                "groups": {"columns": [0, 1, None],
                           "rows": [[40, 30, 20], [30, 20, 10], [None, None, 6], [None, None, 7]]},
                "statements": [
                    {"statement": s["id"],
                     "rows": [{"agree": 30, "disagree": 10, "pass": 8},
                              {"agree": 0, "disagree": 0, "pass": 0},
                              *[{"agree": None, "disagree": 7, "pass": None}] * 2]}
                    for s in found["statements"]
                ],
            },
        }
    ]  # fmt: skip
    found["weights"] = {"method": "raking", "effective_sample_size": 151.2, "minimum": 0.4,
                        "maximum": 2.7, "largest_gap": 0.0, "is_converged": True}  # fmt: skip
    return found


EMPTY_OUTCOMES = (
    "too_few_participants", "too_few_statements", "no_variation", "no_structure", "not_stable",
)  # fmt: skip

HOSTILE = (
    "<script>document.title='x'</script><img src=https://example.org/a onerror=alert(1)>",
    '" onmouseover="alert(1)" \' </p></main>',
    "\u202eevil txt\u202d and \u2066isolate",
    "ا" * 400,
    "W" * 400,
    "👩‍👩‍👧‍👦 emoji 🕊️ {{ 7*7 }} {% raw %} %(n)s %s",
    "NUL\x00here \x1b[31m \ud800",
    "]]> --> </style></svg></title>",
)


def hostile() -> dict[str, Any]:
    """Make a document in which every text was written to break the page."""
    found = document(g=2, texts=HOSTILE)
    found["inputs"]["title"], found["inputs"]["question"] = HOSTILE[0], HOSTILE[1] + HOSTILE[2]
    found["inputs"]["files"][0]["name"] = HOSTILE[0]
    return found


def biodiversity_size() -> dict[str, Any]:
    """Make a document as large as the biodiversity conversation."""
    return document(536, 314, 2)


def crowd() -> dict[str, Any]:
    """Make a document of 20,000 people, too many for a dot each."""
    return document(20_000, 12, 3)


def lone() -> dict[str, Any]:
    """Make a document of one person."""
    return document(1, 3, 1, outcome="too_few_participants")
