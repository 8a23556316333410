//! Changing what may only be read.

use crate::probe::{Outcome, Probe, call, with_path};
use nix::errno::Errno;
use std::fs::{self, File, OpenOptions};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{PermissionsExt, chown, symlink};

pub(crate) const PROBES: &[Probe] = &[
    Probe::new("data-write", "opens a data file for writing", |stage| {
        OpenOptions::new().write(true).open(stage.rows()).into()
    }),
    Probe::new("data-append", "opens a data file for appending", |stage| {
        OpenOptions::new().append(true).open(stage.rows()).into()
    }),
    Probe::new("data-truncate", "cuts a data file by its path", |stage| {
        let size = fs::metadata(stage.rows()).map_or(0, |file| file.len());
        with_path(&stage.rows(), |path| call(libc::SYS_truncate, [path, usize::try_from(size).unwrap_or(0)])).into()
    }),
    Probe::new("data-create", "makes a new file among the data", |stage| File::create(stage.data.join("new")).into()),
    Probe::new("data-directory", "makes a directory among the data", |stage| {
        fs::create_dir(stage.data.join("folder")).into()
    }),
    Probe::new("data-symlink", "plants a link among the data", |stage| {
        symlink("/etc/passwd", stage.data.join("link")).into()
    }),
    Probe::new("data-rename", "renames a data file", |stage| {
        fs::rename(stage.data.join("spare.csv"), stage.data.join("moved.csv")).into()
    }),
    Probe::new("data-remove", "removes a data file", |stage| fs::remove_file(stage.data.join("gone.csv")).into()),
    Probe::new("data-mode", "changes the mode of a data file", |stage| {
        fs::set_permissions(stage.rows(), fs::Permissions::from_mode(0o600)).into()
    }),
    Probe::new("data-owner", "gives a data file to itself", |stage| chown(stage.rows(), Some(0), Some(0)).into()),
    Probe::new("data-times", "changes the times of a data file", |stage| {
        let file = File::open(stage.rows());
        file.and_then(|file| file.set_modified(std::time::SystemTime::UNIX_EPOCH)).into()
    }),
    Probe::new("data-attribute", "sets an attribute of a data file, which the next reader sees", |stage| {
        with_path(&stage.rows(), |path| {
            let (name, value) = (c"trusted.semla", b"x");
            call(libc::SYS_setxattr, [path, name.as_ptr() as usize, value.as_ptr() as usize, 1, 0])
        })
        .into()
    }),
    Probe::new("data-hard-link", "links a data file to where it may write", |stage| {
        // On the host both are one filesystem.
        let there = fs::hard_link(stage.rows(), stage.data.join("linked"));
        there.or_else(|_| fs::hard_link(stage.rows(), stage.out.join("linked"))).into()
    }),
    Probe::new("data-reopen", "opens a data file again for writing, by its descriptor", |stage| {
        match File::open(stage.rows()) {
            Ok(file) => OpenOptions::new().write(true).open(format!("/proc/self/fd/{}", file.as_raw_fd())).into(),
            Err(error) => Outcome::Held(error.to_string()),
        }
    }),
    Probe::new("data-flags", "makes a data file immutable", |stage| {
        const FS_IOC_SETFLAGS: usize = 0x4008_6602;
        const IMMUTABLE: i32 = 0x10;
        let file = match File::open(stage.rows()) {
            Ok(file) => file,
            Err(error) => return Outcome::Held(error.to_string()),
        };
        let descriptor = usize::try_from(file.as_raw_fd()).unwrap_or_default();
        let none = 0_i32;
        let set =
            |flags: &i32| call(libc::SYS_ioctl, [descriptor, FS_IOC_SETFLAGS, std::ptr::from_ref(flags) as usize]);
        // A filesystem without such flags says so to whoever may write.
        let outcome = Outcome::past(set(&IMMUTABLE), &[Errno::ENOTTY, Errno::EOPNOTSUPP]);
        let _ = set(&none);
        outcome
    }),
    Probe::new("input-mode", "changes the mode of an input that the host left in its name", |stage| {
        fs::set_permissions(&stage.own, fs::Permissions::from_mode(0o666)).into()
    }),
    Probe::new("input-write", "writes to an input that the host left in its name", |stage| {
        OpenOptions::new().write(true).open(&stage.own).into()
    }),
    Probe::new("image-write", "overwrites a program of the image, which the next job would run", |stage| {
        OpenOptions::new().write(true).open(stage.image.join("bin/program")).into()
    }),
    Probe::new("image-create", "adds a file to the image", |stage| File::create(stage.image.join("etc/new")).into()),
    Probe::new("image-replace", "replaces a program of the image", |stage| {
        let own = stage.out.join("program");
        let made = fs::write(&own, b"#!/bin/true\n");
        made.and_then(|()| fs::copy(&own, stage.image.join("bin/other")).map(drop)).into()
    }),
    Probe::new("image-library-path", "adds a directory where the loader looks", |stage| {
        fs::create_dir(stage.image.join("lib-new")).into()
    }),
];
