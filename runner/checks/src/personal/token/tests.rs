use super::*;
use crate::personal::tests::{draw, found, nothing};

/// A token of a form, of characters that are drawn from all that the form allows.
fn drawn(token: &Token, length: usize, seed: u64) -> String {
    let mut draw = draw(seed);
    let allowed: Vec<char> = (33..127u8).filter(|byte| (token.of)(*byte) && *byte != b'=').map(char::from).collect();
    let body: String = (0..length).map(|_| allowed[draw(allowed.len() as u64) as usize]).collect();
    format!("{}{body}", token.prefix)
}

#[test]
fn tokens_of_every_form_are_found() {
    for (seed, token) in TOKENS.iter().enumerate() {
        for length in [token.least, token.most.min(token.least + 30)] {
            let text = drawn(token, length, seed as u64);
            for sentence in [
                text.clone(),
                format!("see {text} there"),
                format!("x=\"{text}\""),
                format!("a,{text},b"),
                format!("//{text}/"),
            ] {
                if sentence.ends_with('/') && (token.of)(b'/') {
                    continue;
                }
                assert_eq!(found(&sentence), [(token.kind, text.as_str())], "{sentence}");
            }
        }
    }
}

#[test]
fn what_only_begins_like_a_token_is_none() {
    for (seed, token) in TOKENS.iter().enumerate() {
        let text = drawn(token, token.least, seed as u64);
        let crosses = format!("{}{}", token.prefix, "x".repeat(token.least));
        let short = drawn(token, token.least - 1, seed as u64);
        for sentence in
            [format!("x{text}"), format!("_{text}"), format!("-{text}"), token.prefix.to_owned(), crosses, short]
        {
            let kinds: Vec<Kind> = found(&sentence).into_iter().map(|(kind, _)| kind).collect();
            assert!(!kinds.contains(&token.kind), "{sentence}");
        }
    }
    for text in [
        "sk-learn and scikit-learn",
        "sk-proj-a-project-with-a-rather-long-name-in-words",
        "hf_hub_download_of_a_model_from_a_repository",
        "task-1234567890abcdefghijklmnopqrstuvwxyzABCD",
        "npm_config_registry_of_the_company_in_luxembourg",
        "xoxo-and-other-greetings-from-all-of-us-here",
        "AKIAAAAAAAAAAAAAAAAA",
        "ASIATIC",
    ] {
        nothing(text);
    }
}

#[test]
fn an_aws_secret_beside_its_id_belongs_to_it() {
    let (id, secret) = (drawn(&TOKENS[0], 16, 1), "q8Tz1mW4k/Lr7Yd2+Xv9Bn3Hc6Js5Gf0Pa8Ue4Ri");
    for text in [format!("{id},{secret}"), format!("id = {id}\nkey = {secret}"), format!("{id}\t{secret}\t57")] {
        let [(Kind::AwsKey, whole)] = found(&text)[..] else { panic!("{text}") };
        assert!(whole.starts_with(&id) && whole.ends_with(secret), "{text}");
    }
    let far = format!("{id}{}{secret}", " ".repeat(100));
    assert_eq!(found(&far), [(Kind::AwsKey, id.as_str())]);
    let hash = format!("{id} commit 3b18e512dba79e4c8300dd08aeb37f8e728b8dad0f");
    assert_eq!(found(&hash), [(Kind::AwsKey, id.as_str())]);
}
