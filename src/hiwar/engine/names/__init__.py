"""Names of people across scripts: folding, keys, likeness, and records that may be one person.

Language knowledge only: what a country, an institution or a file has of its own (numbering plans,
titles, places) is given by the caller. A name alone never makes two records one person.
"""

from hiwar.engine.names.clusters import Clustering, Decision, automatic, cluster, open_pairs
from hiwar.engine.names.duplicates import propose_duplicates
from hiwar.engine.names.folding import digits_as_ascii, fold_arabic, fold_latin
from hiwar.engine.names.keys import WordKeys, keys, search_keys
from hiwar.engine.names.ranking import Ranked, rank
from hiwar.engine.names.records import Candidate, Evidence, Pair, Verdict
from hiwar.engine.names.similarity import Explanation, WordMatch, explain, similarity
from hiwar.engine.names.sounds import skeleton
from hiwar.engine.names.words import normal_name

__all__ = [
    "Candidate",
    "Clustering",
    "Decision",
    "Evidence",
    "Explanation",
    "Pair",
    "Ranked",
    "Verdict",
    "WordKeys",
    "WordMatch",
    "automatic",
    "cluster",
    "digits_as_ascii",
    "explain",
    "fold_arabic",
    "fold_latin",
    "keys",
    "normal_name",
    "open_pairs",
    "propose_duplicates",
    "rank",
    "search_keys",
    "similarity",
    "skeleton",
]
