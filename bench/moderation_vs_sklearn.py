"""The classifier of moderation beside scikit-learn's: python bench/moderation_vs_sklearn.py DIR/examples.jsonl   # pip install scikit-learn

The same texts in the same parts (the file says which), hashed n-grams, one logistic regression a label; thresholds are chosen on the validation part by the rule of
`mynah train classifier` and the test part is looked at once. Whole texts here, passages there.
"""

import json
import math
import sys
import time

import numpy as np
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_union

FALSE_POSITIVES = 0.006
LOWEST = 0.05
LONGEST = 1000


def share(successes, trials):
    z = 1.959963984540054
    p = successes / trials
    centre = (p + z * z / (2 * trials)) / (1 + z * z / trials)
    half = z / (1 + z * z / trials) * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials))
    return f"{100 * p:.1f}% ({100 * (centre - half):.1f} to {100 * (centre + half):.1f}; {successes} of {trials})"


def main(path):
    parts = {"train": [], "validation": [], "test": []}
    seen = set()
    for line in open(path, encoding="utf-8"):
        record = json.loads(line)
        if record["text"] not in seen:
            seen.add(record["text"])
            parts[record["split"]].append(record)
    labels = sorted({label for part in parts.values() for record in part for label in record["labels"]})
    features = make_union(
        HashingVectorizer(n_features=2**18, ngram_range=(1, 2), alternate_sign=False),
        HashingVectorizer(n_features=2**18, analyzer="char_wb", ngram_range=(1, 5), alternate_sign=False),
    )
    matrices = {name: features.transform([r["text"][:LONGEST] for r in part]) for name, part in parts.items()}
    scores = {"validation": [], "test": []}
    for label in labels:
        model = LogisticRegression(C=10, solver="liblinear")
        model.fit(matrices["train"], [label in r["labels"] for r in parts["train"]])
        for name in scores:
            scores[name].append(model.predict_proba(matrices[name])[:, 1])
    harmless = np.array([not r["labels"] for r in parts["validation"]])
    sources = np.array([r["source"] for r in parts["validation"]])
    groups = [(harmless, FALSE_POSITIVES)]
    for source in set(sources):
        some = harmless & (sources == source)
        if some.sum() >= 100:
            groups.append((some, 10 * FALSE_POSITIVES))
    thresholds = []
    for p in scores["validation"]:
        lowest = [np.nextafter(np.sort(p[g])[-1 - math.floor(s / len(labels) * g.sum())], 2) for g, s in groups]
        thresholds.append(max(LOWEST, *lowest))
    flagged = np.array([p >= t for p, t in zip(scores["test"], thresholds)])
    test = parts["test"]
    anything = flagged.any(axis=0)
    without = np.array([not r["labels"] for r in test])
    print("recall", share(int(anything[~without].sum()), int((~without).sum())))
    print("false positives", share(int(anything[without].sum()), int(without.sum())))
    for i, label in enumerate(labels):
        fits = np.array([label in r["labels"] for r in test])
        both = int((flagged[i] & fits).sum())
        print(label, "precision", share(both, max(1, int(flagged[i].sum()))), "recall", share(both, int(fits.sum())))
    for source in ("red-team", "written-en", "written-zh"):
        of = np.array([r["source"] == source for r in test])
        print(
            source,
            "recall", share(int(anything[of & ~without].sum()), int((of & ~without).sum())),
            "false positives", share(int(anything[of & without].sum()), int((of & without).sum())),
        )
    few = [r["text"] for r in test[:200]]
    start = time.perf_counter()
    for text in few:
        features.transform([text])
    print(f"{1e6 * (time.perf_counter() - start) / len(few):.0f} microseconds a text for the features alone")


main(sys.argv[1])
