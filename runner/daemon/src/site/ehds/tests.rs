use super::*;

#[test]
fn each_letter_has_a_page_with_every_part() {
    let letters: Vec<_> = LETTERS.iter().map(|text| text.letter).collect();
    assert_eq!(letters, ["a", "b", "c", "d", "e", "f"]);
    for text in &LETTERS {
        let page = page(text, &["a setting".into()], &["a figure".into()]).text;
        let parts = [
            "Regulation (EU) 2025/327, Art. 73(1)",
            "## What holds it",
            "- a setting\n",
            "- a figure\n",
            "## Outside semla",
        ];
        assert!(parts.iter().all(|part| page.contains(part)), "{page}");
        assert!(text.held.contains("Rule "), "{}", text.letter);
        assert!(!page.contains("  "), "{page}");
    }
}

#[test]
fn a_level_that_keeps_logs_for_less_than_a_year_is_named() {
    let policy = |days: u32| {
        let mut policy = semla_policy::text::policy("preset = \"ehds\"\n").unwrap();
        policy.levels[1].keep_logs = days;
        policy
    };
    let short = figures::levels(&policy(364), figures::kept).join("\n");
    assert!(short.contains("`internal`: **not met**: `keep_logs` is 364 days, and 365 are asked for"), "{short}");
    assert_eq!(short.matches("not met").count(), 1, "{short}");
    let year = figures::levels(&policy(365), figures::kept).join("\n");
    assert!(!year.contains("not met") && year.contains("`internal`: `keep_logs` is 365 days"), "control: {year}");
}
