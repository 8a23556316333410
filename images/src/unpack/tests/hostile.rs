use super::*;

#[test]
fn a_name_with_two_dots_is_refused_where_a_naive_unpacker_leaves_the_directory() {
    let archive = Tar::default().file("a/../../escaped", "!").done();
    let place = Place::new();
    fs::create_dir(place.out("a")).unwrap();
    assert!(matches!(place.unpack(&archive), Err(UnpackError::Name { .. })));
    assert!(!place.beside("escaped").exists());
    place.naive(&archive);
    assert_eq!(read(place.beside("escaped")), "!");
}

#[test]
fn an_absolute_name_stays_inside_where_a_naive_unpacker_writes_anywhere() {
    let place = Place::new();
    let elsewhere = place.beside("e");
    let archive = Tar::default().file(elsewhere.to_str().unwrap(), "!").done();
    place.unpack(&archive).unwrap();
    assert!(!elsewhere.exists());
    assert_eq!(read(place.out(elsewhere.strip_prefix("/").unwrap().to_str().unwrap())), "!");
    place.naive(&archive);
    assert_eq!(read(elsewhere), "!");
}

#[test]
fn a_file_below_a_link_is_refused_where_a_naive_unpacker_follows_it() {
    for (name, target) in [("link-up", ".."), ("link-absolute", "/"), ("link-inside", "real")] {
        let place = Place::new();
        let beside = place.beside("").to_str().unwrap().trim_end_matches('/').to_owned();
        let target = if target == "/" { beside.as_str() } else { target };
        let archive = Tar::default().directory("real").link("door", target).file("door/escaped", "!").done();
        assert!(matches!(place.unpack(&archive), Err(UnpackError::Through { .. })), "{name}");
        assert!(!place.beside("escaped").exists() && !place.out("real/escaped").exists());
        fs::remove_file(place.out("door")).unwrap();
        place.naive(&archive);
        assert!(place.beside("escaped").exists() || place.out("real/escaped").exists());
    }
}

#[test]
fn a_file_in_the_place_of_a_link_replaces_it_where_a_naive_unpacker_writes_through_it() {
    let place = Place::new();
    fs::write(place.beside("victim"), "mine").unwrap();
    let archive = Tar::default().link("door", "../victim").file("door", "!").done();
    place.unpack(&archive).unwrap();
    assert_eq!([read(place.beside("victim")), read(place.out("door"))], ["mine", "!"]);
    fs::remove_file(place.out("door")).unwrap();
    place.naive(&archive);
    assert_eq!(read(place.beside("victim")), "!");
}

#[test]
fn a_hard_link_reaches_only_the_tree_where_a_naive_unpacker_shares_a_file_outside() {
    let place = Place::new();
    fs::write(place.beside("victim"), "mine").unwrap();
    let out = Tar::default().hard_link("copy", "../victim").done();
    assert!(matches!(place.unpack(&out), Err(UnpackError::Name { .. })));
    let door = Tar::default().link("door", "..").hard_link("copy", "door/victim").done();
    assert!(matches!(place.unpack(&door), Err(UnpackError::Through { .. })));
    let missing = Tar::default().directory("d").hard_link("copy", "d").done();
    assert!(matches!(place.unpack(&missing), Err(UnpackError::HardLink { .. })));
    assert!(!place.out("copy").exists());
    place.naive(&out);
    assert_eq!(fs::metadata(place.out("copy")).unwrap().nlink(), 2);
}

#[test]
fn names_that_a_terminal_would_obey_or_that_are_no_text_are_refused() {
    for name in [&b"a\x1b[2Jb"[..], b"a\nb", b"\xff\xfe", b"a\x7f", "a\u{85}b".as_bytes()] {
        let place = Place::new();
        let archive = Tar::default().entry(EntryType::Regular, name, b"", 0o644, b"").done();
        let error = place.unpack(&archive).unwrap_err();
        assert!(matches!(error, UnpackError::Name { .. }), "{error}");
        assert!(!error.to_string().chars().any(char::is_control), "{error}");
        let link = Tar::default().entry(EntryType::Symlink, b"fine", name, 0o777, b"").done();
        assert!(matches!(place.unpack(&link), Err(UnpackError::Name { .. })));
    }
    let control = Tar::default().file("a b\u{e9}", "").done();
    Place::new().unpack(&control).unwrap();
}

#[test]
fn devices_and_fifos_are_left_out_and_counted() {
    let archive = Tar::default()
        .entry(EntryType::Char, b"dev/null", b"", 0o666, b"")
        .entry(EntryType::Block, b"dev/sda", b"", 0o666, b"")
        .entry(EntryType::Fifo, b"dev/fifo", b"", 0o666, b"")
        .file("dev/file", "")
        .done();
    let place = Place::new();
    assert_eq!(place.unpack(&archive).unwrap().special, 3);
    let names: Vec<_> = fs::read_dir(place.out("dev")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["file"]);
}

