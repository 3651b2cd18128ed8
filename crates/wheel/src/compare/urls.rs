//! `Home-page`, `Download-URL` and `Project-URL` as pairs of label and URL.

use std::collections::BTreeSet;

use crate::Metadata;

/// Every URL with its label in the form in which labels are compared (well-known project URLs specification).
pub(super) fn urls(metadata: &Metadata) -> BTreeSet<String> {
    let labelled = metadata.all("Project-URL").map(|text| match text.split_once(',') {
        Some((label, url)) => (plain(label), url.trim()),
        None => (String::new(), text.trim()),
    });
    let home = metadata.all("Home-page").map(|url| ("homepage".to_owned(), url));
    let download = metadata.all("Download-URL").map(|url| ("download".to_owned(), url));
    labelled.chain(home).chain(download).map(|(label, url)| format!("{label}: {url}")).collect()
}

/// Lower case, without punctuation and white space.
fn plain(label: &str) -> String {
    let letters = label.chars().filter(|letter| letter.is_alphanumeric());
    let plain: String = letters.flat_map(char::to_lowercase).collect();
    match plain.as_str() {
        "downloadurl" | "downloads" => "download".to_owned(),
        _ => plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_home_page_is_a_project_url() {
        let all = |text: &str| urls(&Metadata::parse(text));
        let old = all("Home-page: https://x.example\nDownload-URL: https://x.example/d\n");
        let new =
            all("Project-URL: Home Page, https://x.example\nProject-URL: download, https://x.example/d\n");
        assert_eq!(old, new);
        assert_ne!(
            all("Project-URL: Docs, https://x.example\n"),
            all("Project-URL: Source, https://x.example\n")
        );
        assert_ne!(all("Home-page: https://x.example\n"), all("Home-page: https://y.example\n"));
    }
}
