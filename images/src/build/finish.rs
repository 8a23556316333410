//! The shell script that finishes a tree: mmdebstrap runs it, outside the tree, with the tree's path as its argument.

use crate::recipe::Recipe;
use std::ffi::OsString;
use std::path::Path;

/// The user that jobs run as; the sandbox maps it.
const JOB: u32 = 1000;

/// The script for a recipe. Every word that comes from the recipe was checked to hold nothing that a shell would read
/// as anything but itself or a pattern, and stands in quotes.
pub(super) fn script(recipe: &Recipe) -> String {
    let mut script = String::from("set -eu\nroot=$1\n");
    if !recipe.without.is_empty() {
        script.push_str(&without(&recipe.without));
    }
    script.push_str(&people());
    script.push_str(BYTECODE);
    // -xdev: while the script runs, /proc, /sys and /dev of this machine are mounted in the tree.
    for pattern in &recipe.exclude {
        script.push_str(&format!("find \"$root\" -xdev -depth -path \"$root\"'{pattern}' -exec rm -rf {{}} +\n"));
    }
    script.push_str(LAST);
    script
}

/// The hooks that bring the wheels in. mmdebstrap copies them itself, since inside its namespace this user's own
/// directories may be out of reach. `/usr/local` comes before Debian's own packages in Python's path.
pub(super) fn wheels(recipe: &Recipe, from: &Path) -> Vec<OsString> {
    let place = format!("/usr/local/lib/python3.{}/dist-packages", recipe.suite.python());
    let mut copy = OsString::from("--customize-hook=sync-in '");
    copy.push(from.display().to_string().replace('\'', r"'\''"));
    copy.push(format!("' {place}"));
    let make = format!("--customize-hook=echo 'semla: installing wheels'; mkdir -p \"$1{place}\"");
    vec![make.into(), copy]
}

/// The packages are unwanted although others name them, so dpkg is told to break that.
fn without(patterns: &[String]) -> String {
    let quoted: Vec<String> = patterns.iter().map(|pattern| format!("'{pattern}'")).collect();
    format!(
        "echo 'semla: removing unwanted packages'
for pattern in {}; do
    dpkg-query --admindir=\"$root/var/lib/dpkg\" -W -f '${{db:Status-Abbrev}} ${{binary:Package}}\\n' \"$pattern\" || :
done | sed -n 's/^ii *//p' | sort -u > \"$root/unwanted\"
if [ -s \"$root/unwanted\" ]; then
    xargs chroot \"$root\" dpkg --force-depends --purge < \"$root/unwanted\"
fi
rm -f \"$root/unwanted\"
",
        quoted.join(" ")
    )
}

/// A name for the job's user, the places that the sandbox mounts on, and no trace of this machine's network.
fn people() -> String {
    format!(
        "echo 'semla: finishing the tree'
echo 'job:x:{JOB}:{JOB}:job:/tmp:/bin/sh' >> \"$root/etc/passwd\"
echo 'job:x:{JOB}:' >> \"$root/etc/group\"
for place in data code out in scratch; do mkdir -p \"$root/$place\"; done
rm -f \"$root/etc/resolv.conf\" \"$root/etc/hostname\" \"$root/etc/hosts\"
: > \"$root/etc/resolv.conf\"
echo localhost > \"$root/etc/hostname\"
printf '127.0.0.1 localhost\\n::1 localhost\\n' > \"$root/etc/hosts\"
"
    )
}

/// An image never changes, so its bytecode is good for ever and needn't be compared with its source on every import.
/// Some packages carry files for other versions of Python, which don't compile and aren't imported either.
const BYTECODE: &str = "if [ -x \"$root/usr/bin/python3\" ]; then
    echo 'semla: compiling bytecode'
    for place in \"$root\"/usr/lib/python3 \"$root\"/usr/lib/python3.* \"$root\"/usr/local/lib/python3.*; do
        if [ -d \"$place\" ]; then
            chroot \"$root\" python3 -m compileall -qq -f -j 0 --invalidation-mode unchecked-hash \"${place#\"$root\"}\" || :
        fi
    done
fi
";

/// Logs and copies that packages leave, and the privileges that the sandbox would ignore.
const LAST: &str = "rm -rf \"$root\"/var/cache/debconf/* \"$root\"/var/cache/ldconfig/* \"$root\"/var/lib/dpkg/*-old
find \"$root/var/log\" -type f -delete
find \"$root\" -xdev -type f -perm /6000 -exec chmod ug-s {} +
";
