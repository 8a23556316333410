//! Against doubles of mmdebstrap and pip: a real build takes minutes and a network.

use super::*;
use crate::recipe::RecipeError;
use crate::scratch::Scratch;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// Says what mmdebstrap says, writes its arguments beside itself, and makes the tar that the last argument names.
const DOUBLE: &str = r#"#!/bin/sh
printf '%s\n' "$@" > "${0%/*}/arguments"
echo "$SOURCE_DATE_EPOCH" > "${0%/*}/epoch"
for last; do :; done
echo 'I: running apt-get update...' >&2
echo 'Get:1 mirror InRelease [1 kB]'
echo '0 upgraded, 2 newly installed, 0 to remove and 0 not upgraded.'
echo 'Get:1 mirror a [1 kB]'
echo 'Get:2 mirror b [1 kB]'
echo 'Unpacking a (1) ...'
echo 'Setting up a (1) ...'
echo 'semla: finishing the tree'
echo 'I: creating tarball...' >&2
echo tar > "$last"
"#;

#[derive(Default)]
struct Steps(Vec<(String, u64, Option<u64>)>);

impl Progress for Steps {
    fn step(&mut self, what: &str, done: u64, total: Option<u64>) {
        self.0.push((what.to_owned(), done, total));
    }
}

fn recipe(more: &str, lock: &str) -> Recipe {
    let text = format!("name = \"a\"\nsuite = \"bookworm\"\npackages = [\"python3\", \"xz-utils\"]\n{more}");
    Recipe::check("a.toml", &text, &|_| Ok::<_, RecipeError>(lock.to_owned())).unwrap()
}

