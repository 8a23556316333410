//! Rule 7: what a submitter says of a job doesn't choose what its files are checked against.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::demo::{Cast, PERMIT};
use semla_tests::told::Told;

#[test]
fn rows_in_the_code_of_a_job_without_data_are_found_all_the_same() {
    let cast = Cast::assemble(&mut Told::default());
    let rows = cast.rows.get(11..16).expect("five rows").join("\\n");
    assert_eq!(asked(&cast, "rows", &rows), "blocked");
    // The control: the same job with digits that no patient has.
    let other: String = rows.chars().map(|c| if c.is_ascii_digit() { '9' } else { c }).collect();
    assert_eq!(asked(&cast, "other", &other), "open");
}

/// What becomes of a table with these rows, written by a job that mounts no data.
fn asked(cast: &Cast, name: &str, rows: &str) -> String {
    let site = &cast.site;
    let header = cast.rows.first().expect("a header");
    site.write(&format!("{name}/main.py"), &format!("open('/out/rows.csv', 'w').write('{header}\\n{rows}\\n')\n"));
    let job = site.write(
        &format!("{name}/job.toml"),
        &format!(
            "permit = \"{PERMIT}\"\nimage = \"sklearn\"\nrun = [\"python3\", \"main.py\"]\nlabel = \"confidential/health\"\n\
             [[output]]\npath = \"rows.csv\"\nkind = \"table\"\n"
        ),
    );
    let ran = site.semla("scientist-1", &["-o", "json", "submit", &job, "--wait"]).ok().json();
    let id = ran["id"].as_str().expect("an id");
    let ask = ["-o", "json", "release", "request", id, "rows.csv", "--to", "public", "--wait"];
    let view = site.semla("scientist-1", &ask).json();
    view["files"]["rows.csv"]["state"].as_str().expect("a state").to_owned()
}
