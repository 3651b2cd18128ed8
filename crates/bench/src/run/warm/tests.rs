use super::*;

const WARM_UV: &str = "DEBUG uv 0.13.9\nResolved 2 packages in 66ms\n\
    DEBUG Registry requirement already cached: click==8.5.1\n\
    DEBUG Registry requirement already cached: idna==3.20\nInstalled 2 packages in 2ms\n";

const COLD_UV: &str = "Resolved 2 packages in 66ms\nDEBUG Identified uncached distribution: click==8.5.1\n\
    DEBUG Registry requirement already cached: idna==3.20\nPrepared 1 package in 69ms\nInstalled 2 packages in 3ms\n";

#[test]
fn uv_is_warm_only_when_all_is_cached() {
    assert_eq!(of_verbose_uv("0.13.9", WARM_UV, 2), Warmth::Warm);
    assert!(matches!(of_verbose_uv("0.13.9", COLD_UV, 2), Warmth::Cold(_)));
    assert!(matches!(of_verbose_uv("0.13.9", WARM_UV, 3), Warmth::Unknown(_)));
    assert!(matches!(of_verbose_uv("0.13.9", "Installed 2 packages in 2ms\n", 2), Warmth::Unknown(_)));
}

#[test]
fn what_is_not_recognised_is_unknown_and_never_warm() {
    for version in ["0.3.5", "nonsense", ""] {
        assert!(matches!(of_verbose_uv(version, WARM_UV, 2), Warmth::Unknown(_)), "{version}");
        assert!(matches!(of_quiet_uv(version, WARM_UV), Warmth::Unknown(_)), "{version}");
    }
    assert!(matches!(of_pip("Zusammentragen von click\n", 1), Warmth::Unknown(_)));
    assert!(matches!(of_pip("", 0), Warmth::Unknown(_)));
}

#[test]
fn a_measured_uv_that_fetched_something_is_not_warm() {
    assert_eq!(
        of_quiet_uv("0.13.9", "Resolved 2 packages in 66ms\nInstalled 2 packages in 3ms\n"),
        Warmth::Warm
    );
    assert!(matches!(of_quiet_uv("0.13.9", COLD_UV), Warmth::Cold(_)));
}

#[test]
fn pip_is_warm_only_when_it_downloads_nothing_and_says_so_of_everything() {
    let cached = "Collecting click==8.5.1 (from -r pins.txt (line 1))\n  \
        Using cached click-8.5.1-py3-none-any.whl.metadata (2.6 kB)\nUsing cached click-8.5.1-py3-none-any.whl (126 kB)\n";
    assert_eq!(of_pip(cached, 1), Warmth::Warm);
    assert!(matches!(of_pip(cached, 2), Warmth::Unknown(_)), "metadata is no package");
    let mixed = format!("{cached}  Downloading idna-3.20-py3-none-any.whl (69 kB)\n");
    assert!(matches!(of_pip(&mixed, 2), Warmth::Cold(_)));
    let local = "Processing /w/click-8.5.1-py3-none-any.whl\n";
    assert!(matches!(of_pip(local, 1), Warmth::Cold(_)), "pip does not cache local files");
    assert_eq!(of_pip(&format!("{cached}{local}"), 2), Warmth::Warm);
}

#[test]
fn an_empty_cache_is_not_warm_whatever_the_tool_says() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(of_cache(count_files(folder.path()), folder.path()), Warmth::Cold(_)));
    std::fs::File::create(folder.path().join("one")).unwrap();
    let before = count_files(folder.path());
    assert_eq!(of_cache(before, folder.path()), Warmth::Warm);
    std::fs::File::create(folder.path().join("two")).unwrap();
    assert!(matches!(of_cache(before, folder.path()), Warmth::Cold(_)));
}
