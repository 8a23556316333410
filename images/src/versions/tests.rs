use super::*;
use crate::scratch::Scratch;
use std::os::unix::fs::symlink;

const STATUS_FILE: &str = "Package: libc6\nStatus: install ok installed\nVersion: 2.36-9+deb12u14\nDescription: a\n Version: 9\n\n\
     Package: gone\nStatus: deinstall ok config-files\nVersion: 1\n\n\
     Package: python3-sklearn\nStatus: install ok installed\nVersion: 1.2.1+dfsg-1\n";

fn image() -> Scratch {
    let scratch = Scratch::new();
    scratch.file("var/lib/dpkg/status", STATUS_FILE);
    let debian = "usr/lib/python3/dist-packages";
    scratch.file(
        &format!("{debian}/scikit_learn-1.2.1.egg-info/PKG-INFO"),
        "Metadata-Version: 2.1\nName: scikit-learn\nVersion: 1.2.1\n\nVersion: 9\n",
    );
    scratch.file(&format!("{debian}/kiwisolver-0.0.0.egg-info"), "Name: kiwisolver\nVersion: 0.0.0\n");
    scratch.file(&format!("{debian}/lz4-4.0.2.egg-info"), "Name: lz4\nVersion: 4.0.2+dfsg\n");
    scratch
        .file("usr/local/lib/python3.11/dist-packages/six-1.16.0.dist-info/METADATA", "Name: six\nVersion: 1.16.0\n");
    scratch
}

fn shown(packages: &[Package]) -> Vec<String> {
    packages.iter().map(|package| format!("{} {}", package.name, package.version)).collect()
}

#[test]
fn the_packages_of_debian_and_of_python_are_listed() {
    let versions = Versions::of_path(image().path()).unwrap();
    assert_eq!(shown(&versions.debian), ["libc6 2.36-9+deb12u14", "python3-sklearn 1.2.1+dfsg-1"]);
    assert_eq!(shown(&versions.python), ["kiwisolver 0.0.0", "lz4 4.0.2+dfsg", "scikit-learn 1.2.1", "six 1.16.0"]);
    assert_eq!(versions.requirements(), "kiwisolver\nlz4==4.0.2\nscikit-learn==1.2.1\nsix==1.16.0\n");
}

#[test]
fn a_package_of_pips_hides_debians_of_the_same_name() {
    let scratch = image();
    let place = "usr/local/lib/python3.11/dist-packages/scikit_learn-1.9.0.dist-info/METADATA";
    scratch.file(place, "Name: Scikit_Learn\nVersion: 1.9.0\n");
    let versions = Versions::of_path(scratch.path()).unwrap();
    let learn: Vec<_> = versions.python.iter().filter(|package| package.name.contains("earn")).collect();
    assert_eq!(learn.iter().map(|package| package.version.as_str()).collect::<Vec<_>>(), ["1.9.0"]);
}

#[test]
fn an_image_without_lists_has_no_versions() {
    assert_eq!(Versions::of_path(Scratch::new().path()).unwrap(), Versions::default());
}

#[test]
fn a_link_in_an_image_isnt_followed_out_of_it() {
    let (outside, inside) = (image(), Scratch::new());
    for name in ["var", "usr"] {
        symlink(outside.path().join(name), inside.path().join(name)).unwrap();
    }
    assert_eq!(Versions::of_path(inside.path()).unwrap(), Versions::default());
    // The control: without the link the same lists are read.
    assert_ne!(Versions::of_path(outside.path()).unwrap(), Versions::default());
}

#[test]
fn what_could_be_read_as_an_option_of_pip_or_isnt_text_is_left_out() {
    let scratch = Scratch::new();
    let place = "usr/lib/python3/dist-packages";
    scratch.file(&format!("{place}/a.egg-info"), "Name: x --index-url=y\nVersion: 1\n");
    scratch.file(&format!("{place}/b.egg-info"), "Name: x\nVersion: 1\u{1b}[2J\n");
    scratch.file(&format!("{place}/c.egg-info"), &format!("Name: {}\nVersion: 1\n", "x".repeat(1000)));
    scratch.file(&format!("{place}/d.egg-info"), "Name: fine\nVersion: 1\n");
    scratch.file(&format!("{place}/e.egg-info"), "Name: --pre\nVersion: 1\n");
    assert_eq!(Versions::of_path(scratch.path()).unwrap().requirements(), "fine==1\n");
}
