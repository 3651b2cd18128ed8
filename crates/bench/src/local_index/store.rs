//! What the index has, and getting what it lacks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uvshift_requirements::split_credentials;

use super::disk::{self, Disk, Item, PAGE_LIMIT};
use super::fetch::{Fetched, Fetcher, Kind};
use super::names;
use super::options::Mode;
use super::page::{Entry, Page, key};
use super::tally::{Tally, add};

/// The largest file that is kept, in bytes. The largest wheels have about 3 GiB.
const FILE_LIMIT: u64 = 16 << 30;

/// The largest metadata that is kept, in bytes.
const METADATA_LIMIT: u64 = 64 << 20;

/// How many bytes of pages are held in memory.
const MEMORY: usize = 256 << 20;

/// Where files come from.
#[derive(Debug)]
pub(super) enum Source {
    /// A simple index.
    Index { id: String, url: String },
    /// A page of links to files of all projects.
    Links { id: String, url: String },
    /// A folder of files.
    Folder(PathBuf),
}

impl Source {
    /// A simple index or a page of links. What it is kept under does not depend on the credentials.
    pub(super) fn remote(url: &str, is_index: bool) -> Self {
        let (clean, _) = split_credentials(url.trim_end_matches('/'));
        let id = names::digest(clean.as_bytes()).get(..16).unwrap_or_default().to_owned();
        if is_index {
            Self::Index { id, url: url.to_owned() }
        } else {
            Self::Links { id, url: url.to_owned() }
        }
    }
}

/// A page, ready to be sent.
#[derive(Debug)]
pub(super) struct Served {
    /// The name in its normal form.
    pub(super) project: String,
    /// What it says.
    pub(super) page: Page,
    json: Rendered,
    html: Mutex<Option<Rendered>>,
}

/// The bytes of a page and their tag.
#[derive(Debug, Clone)]
pub(super) struct Rendered {
    pub(super) bytes: Arc<Vec<u8>>,
    pub(super) tag: String,
}

impl Rendered {
    fn new(bytes: Vec<u8>) -> Self {
        let tag = format!("\"{}\"", names::digest(&bytes).get(..32).unwrap_or_default());
        Self { bytes: Arc::new(bytes), tag }
    }
}

impl Served {
    fn new(project: &str, page: Page) -> Self {
        let json = Rendered::new(page.json(project));
        Self { project: project.to_owned(), page, json, html: Mutex::default() }
    }

    /// The page as PEP 691 has it.
    pub(super) fn json(&self) -> Rendered {
        self.json.clone()
    }

    /// The page as PEP 503 has it, made when it is first asked for.
    pub(super) fn html(&self) -> Rendered {
        let mut html = self.html.lock().unwrap_or_else(PoisonError::into_inner);
        html.get_or_insert_with(|| Rendered::new(self.page.html(&self.project))).clone()
    }
}

/// What came of asking for something.
#[derive(Debug)]
pub(super) enum Found<T> {
    /// Here it is.
    Here(T),
    /// It is known that there is none.
    Absent,
    /// It is not in the folder, and nothing is fetched.
    Missing,
    /// It could not be fetched.
    Failed,
}

/// The folder, and what fills it.
pub(super) struct Store {
    pub(super) disk: Arc<Disk>,
    pub(super) sources: Vec<Source>,
    pub(super) fetcher: Arc<Fetcher>,
    pub(super) frozen: AtomicBool,
    pub(super) tally: Arc<Tally>,
    /// Pages that are at hand, and how many bytes they have.
    memory: Mutex<(HashMap<String, Arc<Served>>, usize)>,
    /// Files of folders by their key: they are served from where they are.
    local: Mutex<HashMap<String, PathBuf>>,
    /// What is being fetched, so that it is fetched once however many ask.
    flights: Mutex<HashMap<String, Arc<Mutex<()>>>>,
    /// Pages that were asked for in this run, and are not asked for again.
    asked: Mutex<HashSet<PathBuf>>,
    refresh_after: Duration,
    partials: AtomicU64,
}

impl Store {
    pub(super) fn new(
        disk: Arc<Disk>,
        sources: Vec<Source>,
        fetcher: Arc<Fetcher>,
        tally: Arc<Tally>,
        (mode, refresh_after): (Mode, Duration),
    ) -> Self {
        Self {
            disk,
            sources,
            fetcher,
            frozen: AtomicBool::new(mode == Mode::Frozen),
            tally,
            memory: Mutex::default(),
            local: Mutex::default(),
            flights: Mutex::default(),
            asked: Mutex::default(),
            refresh_after,
            partials: AtomicU64::new(0),
        }
    }

