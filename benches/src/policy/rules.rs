//! What has to hold of a submission, in Cedar's words: the same conditions that `policy/` decides by.

/// `a` dominates `b`, both records with a level, categories and perhaps audiences.
fn dominates(a: &str, b: &str) -> String {
    format!(
        "{a}.level >= {b}.level && {a}.categories.containsAll({b}.categories) && \
         (!({b} has audiences) || ({a} has audiences && {b}.audiences.containsAll({a}.audiences)))"
    )
}

fn admits(clearance: &str, label: &str) -> String {
    format!(
        "{clearance}.level >= {label}.level && {clearance}.categories.containsAll({label}.categories) && \
         (!({label} has audiences) || {clearance}.audiences.containsAny({label}.audiences))"
    )
}

/// A submission with room for so many inputs.
pub(crate) fn submission(inputs: usize) -> String {
    let mut all = vec![
        "principal.open".to_owned(),
        "principal.roles.contains(\"scientist\")".to_owned(),
        "principal in resource".to_owned(),
        "context.today <= resource.until".to_owned(),
        dominates("context.label", "context.author"),
        dominates("context.label", "context.image.label"),
        dominates("resource.top", "context.label"),
        admits("principal.ceiling", "context.label"),
    ];
    for at in 0..inputs {
        let input = format!("context.in{at}");
        let card = admits("principal.clearance", &format!("{input}.card"));
        let content = dominates("context.label", &format!("{input}.content"));
        let clauses = [format!("{input} in resource"), card, content];
        all.extend(clauses.map(|clause| format!("(!(context has in{at}) || ({clause}))")));
    }
    format!("permit (principal, action == Action::\"submit\", resource) when {{ {} }};", all.join("\n && "))
}
