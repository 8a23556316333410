//! Wrong input is told by name and remedy, with exit code 1 or 2, and leaves nothing behind.
#![allow(clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use semla_tests::demo::{Cast, PERMIT};
use semla_tests::site::CACHE;
use semla_tests::told::Told;
use std::os::unix::fs::symlink;
use std::path::Path;

/// What is typed, by whom, the exit code, and what the message has to name.
type Case<'a> = (&'a str, Vec<&'a str>, i32, &'a [&'a str]);

#[test]
fn wrong_input_is_named_and_leaves_nothing_behind() {
    let cast = Cast::assemble(&mut Told::default());
    let before = count(&cast);
    jobs(&cast);
    data(&cast);
    images(&cast);
    records(&cast);
    releases(&cast);
    assert_eq!(before, count(&cast), "something half-made was left behind");
    cast.site.semla("officer-1", &["ledger", "verify"]).ok();
    let file = cast.line("after", PERMIT, "print('still here')", "");
    let job = cast.site.json("scientist-1", &["submit", &file, "--dummy", "--wait"]);
    let job = job["id"].as_str().expect("an id");
    let log = cast.site.semla("scientist-1", &["job", "logs", job]).ok().out;
    assert!(log.contains("still here"), "{log}");
    assert_eq!(cast.site.semla("scientist-1", &["artifact", "cat", job, "log"]).ok().out, log);
}

#[test]
fn a_code_is_worth_nothing_without_the_key_that_was_enrolled() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    std::fs::create_dir_all(site.home("newcomer")).expect("a home");
    let key = site.semla("newcomer", &["key", "new"]).ok().out;
    let text = format!(
        "roles = [\"scientist\"]\nclearance = \"internal\"\nceiling = \"internal\"\nkey = \"{}\"\n",
        key.trim()
    );
    let file = site.write("people/newcomer.toml", &text);
    site.semla("officer-1", &["user", "add", &file]).ok();
    let approved = site.json("officer-2", &["user", "approve", "newcomer"]);
    let code = approved["code"].as_str().expect("a code");
    // The officer who was shown the code tries it, with a key of their own.
    let token = site.home("officer-2").join("token");
    let before = std::fs::read(&token).expect("the officer's token");
    let refused = site.semla("officer-2", &["login", "newcomer", "--code", code]);
    assert_eq!(refused.code, 1, "{refused:?}");
    assert!(refused.err.contains("the key"), "{refused:?}");
    assert_eq!(std::fs::read(&token).expect("the officer's token"), before);
    site.semla("newcomer", &["login", "newcomer", "--code", code]).ok();
}

#[test]
fn an_account_that_was_closed_and_opened_again_begins_with_a_new_code() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let key = site.semla("scientist-2", &["key", "show"]).ok().out;
    let record = |disabled: bool| {
        let text = format!(
            "roles = [\"scientist\"]\nclearance = \"internal\"\nceiling = \"confidential/health\"\nkey = \"{}\"\n\
             disabled = {disabled}\n",
            key.trim()
        );
        let file = site.write("people/scientist-2.toml", &text);
        site.semla("officer-1", &["user", "add", &file]).ok();
        site.json("officer-2", &["user", "approve", "scientist-2"])
    };
    assert!(record(false)["code"].is_null(), "an open account keeps its password");
    site.semla("scientist-2", &["whoami"]).ok();
    assert!(record(true)["code"].is_null());
    assert_eq!(site.semla("scientist-2", &["whoami"]).code, 1);
    let opened = record(false);
    assert_eq!(site.semla("scientist-2", &["whoami"]).code, 1, "the old session");
    assert_eq!(site.semla("scientist-2", &["login", "scientist-2"]).code, 1, "the old password");
    let code = opened["code"].as_str().expect("a code");
    site.semla("scientist-2", &["login", "scientist-2", "--code", code]).ok();
    site.semla("scientist-2", &["whoami"]).ok();
}

#[test]
fn a_dataset_that_vanished_or_became_a_link_runs_nothing() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let file = cast.line("vanished", PERMIT, "print(open('/data/train/wdbc.csv').readline())", "");
    site.semla("scientist-1", &["submit", &file, "--wait"]).ok();
    let datasets = std::fs::read_dir(site.state().join("datasets")).expect("datasets").filter_map(Result::ok);
    let kept = datasets.map(|set| set.path().join("wdbc.csv")).find(|path| path.is_file()).expect("the data");
    let aside = site.desk().join("aside.csv");
    std::fs::rename(&kept, &aside).expect("to take the data away");
    stopped(&cast, &file);
    symlink(&aside, &kept).expect("a link");
    stopped(&cast, &file);
    std::fs::remove_file(&kept).expect("to remove the link");
    std::fs::rename(&aside, &kept).expect("to bring the data back");
    site.semla("scientist-1", &["submit", &file, "--wait"]).ok();
}

