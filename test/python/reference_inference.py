"""Reference values for the statistical tests, from SciPy, statsmodels, scikit-posthocs, rliable and krippendorff.

Shares no code with the notebook: reads ``[{"kind": …, …}, …]`` from standard input and prints the list of answers, in
the same order. Each kind is one function below, named in ``KINDS``.
"""

from __future__ import annotations

import importlib.util
import json
import math
import sys
import types
import warnings
from collections.abc import Callable
from typing import Any

import krippendorff
import numpy as np
import scikit_posthocs
from numpy.typing import NDArray
from scipy import optimize, stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import ttost_paired

Floats = NDArray[np.float64]
Case = dict[str, Any]
Answer = dict[str, Any]


def main() -> None:
    """Answer every case; NaN and infinities become ``None``."""
    warnings.simplefilter("ignore")
    cases: list[Case] = json.load(sys.stdin)
    json.dump([plain(KINDS[case["kind"]](case)) for case in cases], sys.stdout)


def plain(value: Any) -> Any:
    """Nested lists and floats as JSON knows them."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [plain(item) for item in value]
    if isinstance(value, (float, np.number)):
        return float(value) if math.isfinite(value) else None
    return value


def distributions(case: Case) -> Answer:
    """Quantiles and tails of one probability, value and number of degrees of freedom."""
    p, x, df, k = case["p"], case["x"], case["df"], case["k"]
    return {
        "t_quantile": stats.t.ppf(p, df),
        "t_cdf": stats.t.cdf(x, df),
        "normal_quantile": stats.norm.ppf(p),
        "normal_cdf": stats.norm.cdf(x),
        "chi_squared": stats.chi2.sf(abs(x), k - 1),
        "f": stats.f.sf(abs(x), k - 1, df),
        "range_cdf": stats.studentized_range.cdf(abs(x), k, np.inf),
    }


def discordant_pairs(case: Case) -> Answer:
    """Exact McNemar by statsmodels; mid-p by SciPy's binomial (Fagerland et al. 2013); 1 without pairs."""
    gained, lost = case["gained"], case["lost"]
    if gained + lost == 0:
        return {"p": 1.0, "mid_p": 1.0}
    exact = mcnemar([[7, gained], [lost, 11]], exact=True).pvalue
    half = 0.5 if gained == lost else 1.0
    return {"p": exact, "mid_p": exact - half * stats.binom.pmf(min(gained, lost), gained + lost, 0.5)}


def signs(case: Case) -> Answer:
    """SciPy's binomial test on the signs; 1 without any."""
    d = np.asarray(case["differences"], dtype=float)
    positive, n = int((d > 0).sum()), int((d != 0).sum())
    return {"p": stats.binomtest(positive, n).pvalue if n else 1.0}


def signed_ranks(case: Case) -> Answer:
    """SciPy's ``wilcoxon`` by its own choice and by approximation, and the count of all signs by convolution."""
    d = np.asarray(case["differences"], dtype=float)
    auto = stats.wilcoxon(d)
    approximate = stats.wilcoxon(d, method="asymptotic", correction=False)
    return {
        "statistic": auto.statistic,
        "auto": auto.pvalue,
        "approximate": approximate.pvalue,
        "counted": counted_signed_ranks(d[d != 0]),
    }


def counted_signed_ranks(d: Floats) -> float:
    """Two-sided p from the distribution of the rank sum over all signs, as a product of polynomials."""
    doubled = np.rint(2 * stats.rankdata(np.abs(d))).astype(int)
    counts = np.ones(1)
    for rank in doubled:
        factor = np.zeros(rank + 1)
        factor[[0, -1]] = 0.5
        counts = np.convolve(counts, factor)
    observed = int(doubled[d > 0].sum())
    return min(1.0, 2 * min(float(counts[: observed + 1].sum()), float(counts[observed:].sum())))


def sign_flips(case: Case) -> Answer:
    """SciPy's ``permutation_test`` of one sample of differences: all sign patterns, or some at random."""
    d = np.asarray(case["differences"], dtype=float)
    draws = case["draws"]
    result = stats.permutation_test(
        (d,), np.sum, permutation_type="samples", n_resamples=draws or np.inf, rng=np.random.default_rng(5)
    )
    return {"p": result.pvalue, "statistic": result.statistic}


def friedman(case: Case) -> Answer:
    """SciPy's Friedman test and scikit-posthocs' Nemenyi on settings × arms; the critical difference by SciPy."""
    values = np.asarray([row for row in case["values"] if None not in row], dtype=float)
    settings, arms = values.shape
    result = stats.friedmanchisquare(*values.T)
    return {
        "statistic": result.statistic,
        "p": result.pvalue,
        "ranks": stats.rankdata(-values, axis=1).mean(axis=0),
        "nemenyi": scikit_posthocs.posthoc_nemenyi_friedman(values).to_numpy(),
        "difference": stats.studentized_range.ppf(1 - case["alpha"], arms, np.inf)
        * math.sqrt(arms * (arms + 1) / (12 * settings)),
    }


