//! A made-up file with the mix of real ones: pins, ranges, extras, markers, comments, hashes, a few options.

use std::fmt::Write as _;

const NAMES: [&str; 24] = [
    "django",
    "requests",
    "python-dateutil",
    "zope.interface",
    "SQLAlchemy",
    "numpy",
    "pandas",
    "boto3",
    "PyYAML",
    "typing_extensions",
    "cryptography",
    "urllib3",
    "attrs",
    "pytest-cov",
    "black",
    "celery",
    "redis",
    "lxml",
    "google-cloud-storage",
    "jinja2",
    "MarkupSafe",
    "importlib-metadata",
    "scipy",
    "uvicorn",
];

/// The text with this many physical lines, always the same.
pub(crate) fn requirements(lines: usize) -> String {
    let mut text = String::with_capacity(lines * 56);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut written = 0;
    while written < lines {
        // xorshift: good enough for a mix, and the same on every machine.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        let room = lines - written;
        written += entry(&mut text, state, room);
    }
    text
}

/// Writes one entry and gives the number of its physical lines.
fn entry(text: &mut String, random: u64, room: usize) -> usize {
    let name = NAMES[usize::try_from(random >> 8).unwrap_or_default() % NAMES.len()];
    let number = |shift: u32, below: u64| (random >> shift) % below;
    let (major, minor, patch) = (number(16, 12), number(20, 30), number(24, 10));
    let choice = random % 100;
    // Writing to a string cannot fail.
    let _ = match choice {
        0..=29 => writeln!(text, "{name}=={major}.{minor}.{patch}"),
        30..=49 => writeln!(text, "{name}>={major}.{minor},<{}", major + 1),
        50..=59 => writeln!(text, "{name}=={major}.{minor}.{patch} ; python_version >= \"3.{minor}\""),
        60..=64 => writeln!(
            text,
            "{name}[security,socks] ~= {major}.{minor}.{patch} ; sys_platform == 'win32' and extra == 'test'"
        ),
        65..=74 => writeln!(text, "    # via {name}"),
        75..=79 => writeln!(text, "{name}  # pinned because of {major}.{minor}"),
        80..=81 => writeln!(text),
        82..=94 if room >= 3 => writeln!(
            text,
            "{name}=={major}.{minor}.{patch} \\\n    --hash=sha256:{} \\\n    --hash=sha256:{}",
            digest(random, 0x9e37_79b9_7f4a_7c15),
            digest(random, 0xc2b2_ae3d_27d4_eb4f)
        ),
        95 => writeln!(text, "{name} @ https://files.example/{name}-{major}.{minor}.zip"),
        96 => writeln!(text, "git+https://git.example/{name}.git@v{major}.{minor}#egg={name}"),
        97 => writeln!(text, "-e ./libs/{name}"),
        98 => writeln!(text, "--extra-index-url https://index.example/{name}/simple"),
        _ => writeln!(text, "{name}"),
    };
    if (82..=94).contains(&choice) && room >= 3 { 3 } else { 1 }
}

/// Something that looks like a SHA-256 digest.
fn digest(random: u64, salt: u64) -> String {
    (0..4).fold(String::with_capacity(64), |mut text, index| {
        let _ = write!(text, "{:016x}", random.rotate_left(index * 13).wrapping_mul(salt));
        text
    })
}
