//! What a column's name says that its numbers are.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words of one kind.
type List = LazyLock<HashSet<&'static str>>;

fn list(words: &'static str) -> HashSet<&'static str> {
    words.split(' ').collect()
}

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

static COUNTS: List = LazyLock::new(|| {
    list(
        "n num nb cnt nobs count counts freq frequency frequencies total totals size sizes support tp fp tn fn cases \
    controls patients people persons subjects individuals participants women men deaths died events obs observations \
    samples records rows positives negatives anzahl nombre effectif effectifs",
    )
});
/// Those that are of people, whatever else the name says.
static PEOPLE: List =
    LazyLock::new(|| list("cases patients people persons subjects individuals participants women men deaths died"));
static MEASURES: List = LazyLock::new(|| {
    list(
        "auc auroc auprc roc accuracy acc precision recall f1 score specificity sensitivity p pvalue mcc kappa loss rmse \
    mae mse r2 brier mean std sd se var variance coef coefficient coefficients estimate beta odds ratio hr ci lower \
    upper rate share fraction percent pct proportion prop weight importance fpr tpr tnr fnr ppv npv threshold chi2 \
    statistic gini entropy aic bic likelihood probability correlation effect dice iou duration seconds elapsed \
    centroid centroids gain",
    )
});
static KEYS: List = LazyLock::new(|| {
    list(
        "fold folds index idx rank step steps epoch epochs iter iteration iterations seed k depth leaf leaves degree \
    order class label cluster clusters group level year month day week hour stage grade lag layer layers bin bins \
    quantile decile percentile row component components trial run repeat split splits version estimators neighbors \
    neighbours features jobs trees params parameters df batch window stride units job random classes labels inputs \
    outputs targets init repeats permutations bootstrap bootstraps resamples rounds models heads filters channels \
    columns variables predictors workers threads table figure section equation page dof ddof lambda alpha gamma \
    verbose verbosity cores lags",
    )
});

/// What has a size that is a setting of a program.
static SETTINGS: List = LazyLock::new(|| {
    list("batch step window stride leaf layer kernel pool patch hidden embedding input output bagging")
});

/// Reads a name word by word: `group_size` counts, `n_folds` names a setting, and a rate of counts is a measure.
pub(crate) fn sense(name: &str) -> Sense {
    let words = words(name);
    let any = |list: &List| words.iter().any(|word| list.contains(word.as_str()));
    let last = words.last().map_or("", String::as_str);
    let is_setting = matches!(last, "size" | "sizes" | "freq") && any(&SETTINGS);
    let is_number_of_kinds = matches!(words.as_slice(), [number, kinds] if NUMBER.contains(number.as_str()) && KINDS.contains(kinds.as_str()));
    match () {
        () if any(&RANKS) => Sense::Key,
        // Patients with a high score are counted, and a rate of patients isn't a count: who knows?
        () if any(&MEASURES) && any(&COUNTS) => Sense::Unknown,
        () if any(&MEASURES) => Sense::Measure,
        () if is_setting || is_number_of_kinds => Sense::Key,
        () if COUNTS.contains(last) || any(&PEOPLE) => Sense::Count,
        () if any(&KEYS) => Sense::Key,
        () if any(&COUNTS) => Sense::Count,
        () => Sense::Unknown,
    }
}

/// How many kinds of something there are, such as `n_unique`, says nothing of how many people.
static NUMBER: List = LazyLock::new(|| list("n num no number"));
static KINDS: List = LazyLock::new(|| list("unique distinct levels categories groups equations"));

/// Places in an order, also in that of scores.
static RANKS: List = LazyLock::new(|| list("rank ranking"));

/// What results of regressions say of themselves, and of nobody.
static FREEDOM: List = LazyLock::new(|| list("df dof iterations lags arima sarimax arma"));

/// Whether words before a number say that it, or several numbers, are of degrees of freedom, or of steps of a program.
pub(crate) fn is_freedom<'a>(before: impl DoubleEndedIterator<Item = &'a str>) -> bool {
    let is_number = |word: &&str| word.parse::<f64>().is_ok();
    let mut near = before.rev().skip_while(is_number).take_while(|word| !is_number(word));
    near.any(|word| words(word).iter().any(|word| FREEDOM.contains(word.as_str())))
}

/// Words for one of several groups, which are numbered; their plurals are settings, such as `n_classes`.
static GROUPS: List = LazyLock::new(|| list("class cluster fold group label"));

/// Whether a name is that of groups, and not of a setting.
pub(crate) fn groups(name: &str) -> bool {
    words(name).last().is_some_and(|word| GROUPS.contains(word.as_str()))
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