fn stopped(cast: &Cast, file: &str) {
    let ran = cast.site.semla("scientist-1", &["submit", file, "--wait"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.out.contains("stopped") && ran.out.contains("no longer there"), "{ran:?}");
    assert!(cast.site.log().contains("the content of `wdbc@1` isn't on this host"), "{}", cast.site.log());
}

fn expect(cast: &Cast, cases: &[Case<'_>]) {
    let mut wrong = Vec::new();
    for (who, arguments, code, words) in cases {
        let ran = cast.site.semla(who, arguments);
        let error = ran.err.contains("error: ");
        if ran.code != *code || !error || !words.iter().all(|word| ran.err.contains(word)) {
            wrong.push(format!("{arguments:?}\n  wanted {code} and {words:?}\n  got    {} and {}", ran.code, ran.err));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Datasets, attempts, images and half-unpacked images.
fn count(cast: &Cast) -> [usize; 4] {
    let entries = |folder: &Path| std::fs::read_dir(folder).expect("a folder").count();
    let state = cast.site.state();
    let images = cast.site.json("officer-1", &["image", "ls"]).as_array().map_or(0, Vec::len);
    let unpacking = std::fs::read_dir(CACHE).expect("the images").filter_map(Result::ok);
    let unpacking = unpacking.filter(|entry| entry.file_name().to_string_lossy().starts_with("unpacking-"));
    [entries(&state.join("datasets")), entries(&state.join("attempts")), images, unpacking.count()]
}

fn jobs(cast: &Cast) {
    let good =
        format!("permit = \"{PERMIT}\"\nimage = \"sklearn\"\nrun = [\"true\"]\ndata = {{ train = \"wdbc@1\" }}\n");
    let file = |name: &str, text: &str| cast.site.write(&format!("{name}/{name}.toml"), text);
    let no_toml = file("no-toml", "permit = \n");
    let typo = file("typo", &good.replace("image =", "imgae ="));
    let permit = file("permit", &good.replace(PERMIT, "HDAB-LU-2026-018"));
    let image = file("image", &good.replace("sklearn", "sklern"));
    let dataset = file("dataset", &good.replace("wdbc@1", "wdbc@2"));
    let label = file("label", &format!("label = \"confidental/health\"\n{good}"));
    let memory = file("memory", &format!("needs = {{ memory = \"8Q\" }}\n{good}"));
    let large = file("large", &format!("needs = {{ memory = \"9000G\" }}\n{good}"));
    let wide = file("wide", &format!("needs = {{ cpus = 1000 }}\n{good}"));
    let key = file("key", &good);
    let made = std::fs::read(cast.site.home("scientist-1").join("token")).expect("a token");
    std::fs::write(Path::new(&key).with_file_name("notes.txt"), made).expect("a token in the code");
    let pair = cast.site.state().with_file_name("keys").join("officer-1.key");
    let pair_job = file("pair", &good);
    std::fs::copy(pair, Path::new(&pair_job).with_file_name("officer-1.key")).expect("a key in the code");
    let nothing = file("nothing", &good.replace("[\"true\"]", "[]"));
    let above = file("above", &format!("{good}[[output]]\npath = \"../x.csv\"\nkind = \"table\"\n"));
    let twice = file("twice", &format!("{good}{0}{0}", "[[output]]\npath = \"x.csv\"\nkind = \"table\"\n"));
    let code = file("code", &format!("code = \"nowhere\"\n{good}"));
    let secret = file(
        "env",
        &format!("env = {{ AWS_SECRET_ACCESS_KEY = \"qJ8r2UtnF3MIK7MDENGbPxRfiCY9ab4cdE5fgH6i\" }}\n{good}"),
    );
    let submit = |file| vec!["submit", file, "--dummy"];
    expect(
        cast,
        &[
            ("scientist-1", submit("nowhere.toml"), 2, &["nowhere.toml"]),
            ("scientist-1", submit(&no_toml), 2, &["no-toml.toml:1:"]),
            ("scientist-1", submit(&typo), 2, &["typo.toml:2:", "imgae", "image"]),
            ("scientist-1", submit(&permit), 1, &["permit"]),
            ("scientist-1", submit(&image), 1, &["`sklern`", "image"]),
            ("scientist-1", submit(&dataset), 1, &["dataset"]),
            ("scientist-1", submit(&label), 1, &["`confidental`", "`confidential`"]),
            ("scientist-1", submit(&memory), 2, &["memory.toml:1:", "8Q"]),
            ("scientist-1", submit(&large), 1, &["9000 GiB", "this host has", "lower `memory`"]),
            ("scientist-1", submit(&wide), 1, &["1000 cores", "lower `cpus`"]),
            ("scientist-1", submit(&key), 1, &["notes.txt:1: a key or token for semla"]),
            ("scientist-1", submit(&pair_job), 1, &["officer-1.key:1: a private key"]),
            ("scientist-1", submit(&nothing), 1, &["the job runs nothing", "`run`"]),
            ("scientist-1", submit(&above), 2, &["above.toml:6:", "../x.csv"]),
            ("scientist-1", submit(&twice), 1, &["`x.csv`", "twice"]),
            ("scientist-1", submit(&code), 2, &["nowhere"]),
            ("scientist-1", submit(&secret), 1, &["AWS_SECRET_ACCESS_KEY", "secret"]),
        ],
    );
    let links = Path::new(&cast.site.write("links/job.toml", &good)).parent().expect("a folder").to_owned();
    symlink("/etc/passwd", links.join("passwd")).expect("a link");
    let links = links.join("job.toml");
    expect(cast, &[("scientist-1", submit(links.to_str().expect("a path")), 2, &["passwd", "link"])]);
}

fn data(cast: &Cast) {
    let site = &cast.site;
    let rows = site.write("some.csv", "id,x\n1,2\n");
    let (wide, narrow) = (site.write("wide.csv", "id,x,y\n1,2,3\n"), site.write("narrow.csv", "id\n1\n"));
    let card = site.write("some.card.toml", "title = \"some\"\nunit = \"person\"\nid = \"id\"\nrows = 1\n[[column]]\nname = \"id\"\ntype = \"integer\"\nrange = [0, 9]\n[[column]]\nname = \"x\"\ntype = \"integer\"\nrange = [0, 9]\n");
    let wrong = site.write(
        "wrong.card.toml",
        "title = \"some\"\nunit = \"person\"\nid = \"nobody\"\nrows = 1\n[[column]]\nname = \"id\"\ntype = \"whole\"\n",
    );
    let link = site.desk().join("link.csv");
    symlink(&rows, &link).expect("a link");
    let link = link.to_str().expect("a path").to_owned();
    let fifo = site.desk().join("fifo.csv");
    nix::unistd::mkfifo(&fifo, nix::sys::stat::Mode::S_IRWXU).expect("a fifo");
    let fifo = fifo.to_str().expect("a path").to_owned();
    let add = |name, path, label, card| {
        vec!["data", "add", name, path, "--label", label, "--card-label", "internal", "--card", card]
    };
    let health = "confidential/health";
    // What the card rules out is no reason to refuse the rows; the steward is told where, and not of what.
    let odd = site.write("odd.csv", "id,x\n1,2\n2,4711\n3,\n4,many\n");
    let warned = site.semla("scientist-1", &add("odd@1", &odd, health, &card));
    assert!(
        warned.err.contains("`x` is something else in 2 rows than the card says (whole numbers from 0 to 9)"),
        "{warned:?}"
    );
    assert!(!warned.err.contains("4711") && !warned.err.contains("`id` is something else"), "{warned:?}");
    expect(
        cast,
        &[
            ("steward-1", add("some@1", "/nowhere.csv", health, &card), 2, &["/nowhere.csv"]),
            ("steward-1", add("some@1", &link, health, &card), 2, &["link.csv", "symbolic link"]),
            ("steward-1", add("some@1", &fifo, health, &card), 2, &["fifo.csv", "plain file"]),
            ("steward-1", add("some@1", "/etc", health, &card), 2, &["/etc"]),
            ("steward-1", add("some@1", &wide, health, &card), 2, &["wide.csv", "`y`", "add it to the card"]),
            ("steward-1", add("some@1", &narrow, health, &card), 2, &["narrow.csv", "no column `x`"]),
            ("steward-1", add("some@1", &rows, health, &wrong), 2, &["wrong.card.toml:7:8:", "`whole`", "integer"]),
            ("steward-1", add("some@1", &rows, "confidental", &card), 1, &["`confidental`", "`confidential`"]),
            ("steward-1", add("some", &rows, health, &card), 1, &["`some`", "version"]),
            ("steward-1", add("wdbc@1", &rows, health, &card), 1, &["wdbc@1"]),
            ("scientist-1", add("some@1", &rows, health, &card), 1, &["steward"]),
        ],
    );
}

fn images(cast: &Cast) {
    let site = &cast.site;
    let text = site.write("text.tar", "this is no image\n");
    let empty = site.write("empty.tar", "");
    expect(
        cast,
        &[
            ("officer-1", vec!["image", "import", "/nowhere.tar"], 2, &["/nowhere.tar"]),
            ("officer-1", vec!["image", "import", &text], 1, &["text.tar", "root filesystem"]),
            ("officer-1", vec!["image", "import", &empty], 1, &["empty.tar", "root filesystem"]),
            ("officer-1", vec!["image", "import", "/etc"], 2, &["/etc"]),
            ("officer-1", vec!["image", "show", "nothing"], 1, &["nothing"]),
            ("officer-1", vec!["image", "build", &text], 2, &["text.tar:1:"]),
        ],
    );
}

fn records(cast: &Cast) {
    let site = &cast.site;
    let person =
        site.write("people/p.toml", "roles = [\"chekcer\"]\nclearance = \"internal\"\nceiling = \"internal\"\n");
    let permit = site.write(
        "permits/P-1.toml",
        "purpose = \"x\"\npeople = [\"nobody\"]\ndatasets = [\"wdbc@1\"]\nup_to = \"internal\"\nuntil = 2027-13-30\n",
    );
    let past = site.write(
        "permits/P-2.toml",
        "purpose = \"x\"\npeople = [\"scientist-1\"]\ndatasets = [\"wdbc@1\"]\nup_to = \"confidential/health\"\nuntil = 2020-06-30\n",
    );
    let policy = site.write("policy.toml", "version = 1\n[scheme]\nlevels = [\"a\", \"a\"]\n");
    // One name for two proposals: each has an id, and a list says which.
    std::fs::create_dir_all(site.home("twin")).expect("a home");
    let key = site.semla("twin", &["key", "new"]).ok().out;
    for ceiling in ["internal", "confidential/health"] {
        let text = format!(
            "roles = [\"scientist\"]\nclearance = \"internal\"\nceiling = \"{ceiling}\"\nkey = \"{}\"\n",
            key.trim()
        );
        site.semla("officer-1", &["user", "add", &site.write("people/twin.toml", &text)]).ok();
    }
    let listed = site.json("officer-2", &["user", "approve"]);
    let ids: Vec<_> = listed.as_array().expect("a list").iter().filter_map(|one| one["id"].as_str()).collect();
    assert_eq!((ids.len(), &listed[0]["name"], &listed[0]["by"][0]), (2, &"twin".into(), &"officer-1".into()));
    let other = site.desk().join("other");
    let other = other.to_str().expect("a path");
    expect(
        cast,
        &[
            ("officer-2", vec!["user", "approve", "twin"], 1, &["more than once", ids[0], ids[1]]),
            ("officer-2", vec!["user", "approve", "tiwn"], 1, &["`tiwn`", "lists what is"]),
            ("officer-1", vec!["user", "add", &person], 2, &["p.toml:1:", "chekcer", "checker"]),
            ("steward-1", vec!["permit", "add", &permit], 2, &["P-1.toml:5:"]),
            ("steward-1", vec!["permit", "add", &past], 1, &["2020-06-30, is over", "`until`"]),
            ("officer-1", vec!["policy", "validate", &policy], 2, &["policy.toml:"]),
            ("officer-1", vec!["init", "--state", other, "--preset", "ehsd"], 2, &["`ehsd`", "ehds"]),
            ("officer-1", vec!["init"], 1, &["isn't empty", "--state"]),
            // A daemon that is root could read every dataset.
            ("officer-1", vec!["init", "--state", other, "--service-uid", "0"], 2, &["0 is not in 1.."]),
            ("stranger", vec!["ps"], 1, &["login"]),
            ("stranger", vec!["login", "nobody"], 1, &["password"]),
        ],
    );
}

fn releases(cast: &Cast) {
    let site = &cast.site;
    let none = site.desk().join("no-bundle");
    let none = none.to_str().expect("a path");
    expect(
        cast,
        &[
            ("scientist-1", vec!["release", "request", "j-nothing", "x.csv", "--to", "public"], 1, &["there is no"]),
            ("scientist-1", vec!["release", "show", "r-nothing"], 1, &["there is no"]),
            ("checker-1", vec!["release", "review", "r-nothing", "--approve"], 1, &["there is no"]),
            ("checker-1", vec!["release", "review", "r-nothing"], 2, &["--approve"]),
            ("scientist-1", vec!["job", "logs", "../../etc/passwd"], 1, &["there is no"]),
            ("auditor", vec!["verify", none, "--log-key", "x", "--reviewers", none], 2, &["`x`", "name+hash+base64"]),
        ],
    );
}
