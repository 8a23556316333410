//! What a column's name says that its numbers are.

/// What numbers under a name are taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    /// Counts of something.
    Count,
    /// A rate, an estimate or another measure.
    Measure,
    /// A number that names something: a fold, a class, a setting of the program.
    Key,
    Unknown,
}

const COUNTS: &[&str] = &[
    "n",
    "num",
    "nb",
    "cnt",
    "nobs",
    "count",
    "counts",
    "freq",
    "frequency",
    "frequencies",
    "total",
    "totals",
    "size",
    "sizes",
    "support",
    "tp",
    "fp",
    "tn",
    "fn",
    "cases",
    "controls",
    "patients",
    "people",
    "persons",
    "subjects",
    "individuals",
    "participants",
    "women",
    "men",
    "deaths",
    "died",
    "events",
    "obs",
    "observations",
    "samples",
    "records",
    "rows",
    "positives",
    "negatives",
    "anzahl",
    "nombre",
    "effectif",
    "effectifs",
];
const MEASURES: &[&str] = &[
    "auc",
    "auroc",
    "auprc",
    "roc",
    "accuracy",
    "acc",
    "precision",
    "recall",
    "f1",
    "score",
    "specificity",
    "sensitivity",
    "p",
    "pvalue",
    "mcc",
    "kappa",
    "loss",
    "rmse",
    "mae",
    "mse",
    "r2",
    "brier",
    "mean",
    "std",
    "sd",
    "se",
    "var",
    "variance",
    "coef",
    "coefficient",
    "coefficients",
    "estimate",
    "beta",
    "odds",
    "ratio",
    "hr",
    "ci",
    "lower",
    "upper",
    "rate",
    "share",
    "fraction",
    "percent",
    "pct",
    "proportion",
    "prop",
    "weight",
    "importance",
    "fpr",
    "tpr",
    "tnr",
    "fnr",
    "ppv",
    "npv",
    "threshold",
    "chi2",
    "statistic",
    "gini",
    "entropy",
    "aic",
    "bic",
    "likelihood",
    "probability",
    "correlation",
    "effect",
    "dice",
    "iou",
];
const KEYS: &[&str] = &[
    "fold",
    "folds",
    "index",
    "idx",
    "rank",
    "step",
    "steps",
    "epoch",
    "epochs",
    "iter",
    "iteration",
    "iterations",
    "seed",
    "k",
    "depth",
    "leaf",
    "leaves",
    "degree",
    "order",
    "class",
    "label",
    "cluster",
    "clusters",
    "group",
    "level",
    "year",
    "month",
    "day",
    "week",
    "hour",
    "stage",
    "grade",
    "lag",
    "layer",
    "layers",
    "bin",
    "bins",
    "quantile",
    "decile",
    "percentile",
    "row",
    "component",
    "components",
    "trial",
    "run",
    "repeat",
    "split",
    "splits",
    "version",
    "estimators",
    "neighbors",
    "neighbours",
    "features",
    "jobs",
    "trees",
    "params",
    "parameters",
    "df",
    "batch",
    "window",
    "stride",
    "units",
    "job",
    "random",
    "classes",
    "labels",
    "inputs",
    "outputs",
    "targets",
    "init",
    "repeats",
    "permutations",
    "bootstrap",
    "bootstraps",
    "resamples",
    "rounds",
    "models",
    "heads",
    "filters",
    "channels",
    "columns",
    "variables",
    "predictors",
    "workers",
    "threads",
    "table",
    "figure",
    "section",
    "equation",
    "page",
];

/// What has a size that is a setting of a program.
const SETTINGS: &[&str] = &[
    "batch",
    "step",
    "window",
    "stride",
    "leaf",
    "layer",
    "kernel",
    "pool",
    "patch",
    "hidden",
    "embedding",
    "input",
    "output",
];

/// Reads a name word by word: `group_size` counts, `n_folds` names a setting, and a rate of counts is a measure.
pub(crate) fn sense(name: &str) -> Sense {
    let words = words(name);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let last = words.last().map_or("", String::as_str);
    let is_setting = matches!(last, "size" | "sizes") && any(SETTINGS);
    match () {
        () if any(RANKS) => Sense::Key,
        () if any(MEASURES) => Sense::Measure,
        () if is_setting => Sense::Key,
        () if COUNTS.contains(&last) => Sense::Count,
        () if any(KEYS) => Sense::Key,
        () if any(COUNTS) => Sense::Count,
        () => Sense::Unknown,
    }
}

/// Places in an order, also in that of scores.
const RANKS: &[&str] = &["rank", "ranking"];

/// What results of regressions say of themselves, and of nobody.
const FREEDOM: &[&str] = &["df", "dof", "iterations", "lags"];

/// Whether words before a number, up to another number, say that it is of degrees of freedom, or of steps of a program.
pub(crate) fn is_freedom<'a>(before: impl DoubleEndedIterator<Item = &'a str>) -> bool {
    let mut near = before.rev().take_while(|word| word.parse::<f64>().is_err());
    near.any(|word| words(word).iter().any(|word| FREEDOM.contains(&word.as_str())))
}

/// Words for one of several groups, which are numbered; their plurals are settings, such as `n_classes`.
const GROUPS: &[&str] = &["class", "cluster", "fold", "group", "label"];

/// Whether a name is that of groups, and not of a setting.
pub(crate) fn groups(name: &str) -> bool {
    words(name).last().is_some_and(|word| GROUPS.contains(&word.as_str()))
}

/// The words of a name: `nPatients`, `n_patients` and `n patients` alike.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        let starts = c.is_uppercase() && before.is_lowercase();
        if (starts || !c.is_alphanumeric()) && words.last().is_some_and(|word| !word.is_empty()) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before = c;
    }
    words.retain(|word| !word.is_empty());
    words
}
