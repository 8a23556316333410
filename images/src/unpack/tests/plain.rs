use super::*;

fn root() -> Vec<u8> {
    Tar::default()
        .directory("./")
        .directory("./etc/")
        .file("./etc/passwd", "root:x:0:0\n")
        .link("./bin", "usr/bin")
        .entry(EntryType::Directory, b"./usr/bin", b"", 0o555, b"")
        .entry(EntryType::Regular, b"./usr/bin/perl", b"", 0o755, b"#!")
        .hard_link("./usr/bin/perl5", "./usr/bin/perl")
        .link("./usr/bin/vi", "/etc/alternatives/vi")
        .done()
}

#[test]
fn a_root_filesystem_is_unpacked_with_its_modes_links_and_times() {
    for archive in [root(), gzip(&root())] {
        let place = Place::new();
        let report = place.unpack(&archive).unwrap();
        assert_eq!(report, Report { entries: 8, bytes: 13, special: 0, privileged: 0 });
        assert_eq!(read(place.out("etc/passwd")), "root:x:0:0\n");
        assert_eq!(fs::read_link(place.out("bin")).unwrap(), PathBuf::from("usr/bin"));
        assert_eq!(fs::read_link(place.out("usr/bin/vi")).unwrap(), PathBuf::from("/etc/alternatives/vi"));
        let perl = fs::metadata(place.out("usr/bin/perl")).unwrap();
        assert_eq!((perl.mode() & 0o7777, perl.mtime()), (0o755, 1_000_000_000));
        assert_eq!(perl.ino(), fs::metadata(place.out("usr/bin/perl5")).unwrap().ino());
        let bin = fs::metadata(place.out("usr/bin")).unwrap();
        assert_eq!((bin.mode() & 0o7777, bin.mtime()), (0o555, 1_000_000_000));
        assert_eq!(fs::metadata(place.out("usr")).unwrap().mode() & 0o7777, 0o755);
    }
}

#[test]
fn long_names_of_both_forms_are_read() {
    let long = format!("{}/{}", "d".repeat(120), "f".repeat(120));
    let mut gnu = builder();
    let mut header = Header::new_gnu();
    header.set_size(2);
    header.set_mode(0o644);
    gnu.append_data(&mut header, &long, &b"ok"[..]).unwrap();
    let mut pax = builder();
    pax.append_pax_extensions([("path", long.as_bytes())]).unwrap();
    let mut header = Header::new_ustar();
    header.set_path("short").unwrap();
    header.set_size(2);
    header.set_mode(0o644);
    header.set_cksum();
    pax.append(&header, &b"ok"[..]).unwrap();
    for archive in [gnu, pax] {
        let place = Place::new();
        place.unpack(&archive.into_inner().unwrap()).unwrap();
        assert_eq!(read(place.out(&long)), "ok");
    }
}

#[test]
fn a_later_entry_takes_the_place_of_an_earlier_one_whatever_that_was() {
    let archive = Tar::default()
        .file("a/deep/file", "1")
        .file("a", "2")
        .file("b", "3")
        .directory("b")
        .file("b/c", "4")
        .file("d", "5")
        .hard_link("e", "d")
        .file("e", "6")
        .done();
    let place = Place::new();
    place.unpack(&archive).unwrap();
    assert_eq!([read(place.out("a")), read(place.out("b/c"))], ["2", "4"]);
    // A file that is written anew isn't written through its other name.
    assert_eq!([read(place.out("d")), read(place.out("e"))], ["5", "6"]);
}

#[test]
fn a_code_snapshot_is_unpacked_as_it_was_taken() {
    let place = Place::new();
    let code = place.beside("code");
    fs::create_dir_all(code.join("lib")).unwrap();
    fs::write(code.join("train.py"), "print(1)\n").unwrap();
    fs::write(code.join("lib/model.py"), "x = 1\n").unwrap();
    let snapshot = crate::snapshot::take(&code, crate::snapshot::Limits::default()).unwrap();
    place.unpack_as(&snapshot.tar, Content::Code, Limits::of(Content::Code)).unwrap();
    assert_eq!(crate::digest::of_path(&place.beside("out")).unwrap(), crate::digest::of_path(&code).unwrap());
}

#[test]
fn an_image_gets_the_places_that_a_sandbox_mounts_on_and_code_does_not() {
    let archive = Tar::default().entry(EntryType::Directory, b"tmp", b"", 0o777, b"").file("a", "").done();
    let image = Place::new();
    image.unpack(&archive).unwrap();
    assert!(MOUNTS.iter().all(|place| image.out(place).is_dir()));
    let mode = |place| fs::metadata(image.out(place)).unwrap().mode() & 0o7777;
    assert_eq!((mode("tmp"), mode("dev")), (0o777, 0o755));
    let code = Place::new();
    code.unpack_as(&archive, Content::Code, Limits::of(Content::Code)).unwrap();
    assert!(!code.out("dev").exists());
}

#[test]
fn an_archive_without_entries_is_no_image() {
    let place = Place::new();
    assert!(matches!(place.unpack(&[]), Err(UnpackError::Read(_))));
    assert!(matches!(place.unpack(&[0; 1024]), Err(UnpackError::Layout(_))));
}