fn program(scratch: &Scratch, name: &str, script: &str) -> PathBuf {
    let path = scratch.file(name, script);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn builder(scratch: &Scratch, script: &str) -> Builder {
    let mut builder = Builder::new(&scratch.path().join("cache"));
    builder.mmdebstrap = program(scratch, "mmdebstrap", script);
    builder
}

fn left(scratch: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(scratch.path().join("cache")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_build_is_kept_and_the_next_one_finds_it() {
    let scratch = Scratch::new();
    let builder = builder(&scratch, DOUBLE);
    let mut steps = Steps::default();
    let built = builder.build(&recipe("", ""), &mut steps).unwrap();
    assert!(built.fresh);
    assert_eq!(fs::read_to_string(&built.tar).unwrap(), "tar\n");
    let step = |what: &str, done, total| (what.to_owned(), done, total);
    assert_eq!(
        steps.0,
        [
            step("reading package lists", 0, None),
            step("downloading packages", 1, Some(2)),
            step("downloading packages", 2, Some(2)),
            step("installing packages", 1, Some(4)),
            step("installing packages", 2, Some(4)),
            step("finishing the tree", 0, None),
            step("writing the tar", 0, None),
            step("done", 1, Some(1)),
        ]
    );
    fs::remove_file(&builder.mmdebstrap).unwrap();
    let again = builder.build(&recipe("", ""), &mut Silent).unwrap();
    assert_eq!(again, Built { tar: built.tar.clone(), fresh: false });
    builder.forget(&recipe("", "")).unwrap();
    assert!(!built.tar.exists());
}

#[test]
fn the_command_line_is_that_of_the_recipe() {
    let scratch = Scratch::new();
    let mut builder = builder(&scratch, DOUBLE);
    builder.sources = Some("/etc/mirror.sources".into());
    let more = "components = [\"main\", \"contrib\"]\nwithout = [\"gcc*\"]\nexclude = [\"/usr/lib/*/tests\"]\n";
    // The double takes the last argument for the tar, which the file of sources is here.
    let _ = builder.build(&recipe(more, ""), &mut Silent);
    let arguments = fs::read_to_string(scratch.path().join("arguments")).unwrap();
    for expected in [
        "--variant=minbase\n",
        "--skip=output/dev\n",
        "--components=main,contrib\n",
        "--include=python3,xz-utils\n",
        "for pattern in 'gcc*'; do\n",
        "find \"$root\" -xdev -depth -path \"$root\"'/usr/lib/*/tests' -exec rm -rf {} +\n",
        "\nbookworm\n",
        "/root.tar\n/etc/mirror.sources\n",
    ] {
        assert!(arguments.contains(expected), "{expected} in {arguments}");
    }
    assert_eq!(fs::read_to_string(scratch.path().join("epoch")).unwrap(), format!("{EPOCH}\n"));
}

#[test]
fn a_build_that_fails_says_why_and_leaves_nothing() {
    let scratch = Scratch::new();
    let script = "#!/bin/sh\nfor last; do :; done\necho half > \"$last\"\necho 'E: Unable to locate package nonsuch' >&2\nexit 1\n";
    let error = builder(&scratch, script).build(&recipe("", ""), &mut Silent).unwrap_err();
    assert!(error.to_string().contains("Unable to locate package nonsuch"), "{error}");
    assert_eq!(left(&scratch), [".lock"]);
    // The control: the same double without the failure does leave something.
    let script = script.replace("exit 1", "exit 0");
    builder(&scratch, &script).build(&recipe("", ""), &mut Silent).unwrap();
    assert_eq!(left(&scratch).len(), 2);
}

#[test]
fn a_missing_program_is_told_with_its_package() {
    let scratch = Scratch::new();
    let mut builder = Builder::new(&scratch.path().join("cache"));
    builder.mmdebstrap = "/nonexistent/mmdebstrap".into();
    let error = builder.build(&recipe("", ""), &mut Silent).unwrap_err();
    assert!(error.to_string().contains("apt install mmdebstrap"), "{error}");
}

#[test]
fn what_a_killed_build_left_is_swept() {
    let scratch = Scratch::new();
    scratch.file("cache/.working-old.tar/root.tar", "half");
    builder(&scratch, DOUBLE).build(&recipe("", ""), &mut Silent).unwrap();
    assert!(left(&scratch).iter().all(|name| !name.contains("working")));
}

#[test]
fn two_builders_work_one_after_the_other() {
    let scratch = Scratch::new();
    let slow = DOUBLE.replacen("echo", "mkdir \"${0%/*}/busy\" || exit 1\nsleep 0.3\nrmdir \"${0%/*}/busy\"\necho", 1);
    let builder = builder(&scratch, &slow);
    let recipes = [recipe("", ""), recipe("components = [\"contrib\"]\n", "")];
    std::thread::scope(|scope| {
        let running = recipes.each_ref().map(|recipe| scope.spawn(|| builder.build(recipe, &mut Silent)));
        for one in running {
            one.join().unwrap().unwrap();
        }
    });
    assert_eq!(left(&scratch).len(), 3);
}

#[test]
fn wheels_are_fetched_for_the_images_python_with_hashes_and_nothing_else() {
    let scratch = Scratch::new();
    let mut builder = builder(&scratch, DOUBLE);
    builder.python = program(&scratch, "python3", "#!/bin/sh\nprintf '%s\\n' \"$@\" > \"${0%/*}/pip\"\n");
    let lock = format!("six==1.16.0 --hash=sha256:{}\n", "0".repeat(64));
    builder.build(&recipe("lock = \"lock.txt\"\n", &lock), &mut Silent).unwrap();
    let pip = fs::read_to_string(scratch.path().join("pip")).unwrap();
    for expected in [
        "--require-hashes\n",
        "--only-binary=:all:\n",
        "--no-deps\n",
        "--python-version=3.11\n",
        "manylinux_2_36_",
        "manylinux2014_",
    ] {
        assert!(pip.contains(expected), "{expected} in {pip}");
    }
    assert!(!pip.contains("manylinux_2_37_"));
    let arguments = fs::read_to_string(scratch.path().join("arguments")).unwrap();
    assert!(arguments.contains("/wheels' /usr/local/lib/python3.11/dist-packages\n"), "{arguments}");
}