    /// The page of a project, whose name is in its normal form.
    pub(super) fn page(&self, project: &str) -> Found<Arc<Served>> {
        if let Some(served) = locked(&self.memory).0.get(project) {
            return Found::Here(Arc::clone(served));
        }
        self.once(&format!("page {project}"), || {
            if let Some(served) = locked(&self.memory).0.get(project) {
                return Found::Here(Arc::clone(served));
            }
            let mut pages = Vec::new();
            for source in &self.sources {
                match self.page_of(source, project) {
                    Found::Here(page) => pages.push(page),
                    Found::Absent => {}
                    // Half a page would lead to other versions than the whole.
                    Found::Missing => return Found::Missing,
                    Found::Failed => return Found::Failed,
                }
            }
            let page = Page::merged(pages);
            if page.absent {
                return Found::Absent;
            }
            let served = Arc::new(Served::new(project, page));
            self.remember(project, &served);
            Found::Here(served)
        })
    }

    /// A file of a project, open, with its length.
    pub(super) fn file(&self, entry: &Entry) -> Found<(File, u64)> {
        let key = entry.key();
        let local = locked(&self.local).get(&key).cloned();
        if let Some(path) = local {
            return match File::open(path).and_then(|file| Ok((file.metadata()?.len(), file))) {
                Ok((length, file)) => Found::Here((file, length)),
                Err(_) => Found::Missing,
            };
        }
        let item = Item::File { key };
        let limit = entry.size.unwrap_or(FILE_LIMIT).min(FILE_LIMIT);
        self.content(&item, &entry.url, &entry.hashes, limit, entry.size)
    }

    /// The metadata of a file (PEP 658), open, with its length.
    pub(super) fn metadata(&self, entry: &Entry) -> Found<(File, u64)> {
        let Some(hashes) = entry.metadata() else { return Found::Absent };
        let url = entry.metadata_url();
        let item = Item::File { key: key(&hashes, &url) };
        self.content(&item, &url, &hashes, METADATA_LIMIT, None)
    }

    fn content(
        &self,
        item: &Item,
        url: &str,
        hashes: &BTreeMap<String, String>,
        limit: u64,
        size: Option<u64>,
    ) -> Found<(File, u64)> {
        let kept = || {
            let length = self.disk.length(item)?;
            // Another length than promised: somebody else wrote here.
            let sound = size.is_none_or(|size| size == length);
            sound.then(|| self.disk.reader(item).ok().map(|file| (file, length))).flatten()
        };
        if let Some(found) = kept() {
            return Found::Here(found);
        }
        if self.frozen.load(Ordering::Acquire) {
            return Found::Missing;
        }
        self.once(&format!("{}", self.disk.path(item).display()), || {
            if let Some(found) = kept() {
                return Found::Here(found);
            }
            match self.fetch_file(item, url, hashes, limit, size) {
                Found::Here(()) => kept().map_or(Found::Failed, Found::Here),
                Found::Absent => Found::Absent,
                Found::Missing => Found::Missing,
                Found::Failed => Found::Failed,
            }
        })
    }

    fn fetch_file(
        &self,
        item: &Item,
        url: &str,
        hashes: &BTreeMap<String, String>,
        limit: u64,
        size: Option<u64>,
    ) -> Found<()> {
        add(&self.tally.misses, 1);
        let partial = self.partial();
        let sha256 = hashes.get("sha256");
        // The strongest digest is checked here; others only where there is no such one, by the script, which has them all.
        let others = if sha256.is_some() { BTreeMap::new() } else { hashes.clone() };
        let fetched = self.fetcher.fetch(Kind::File, url, &partial, limit, others);
        let found = self.arrived(fetched, url, || {
            let (length, digest) = self.disk.measure_partial(&partial).map_err(|error| error.to_string())?;
            if sha256.is_some_and(|expected| *expected != digest) {
                return Err("the sha256 of the file is not that of the page".to_owned());
            }
            if let Some(size) = size.filter(|size| *size != length) {
                return Err(format!("{length} bytes arrived, and the page promises {size}"));
            }
            self.disk.keep(&partial, item).map_err(|error| error.to_string())?;
            self.tally.fetched(length);
            Ok(())
        });
        self.disk.discard(&partial);
        found
    }

    /// What a source says of a project.
    fn page_of(&self, source: &Source, project: &str) -> Found<Page> {
        let (index, url, name) = match source {
            Source::Folder(folder) => return Found::Here(self.folder(folder, project)),
            Source::Index { id, url } => {
                let address = format!("{}/{project}/", url.trim_end_matches('/'));
                (id.clone(), address, Some(project.to_owned()))
            }
            Source::Links { id, url } => (id.clone(), url.clone(), None),
        };
        let item = Item::Page { index, project: name };
        let page = match self.kept_page(&item) {
            Some(page) => page,
            None if self.frozen.load(Ordering::Acquire) => return Found::Missing,
            None => {
                // Pages of links are for all projects, and may be asked for by several at once.
                let path = self.disk.path(&item).display().to_string();
                match self.once(&path, || {
                    self.kept_page(&item).map_or_else(|| self.fetch_page(&item, &url), Found::Here)
                }) {
                    Found::Here(page) => page,
                    other => return other,
                }
            }
        };
        if let Source::Links { .. } = source {
            let files: Vec<_> =
                page.files.into_iter().filter(|file| names::belongs_to(&file.filename, project)).collect();
            return Found::Here(Page { absent: files.is_empty(), files, versions: Vec::new() });
        }
        Found::Here(page)
    }

