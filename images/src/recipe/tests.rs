use super::*;

fn check(text: &str) -> Result<Recipe, RecipeError> {
    Recipe::check("r.toml", text, &|_| Ok(String::new()))
}

fn faults(text: &str) -> Vec<String> {
    match check(text) {
        Err(RecipeError::Faults(faults)) => faults.iter().map(Fault::to_string).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_recipe_in_this_folder_is_good() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("sklearn.toml");
    let recipe = Recipe::load(&path).unwrap();
    assert_eq!(recipe.name, "sklearn");
    assert_eq!(recipe.suite, Suite::Bookworm);
    assert_eq!(recipe.components, ["main"]);
}

#[test]
fn all_faults_are_told_at_once_each_at_its_place_with_a_suggestion() {
    let text = r#"name = "Sk Learn"
suite = "bookwrm"
pakages = ["x"]
components = ["man"]
packages = ["python3-sklearn", "Python3_Pandas", 7, "numpy==1.2", "a;rm -rf", "python3-sklearn"]
exclude = ["usr/share/doc", "/*", "/usr/$(id)"]
without = ["*"]
"#;
    assert_eq!(
        faults(text),
        [
            "r.toml:1:8: `Sk Learn` can't name an image; use small letters, digits, `-`, `_` and `.`, at most 64",
            "r.toml:2:9: no release is called `bookwrm`; did you mean `bookworm`?",
            "r.toml:3:1: no key of a recipe is called `pakages`; did you mean `packages`?",
            "r.toml:4:15: no component of Debian is called `man`; did you mean `main`?",
            "r.toml:5:32: `Python3_Pandas` can't be a Debian package; did you mean `python3-pandas`?",
            "r.toml:5:50: `packages` takes words, not the type `integer`; write `\"...\"`",
            "r.toml:5:53: `numpy==1.2` can't be a Debian package; did you mean `numpy=1.2`? two signs are pip's",
            "r.toml:5:67: `a;rm -rf` can't be a Debian package; use small letters, digits, `+`, `-` and `.`, and `=` before a version",
            "r.toml:5:79: `python3-sklearn` stands twice; take one away",
            "r.toml:6:12: `usr/share/doc` isn't a path from the root of the image; did you mean `/usr/share/doc`?",
            "r.toml:6:29: `/*` would remove more than a part of the image; name a directory below `/`",
            "r.toml:6:35: `/usr/$(id)` can't be a pattern for paths; use letters, digits, `*`, `?` and `/._+@:=,-`",
            "r.toml:7:12: `*` can't stand for Debian packages; use small letters, digits, `+`, `-`, `.`, `*` and `?`",
        ]
    );
}

#[test]
fn missing_keys_and_releases_that_move_are_refused() {
    let found = faults("suite = \"stable\"\n");
    assert!(found.iter().any(|fault| fault.contains("the key `name` is missing")), "{found:?}");
    assert!(found.iter().any(|fault| fault.contains("the key `packages` is missing")), "{found:?}");
    assert!(found.iter().any(|fault| fault.contains("`stable` is another release tomorrow")), "{found:?}");
}

#[test]
fn broken_toml_is_told_with_its_place() {
    let found = faults("name = \"a\"\nsuite = \nsuite = \"bookworm\"\npackages = [\"xz\"\n");
    assert!(found.iter().any(|fault| fault.starts_with("r.toml:2:")), "{found:?}");
}

#[test]
fn a_lock_file_needs_a_version_and_a_hash_on_every_line() {
    let recipe = "name = \"a\"\nsuite = \"bookworm\"\npackages = [\"python3\"]\nlock = \"lock.txt\"\n";
    let hash = format!("--hash=sha256:{}", "0".repeat(64));
    let with = |lock: String| Recipe::check("r.toml", recipe, &move |_| Ok(lock.clone()));
    with(format!("# made by hand\nnumpy==2.0 \\\n    {hash} \\\n    {hash}\n\nsix==1.0 {hash} # why\n")).unwrap();
    let bad = format!("numpy==2.0\nsix {hash}\n--index-url x\ntoo==1 --hash=md5:0\n");
    let Err(RecipeError::Faults(found)) = with(bad) else { panic!() };
    let lines: Vec<(String, usize)> = found.into_iter().map(|fault| (fault.file, fault.line)).collect();
    assert_eq!(lines, [1, 2, 3, 4].map(|line| ("lock.txt".to_owned(), line)));
}

#[test]
fn the_digest_changes_with_the_recipe_and_not_with_its_layout() {
    let one = check("name=\"a\"\nsuite=\"bookworm\"\npackages=[\"xz-utils\"]").unwrap();
    let same = check("# note\npackages = [\"xz-utils\"]\nsuite = \"bookworm\"\nname = \"a\"").unwrap();
    let other = check("name=\"a\"\nsuite=\"trixie\"\npackages=[\"xz-utils\"]").unwrap();
    assert_eq!(one.digest(), same.digest());
    assert_ne!(one.digest(), other.digest());
}
