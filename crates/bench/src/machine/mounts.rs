//! Which file system a folder is on.

use std::path::{Path, PathBuf};

/// The type of the file system that `folder` is on, such as `ext4`. Only Linux tells.
pub(super) fn file_system(folder: &Path) -> Option<String> {
    let folder = folder.canonicalize().ok()?;
    file_system_in(&super::system_file("/proc/self/mountinfo")?, &folder)
}

/// The type in the last line whose mount point leads to `folder` and is the longest: a later mount hides an earlier one.
fn file_system_in(mounts: &str, folder: &Path) -> Option<String> {
    let mut best: Option<(usize, &str)> = None;
    for line in mounts.lines() {
        // `36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda rw`
        let Some((before, after)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (before.split(' ').nth(4), after.split(' ').next()) else { continue };
        let point = unescaped(point);
        let length = point.components().count();
        if folder.starts_with(&point) && best.is_none_or(|(longest, _)| length >= longest) {
            best = Some((length, kind));
        }
    }
    best.map(|(_, kind)| kind.to_owned())
}

/// Blanks and backslashes are written as `\040`.
fn unescaped(text: &str) -> PathBuf {
    let mut plain = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..3).filter(|_| *first == b'\\');
        let code = code.and_then(|code| u8::from_str_radix(std::str::from_utf8(code).ok()?, 8).ok());
        plain.push(code.unwrap_or(*first));
        rest = if code.is_some() { tail.get(3..).unwrap_or_default() } else { tail };
    }
    PathBuf::from(String::from_utf8_lossy(&plain).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_and_last_mount_point_counts() {
        let mounts = "1 0 8:1 / / rw - ext4 /dev/a rw\n\
                      2 1 0:2 / /tmp rw,nosuid shared:1 - tmpfs tmpfs rw\n\
                      3 1 0:3 / /a\\040b rw - btrfs /dev/c rw\n\
                      4 1 0:4 / /tmp rw - xfs /dev/d rw\n";
        for (folder, kind) in [("/home/x", "ext4"), ("/tmp/x", "xfs"), ("/tmpx", "ext4"), ("/a b/c", "btrfs")]
        {
            assert_eq!(file_system_in(mounts, Path::new(folder)).as_deref(), Some(kind), "{folder}");
        }
        assert_eq!(file_system_in("nonsense\n", Path::new("/")), None);
    }
}
