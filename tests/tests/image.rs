//! An image that nobody saw before: imported, listed, run, and unpacked once.
#![allow(clippy::expect_used, clippy::panic)]

use semla_tests::demo::{Cast, PERMIT};
use semla_tests::site::CACHE;
use semla_tests::told::Told;
use std::path::Path;

const STATUS: &str = "Package: little\nStatus: install ok installed\nVersion: 1.2-3\n";

#[test]
fn an_image_that_nobody_saw_before_is_unpacked_listed_and_run() {
    let cast = Cast::assemble(&mut Told::default());
    let site = &cast.site;
    let tar = site.desk().join("little.tar");
    // The time makes its digest a new one, so that nothing of an earlier run can stand in for it.
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("a clock").as_nanos();
    root(&tar, &site.program("semla"), &now.to_string());
    let tar = tar.to_str().expect("a path");
    let imported = site.json("officer-1", &["image", "import", tar]);
    assert!(imported.to_string().contains("little"), "{imported}");

    let shown = site.semla("scientist-1", &["image", "show", "little"]).ok().out;
    assert!(shown.contains("little 1.2-3"), "{shown}");
    let job = format!(
        "permit = \"{PERMIT}\"\nimage = \"little\"\nrun = [\"/bin/semla\", \"--version\"]\ndata = {{ train = \"wdbc@1\" }}\n"
    );
    let job = site.write("little/job.toml", &job);
    let ran = site.semla("scientist-1", &["-o", "json", "submit", &job, "--dummy", "--wait"]).ok().json();
    let log = site.semla("scientist-1", &["job", "logs", ran["id"].as_str().expect("an id")]).ok().out;
    assert_eq!(log.trim(), concat!("semla ", env!("CARGO_PKG_VERSION")));

    let absent = std::fs::read_to_string(&job).expect("the job").replace("/bin/semla", "/bin/absent");
    let absent = site.write("absent/job.toml", &absent);
    let ended = site.semla("scientist-1", &["submit", &absent, "--dummy", "--wait"]);
    assert!(ended.code == 1 && ended.out.contains("image-error"), "{ended:?}");

    // The same archive once more, in less time than unpacking takes: under another name, the same tree.
    let before = digest(&cast, "little");
    site.semla("officer-1", &["image", "import", tar, "--name", "renamed"]).ok();
    assert_eq!(digest(&cast, "renamed"), before);
    // Images outlive their site; nobody will ask for this one again.
    let folder = before.rsplit_once(':').map_or(before.as_str(), |(_, hex)| hex);
    std::fs::remove_dir_all(Path::new(CACHE).join(folder)).expect("to remove the image");
}

fn digest(cast: &Cast, name: &str) -> String {
    let images = cast.site.json("scientist-1", &["image", "ls"]);
    let image = images.as_array().expect("images").iter().find(|image| image["name"] == name);
    image.unwrap_or_else(|| panic!("no image `{name}`: {images}"))["digest"].as_str().expect("a digest").to_owned()
}

/// A root filesystem with one program, a list of packages and a mark.
fn root(to: &Path, program: &Path, mark: &str) {
    let mut tar = tar::Builder::new(std::fs::File::create(to).expect("a file"));
    tar.sparse(false);
    tar.append_path_with_name(program, "bin/semla").expect("the program");
    for (path, text) in [("var/lib/dpkg/status", STATUS), ("etc/mark", mark)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append_data(&mut header, path, text.as_bytes()).expect("a member");
    }
    tar.finish().expect("a tar");
}
