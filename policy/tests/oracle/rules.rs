//! What has to hold of a submission and of a read, in Cedar's words.

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

/// What has to hold of a submission, ...
const CLAUSES: usize = 8;
/// ... and of each of its inputs.
const OF_INPUTS: usize = 3;
/// All that can be left out, to see that it is missed.
pub const CONDITIONS: usize = CLAUSES + OF_INPUTS;

/// Submitting reads the content of its inputs, rehearsing that of their cards. A request has room for so many inputs.
pub fn submission(action: &str, reads: &str, inputs: usize, left_out: Option<usize>) -> String {
    let clauses: [String; CLAUSES] = [
        "principal.open".into(),
        "principal.roles.contains(\"scientist\")".into(),
        "principal in resource".into(),
        "context.today <= resource.until".into(),
        dominates("context.label", "context.author"),
        dominates("context.label", "context.image.label"),
        dominates("resource.top", "context.label"),
        admits("principal.ceiling", "context.label"),
    ];
    let of_input = |at: usize| -> [String; OF_INPUTS] {
        let input = format!("context.in{at}");
        let card = admits("principal.clearance", &format!("{input}.card"));
        [format!("{input} in resource"), card, dominates("context.label", &format!("{input}.{reads}"))]
            .map(|clause| format!("(!(context has in{at}) || ({clause}))"))
    };
    let inputs = (0..inputs).flat_map(|at| of_input(at).into_iter().zip(CLAUSES..));
    let all = clauses.into_iter().zip(0..).chain(inputs).filter(|(_, number)| Some(*number) != left_out);
    let all = all.map(|(clause, _)| clause).collect::<Vec<_>>().join("\n && ");
    format!("permit (principal, action == Action::\"{action}\", resource) when {{ {all} }};")
}

pub fn reading() -> String {
    let admits = admits("principal.clearance", "context.label");
    format!(
        "permit (principal, action == Action::\"read\", resource)
         when {{ principal.open && principal in resource && context.today <= resource.until && {admits} }};
         permit (principal, action == Action::\"review\", resource)
         when {{ principal.open && principal.roles.contains(\"checker\") && resource has until }}
         when {{ {admits} }} unless {{ principal in resource }};"
    )
}
