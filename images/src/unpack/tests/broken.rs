use super::*;
use proptest::prelude::*;

fn sample() -> Vec<u8> {
    Tar::default()
        .directory("d")
        .entry(EntryType::GNULongName, b"././@LongLink", b"", 0, b"d/a-long-name\0")
        .file("short", "content of the file")
        .entry(EntryType::XHeader, b"x", b"", 0, b"12 path=d/p\n")
        .link("l", "target")
        .hard_link("h", "d/a-long-name")
        .done()
}

#[test]
fn an_archive_cut_short_anywhere_is_refused() {
    let whole = Tar::default().file("a", &"x".repeat(2000)).done();
    let place = Place::new();
    assert!(matches!(place.unpack(&whole[..1500]), Err(UnpackError::Read(_))));
    // Between two entries nothing but the missing end tells.
    assert!(matches!(place.unpack(&whole[..2560]), Err(UnpackError::Read(_))));
    place.unpack(&whole).unwrap();
    let zipped = gzip(&whole);
    assert!(matches!(place.unpack(&zipped[..zipped.len() - 9]), Err(UnpackError::Read(_))));
}

#[test]
fn an_archive_that_ends_after_a_description_is_refused() {
    let archive = Tar::default().entry(EntryType::GNULongName, b"l", b"", 0, b"name\0").done();
    assert!(matches!(Place::new().unpack(&archive), Err(UnpackError::Layout(_))));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the bytes, there is an answer, and nothing beside the destination changes.
    #[test]
    fn damaged_archives_never_panic_and_never_reach_out(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        mend in any::<bool>(),
        code in any::<bool>(),
    ) {
        let mut archive = sample();
        for (at, byte) in &changes {
            let at = at.index(archive.len());
            archive[at] = *byte;
        }
        // With right checksums the damage gets past the first gate.
        if mend {
            for block in archive.chunks_exact_mut(512).filter(|block| &block[257..262] == b"ustar") {
                let mut header = Header::from_byte_slice(block).clone();
                header.set_cksum();
                block.copy_from_slice(header.as_bytes());
            }
        }
        let content = if code { Content::Code } else { Content::Image };
        let place = Place::new();
        let _ = place.unpack_as(&archive, content, Limits { entries: 20, bytes: 1 << 20 });
        let beside: Vec<_> = fs::read_dir(place.beside("")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        prop_assert_eq!(beside.len(), 2);
    }

    #[test]
    fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..3000)) {
        let _ = Place::new().unpack(&bytes);
    }
}