def corrections(case: Case) -> Answer:
    """Holm's and Benjamini and Hochberg's adjusted p by statsmodels."""
    return {method: multipletests(case["ps"], method=method)[1] for method in ("holm", "fdr_bh")}


def equivalence(case: Case) -> Answer:
    """Two one-sided paired t tests by statsmodels."""
    d = np.asarray(case["differences"], dtype=float)
    p, (_, below, _), (_, above, _) = ttost_paired(d, np.zeros_like(d), -case["margin"], case["margin"])
    return {"p": p, "below": below, "above": above}


def random_effects(case: Case) -> Answer:
    """
    Paule–Mandel fit by statsmodels on single variances, with its Hartung–Knapp standard error.

    Its iteration takes a step that ends a rounding error beyond the root for “no spread” and returns 0, so it must not
    be asked for more digits than its steps can tell apart. How many these are differs between processors; where it says
    “no spread” and Cochran's Q denies it, a digit less is asked for.
    """
    effects, variances = np.asarray(case["effects"]), np.asarray(case["variances"])
    weights = 1 / variances
    q = float(weights @ (effects - weights @ effects / weights.sum()) ** 2)
    for atol in (1e-7, 1e-6):
        fit = combine_effects(effects, variances, method_re="iterated", use_t=True, atol=atol)
        if fit.tau2 > 0 or q <= len(effects) - 1:
            break
    return {
        "tau2": fit.tau2,
        "mean": fit.mean_effect_re,
        "se": fit.sd_eff_w_re,
        "se_hartung_knapp": fit.sd_eff_w_re_hksj,
    }


def correlated_random_effects(case: Case) -> Answer:
    """The same with a full covariance: the root by Brent's method, inverses by NumPy."""
    y, v = np.asarray(case["effects"]), np.asarray(case["covariance"])
    ones = np.ones(len(y))

    def fit(tau2: float) -> tuple[float, float, float]:
        w = np.linalg.inv(v + tau2 * np.eye(len(y)))
        total = ones @ w @ ones
        mean = ones @ w @ y / total
        return float((y - mean) @ w @ (y - mean)), float(mean), float(1 / total)

    def excess(tau2: float) -> float:
        return fit(tau2)[0] - (len(y) - 1)

    tau2 = 0.0 if excess(0.0) <= 0 else float(optimize.brentq(excess, 0.0, 1e6, xtol=1e-16, rtol=1e-14))
    q, mean, variance = fit(tau2)
    df = len(y) - 1
    se = math.sqrt(variance * max(1.0, q / df))
    reach = stats.t.ppf(0.975, df) * se
    further = stats.t.ppf(0.975, df - 1) * math.sqrt(tau2 + se**2) if df > 1 else math.nan
    return {"tau2": tau2, "mean": mean, "se": se, "low": mean - reach, "predicted_low": mean - further}


def aggregates(case: Case) -> Answer:
    """Aggregates and, with ``reps``, stratified bootstrap intervals by rliable; scores are settings × seeds."""
    library, metrics = rliable_modules()
    x, y = np.asarray(case["x"]).T, np.asarray(case["y"]).T
    answer: Answer = {
        "iqm": metrics.aggregate_iqm(x),
        "improvement": metrics.probability_of_improvement(x, y),
        "profile": library.score_distributions(x, np.asarray(case["thresholds"])),
    }
    if case["reps"]:
        for name, scores, statistic in (
            ("iqm_interval", x, metrics.aggregate_iqm),
            ("improvement_interval", (x, y), metrics.probability_of_improvement),
        ):
            _, interval = library.get_interval_estimates(
                {"arm": scores},
                lambda *drawn, statistic=statistic: np.array([statistic(*drawn)]),
                reps=case["reps"],
                random_state=np.random.RandomState(7),
            )
            answer[name] = interval["arm"][:, 0]
    return answer


def rliable_modules() -> tuple[Any, Any]:
    """
    Import rliable without the whole of arch.

    rliable needs ``arch.bootstrap`` of arch 7, whose package imports models that fail with pandas 3. So an empty
    package stands in for arch, through which Python finds the bootstrap alone.
    """
    if "arch" not in sys.modules:
        found = importlib.util.find_spec("arch")
        package = types.ModuleType("arch")
        package.__path__ = list(found.submodule_search_locations or []) if found else []
        sys.modules["arch"] = package
    from rliable import library, metrics

    return library, metrics


def agreement(case: Case) -> Answer:
    """Krippendorff's α; ``None`` where the library refuses."""
    data = [[np.nan if value is None else value for value in judge] for judge in case["judgements"]]
    try:
        return {"alpha": krippendorff.alpha(reliability_data=data, level_of_measurement=case["level"])}
    except ValueError:
        return {"alpha": None}


KINDS: dict[str, Callable[[Case], Answer]] = {
    function.__name__: function
    for function in (
        distributions,
        discordant_pairs,
        signs,
        signed_ranks,
        sign_flips,
        friedman,
        corrections,
        equivalence,
        random_effects,
        correlated_random_effects,
        aggregates,
        agreement,
    )
}

if __name__ == "__main__":
    main()
