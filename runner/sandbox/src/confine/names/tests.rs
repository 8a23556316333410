use super::*;

#[test]
fn a_fence_takes_only_characters_that_mean_nothing_in_a_path() {
    assert_eq!(Fence::parse("a7-x").unwrap().as_str(), "a7-x");
    for bad in ["", "..", "a/b", "A", "a.b", "a\n", &"a".repeat(65)] {
        assert!(Fence::parse(bad).is_err(), "{bad:?}");
    }
}

#[test]
fn a_mount_point_is_a_plain_absolute_path() {
    assert_eq!(MountPoint::parse("/in/data").unwrap().relative(), "in/data");
    for bad in ["", "/", "in", "/in/", "//in", "/in//x", "/in/../etc", "/in/.", "/in/\n", "/in/\0"] {
        assert!(matches!(MountPoint::parse(bad), Err(NameError::MountPoint(_))), "{bad:?}");
    }
}

#[test]
fn a_mount_point_is_never_in_the_sandboxs_own_directories() {
    for bad in ["/proc", "/dev/shm", "/sys/fs", "/tmp"] {
        assert!(matches!(MountPoint::parse(bad), Err(NameError::Own(_))), "{bad:?}");
    }
    assert!(MountPoint::parse("/developer").is_ok());
}
