//! What leaves of a dataset is added up over all requests of a permit, and models leave with the precision that the policy says.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::Site;
use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;
use serde_json::Value;
use std::time::{Duration, Instant};

const POLICY: &str = "preset = \"ehds\"\n\
    [profile.standard]\ninformation = \"12K\"\nweight_bits = 12\ntypes = [\"txt\", \"npy\"]\n\
    [[level]]\nname = \"public\"\n[[level]]\nname = \"internal\"\n\
    [[level]]\nname = \"confidential\"\nends = \"at-once\"\nbudget = { bits = 4096, every = \"30d\" }\n";

/// Two texts that can't be packed to less than half of their 16,000 letters, and an array of numbers with 53 bits.
const CODE: &str = "import hashlib, numpy
for name in 'ab':
    digits = ''.join(hashlib.sha256(f'{name}{n}'.encode()).hexdigest() for n in range(250))
    open(f'/out/{name}.txt', 'w').write('\\n'.join(digits[at:at + 80] for at in range(0, len(digits), 80)))
numpy.save('/out/weights.npy', numpy.full(3, 1 / 3))
";

fn text(value: &Value) -> String {
    value.as_str().expect("a text").to_owned()
}

fn notices(site: &Site, release: &str, file: &str) -> String {
    site.semla("checker-1", &["release", "show", release, "--detail", file]).ok().out
}

/// Asks for a file; what its checkers see of it, and the request.
fn ask(site: &Site, job: &str, file: &str) -> (String, String) {
    let asked = site.semla("scientist-1", &["-o", "json", "release", "request", job, file, "--to", "public", "--wait"]);
    let release = text(&asked.json()["id"]);
    assert_eq!(asked.json()["files"][file]["state"], "open", "{asked:?}\n{}", site.log());
    (notices(site, &release, file), release)
}

/// Approves a request, and fetches what it comes to.
fn fetch(site: &Site, release: &str, file: &str) -> Vec<u8> {
    for who in ["checker-1", "checker-2"] {
        site.semla(who, &["release", "review", release, "--approve"]).ok();
    }
    let end = Instant::now() + Duration::from_secs(30);
    while site.json("checker-1", &["release", "show", release])["state"] != "released" {
        assert!(Instant::now() < end, "it never left\n{}", site.log());
        std::thread::sleep(Duration::from_millis(100));
    }
    let place = site.desk().join(release);
    site.semla("scientist-1", &["release", "download", release, "-D", place.to_str().expect("a plain path")]).ok();
    std::fs::read(place.join("files").join(file)).expect("the file")
}

#[test]
fn what_leaves_adds_up_and_weights_are_rounded() {
    let cast = Cast::assemble_on(Site::new("taken-out"), POLICY, &mut Told::default());
    let site = &cast.site;
    let outputs = ["a.txt", "b.txt"].map(|name| format!("[[output]]\npath = \"{name}\"\nkind = \"text\"\n")).concat()
        + "[[output]]\npath = \"weights.npy\"\nkind = \"model\"\n";
    let file = cast.line("noise", PERMIT, CODE, &outputs);
    let ran = site.json("scientist-1", &["submit", &file, "--wait"]);
    assert_eq!(ran["state"], "succeeded", "{ran}");
    let job = text(&ran["id"]);

    // Eight KiB of twelve.
    let (detail, first) = ask(site, &job, "a.txt");
    assert!(!detail.contains("leave under the permit"), "{detail}");
    fetch(site, &first, "a.txt");
    // What was asked for and never left counts for nothing; what left counts for every later file.
    let (detail, _) = ask(site, &job, "b.txt");
    assert!(detail.contains("`wdbc@1` leave under the permit"), "{detail}");

    let (_, model) = ask(site, &job, "weights.npy");
    assert_eq!(site.json("checker-1", &["release", "show", &model])["files"]["weights.npy"]["mended"], true);
    let left = fetch(site, &model, "weights.npy");
    let third = f64::from_le_bytes(left[left.len() - 8..].try_into().expect("eight bytes"));
    assert!((third - 1.0 / 3.0).abs() < 1e-4 && third.to_bits().trailing_zeros() >= 41, "{third}");
}
