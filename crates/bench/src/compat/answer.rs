//! What pip's report and uv's list of changes say: the chosen versions.

use serde::Deserialize;
use serde_json::Value;
use uvshift_requirements::normalize_name;

use super::model::Chosen;

/// pip's installation report, format 1 (pip 22.2 and newer).
#[derive(Deserialize)]
struct Report {
    install: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    metadata: Metadata,
    #[serde(default)]
    is_direct: bool,
    #[serde(default)]
    download_info: DownloadInfo,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    version: String,
}

#[derive(Default, Deserialize)]
struct DownloadInfo {
    #[serde(default)]
    url: String,
    vcs_info: Option<Value>,
    dir_info: Option<Value>,
}

/// The answer of `uv pip install --dry-run --output-format json`, uv 0.13.
#[derive(Deserialize)]
struct Changes {
    changes: Vec<Change>,
}

#[derive(Deserialize)]
struct Change {
    name: String,
    version: Option<String>,
    action: String,
}

/// What pip chose, sorted by name; `None` when the text is no report.
pub(super) fn of_pip(report: &str) -> Option<Vec<Chosen>> {
    let report: Report = serde_json::from_str(report).ok()?;
    let mut chosen: Vec<Chosen> = report.install.into_iter().map(of_item).collect();
    chosen.sort_by(|left, right| left.name.cmp(&right.name));
    Some(chosen)
}

/// What uv chose, sorted by name; `None` when the text is no list of changes.
pub(super) fn of_uv(answer: &str) -> Option<Vec<Chosen>> {
    let answer: Changes = serde_json::from_str(answer).ok()?;
    let installed = answer.changes.into_iter().filter(|change| change.action == "installed");
    let mut chosen: Vec<Chosen> = installed.map(of_change).collect();
    chosen.sort_by(|left, right| left.name.cmp(&right.name));
    Some(chosen)
}

fn of_item(item: Item) -> Chosen {
    let DownloadInfo { url, vcs_info, dir_info } = item.download_info;
    let path = url.split(['?', '#']).next().unwrap_or_default();
    Chosen {
        name: normalize_name(&item.metadata.name),
        version: Some(item.metadata.version),
        from_source: vcs_info.is_some() || dir_info.is_some() || !is_wheel(path),
        direct: item.is_direct,
    }
}

fn is_wheel(path: &str) -> bool {
    path.get(path.len().saturating_sub(4)..).is_some_and(|end| end.eq_ignore_ascii_case(".whl"))
}

fn of_change(change: Change) -> Chosen {
    Chosen { name: normalize_name(&change.name), version: change.version, from_source: false, direct: false }
}