#[test]
fn privileged_bits_are_taken_away_where_a_naive_unpacker_keeps_them() {
    let archive = Tar::default()
        .entry(EntryType::Regular, b"su", b"", 0o6755, b"")
        .entry(EntryType::Directory, b"tmp", b"", 0o1777, b"")
        .done();
    let place = Place::new();
    assert_eq!(place.unpack(&archive).unwrap().privileged, 2);
    let mode = |name| fs::metadata(place.out(name)).unwrap().mode() & 0o7777;
    assert_eq!((mode("su"), mode("tmp")), (0o755, 0o777));
    place.naive(&archive);
    assert_eq!(mode("su"), 0o6755);
}

#[test]
fn entries_and_bytes_are_bounded_before_they_are_written() {
    let archive = Tar::default().file("a", "12345").file("b", "67890").file("c", "").done();
    let with = |entries, bytes| {
        let place = Place::new();
        let result = place.unpack_as(&archive, Content::Image, Limits { entries, bytes });
        (result, place.out("b").exists())
    };
    assert!(matches!(with(2, 100), (Err(UnpackError::Entries(2)), true)));
    assert!(matches!(with(3, 9), (Err(UnpackError::Bytes(9)), false)));
    assert!(matches!(with(3, 10), (Ok(_), true)));
}

#[test]
fn a_claim_of_a_huge_file_is_refused_before_anything_is_written() {
    let mut archive = Tar::default().file("a", "x").done();
    let mut header = Header::from_byte_slice(&archive[..512]).clone();
    header.set_size(1 << 50);
    header.set_cksum();
    archive[..512].copy_from_slice(header.as_bytes());
    assert!(matches!(Place::new().unpack(&archive), Err(UnpackError::Bytes(_))));
}

#[test]
fn a_bomb_of_zeros_ends_at_the_limit() {
    let bomb = gzip(&vec![0; 8 << 20]);
    assert!(bomb.len() < 64 << 10);
    let place = Place::new();
    let name = Tar::default().entry(EntryType::GNULongName, b"l", b"", 0, &vec![b'a'; 2 << 20]).done();
    assert!(matches!(place.unpack(&gzip(&name)), Err(UnpackError::Layout(_))));
    let file = Tar::default().blob("zeros", &vec![0; 8 << 20]).done();
    let limits = Limits { entries: 10, bytes: 1 << 20 };
    assert!(matches!(place.unpack_as(&gzip(&file), Content::Image, limits), Err(UnpackError::Bytes(_))));
    // What isn't counted as a file's content still counts as what came out of the compression.
    let hidden = Tar::default().entry(EntryType::XGlobalHeader, b"g", b"", 0, &vec![0; 8 << 20]).file("a", "").done();
    assert!(matches!(place.unpack_as(&gzip(&hidden), Content::Image, limits), Err(UnpackError::Read(_))));
    place.unpack_as(&gzip(&hidden), Content::Image, Limits { entries: 10, bytes: 16 << 20 }).unwrap();
}

#[test]
fn what_two_readers_would_read_in_two_ways_is_refused() {
    let pax = b"20 size=18446744073\n";
    let two_sizes = Tar::default().entry(EntryType::XHeader, b"x", b"", 0, pax).file("a", "1").done();
    let sparse = Tar::default().entry(EntryType::GNUSparse, b"a", b"", 0o644, b"").done();
    let pax_sparse =
        Tar::default().entry(EntryType::XHeader, b"x", b"", 0, b"22 GNU.sparse.major=1\n").file("a", "1").done();
    let full_link = Tar::default().entry(EntryType::Symlink, b"a", b"b", 0o777, b"content").done();
    let unknown = Tar::default().entry(EntryType::new(b'Z'), b"a", b"", 0o644, b"").done();
    for (at, archive) in [two_sizes, sparse, pax_sparse, full_link, unknown].iter().enumerate() {
        let error = Place::new().unpack(archive).unwrap_err();
        assert!(matches!(error, UnpackError::Name { .. }), "{at}: {error}");
    }
}

#[test]
fn code_holds_files_and_directories_only_where_an_image_may_hold_links() {
    let limits = Limits::of(Content::Code);
    let link = Tar::default().link("a", "b").done();
    let hard = Tar::default().file("a", "").hard_link("b", "a").done();
    let device = Tar::default().entry(EntryType::Char, b"a", b"", 0o666, b"").done();
    for archive in &[link, hard, device] {
        let place = Place::new();
        assert!(matches!(place.unpack_as(archive, Content::Code, limits), Err(UnpackError::Kind { .. })));
        place.unpack(archive).unwrap();
    }
}