    /// A page that is in the folder, if it need not be asked for again.
    fn kept_page(&self, item: &Item) -> Option<Page> {
        let page = self.old_page(item)?;
        let settled =
            self.frozen.load(Ordering::Acquire) || locked(&self.asked).contains(&self.disk.path(item));
        // What an index did not know yesterday it may know today.
        let fresh = !page.absent && self.disk.age(item).is_some_and(|age| age < self.refresh_after);
        (settled || fresh).then_some(page)
    }

    fn old_page(&self, item: &Item) -> Option<Page> {
        serde_json::from_slice(&self.disk.read_page(item).ok()?).ok()
    }

    fn fetch_page(&self, item: &Item, url: &str) -> Found<Page> {
        add(&self.tally.misses, 1);
        let partial = self.partial();
        let fetched = self.fetcher.fetch(Kind::Page, url, &partial, PAGE_LIMIT, BTreeMap::new());
        let absent = fetched == Fetched::Absent;
        let mut page = Page { absent: true, ..Page::default() };
        let found = self.arrived(if absent { Fetched::Kept } else { fetched }, url, || {
            if !absent {
                let bytes = self.disk.read_partial(&partial).map_err(|error| error.to_string())?;
                let (read, left_out) = Page::read(&bytes, url.starts_with("file:"))
                    .map_err(|_| "the page cannot be understood".to_owned())?;
                if left_out > 0 {
                    self.tally.note(&format!("{}: {left_out} files of the page were refused", shown(url)));
                }
                self.tally.fetched(bytes.len() as u64);
                page = read;
            }
            let bytes = serde_json::to_vec(&page).map_err(|error| error.to_string())?;
            self.disk.keep_bytes(&partial, &bytes, item).map_err(|error| error.to_string())
        });
        self.disk.discard(&partial);
        let page = match found {
            Found::Here(()) => Some(page),
            _ => self.old_page(item).filter(|page| !page.absent),
        };
        if page.is_some() {
            locked(&self.asked).insert(self.disk.path(item));
        }
        page.map_or(Found::Failed, Found::Here)
    }

    /// Counts and tells what came of fetching; `keep` checks and keeps what arrived.
    fn arrived(&self, fetched: Fetched, url: &str, keep: impl FnOnce() -> Result<(), String>) -> Found<()> {
        let message = match fetched {
            Fetched::Absent => return Found::Absent,
            Fetched::Kept => match keep() {
                Ok(()) => return Found::Here(()),
                Err(message) => message,
            },
            Fetched::Failed(message) => message,
        };
        self.tally.failed(&format!("{}: {message}", shown(url)));
        Found::Failed
    }

    /// The files of a folder that belong to a project.
    fn folder(&self, folder: &Path, project: &str) -> Page {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files = Vec::new();
        for entry in entries {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = entry.path();
            if !names::is_file(&name) || !names::belongs_to(&name, project) || !path.is_file() {
                continue;
            }
            let Ok((size, digest)) = disk::measure(&path) else { continue };
            locked(&self.local).insert(digest.clone(), path);
            let hashes = BTreeMap::from([("sha256".to_owned(), digest)]);
            files.push(Entry { filename: name, hashes, size: Some(size), ..Entry::default() });
        }
        // Folders have no order of their own.
        files.sort_by(|left, right| left.filename.cmp(&right.filename));
        Page { absent: files.is_empty(), files, versions: Vec::new() }
    }

    fn remember(&self, project: &str, served: &Arc<Served>) {
        // The parsed page takes about as much again.
        let bytes = served.json.bytes.len() * 2;
        let mut memory = locked(&self.memory);
        if memory.1 + bytes > MEMORY {
            *memory = (HashMap::new(), 0);
        }
        memory.1 += bytes;
        memory.0.insert(project.to_owned(), Arc::clone(served));
    }

    /// Does something while nobody else does anything under the same name.
    fn once<T>(&self, name: &str, work: impl FnOnce() -> T) -> T {
        let flight = Arc::clone(locked(&self.flights).entry(name.to_owned()).or_default());
        let turn = locked(&flight);
        let result = work();
        drop(turn);
        let mut flights = locked(&self.flights);
        // The map and this one: nobody else waits.
        if Arc::strong_count(&flight) <= 2 {
            flights.remove(name);
        }
        result
    }

    fn partial(&self) -> String {
        let number = self.partials.fetch_add(1, Ordering::Relaxed);
        format!("{}-{number}", self.fetcher.name())
    }
}

fn shown(url: &str) -> String {
    let (clean, _) = split_credentials(url);
    uvshift_requirements::redacted(clean.split(['?', '#']).next().unwrap_or_default())
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
