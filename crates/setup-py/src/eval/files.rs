//! Files of the project: `open`, `os.path`, `pathlib`.

use std::collections::BTreeSet;
use std::rc::Rc;

use ruff_text_size::Ranged;

use super::calls::Args;
use super::path::{self, PLACE};
use super::text::lines;
use super::value::{Cell, Id, Kind, Val};
use super::{Eval, Interpreter};
use crate::Origin;

/// Bytes of the longest file that is looked at.
const LONGEST: usize = 2_000_000;

impl Interpreter<'_> {
    pub(super) fn file_function(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval<Option<Val>> {
        let line = self.line(node);
        if let Some(function) = name.strip_prefix("os.path.") {
            return Ok(self.os_path(function, args, node));
        }
        Ok(match name {
            "open" | "io.open" | "codecs.open" | "file" | "tokenize.open" => {
                return self.open(name, args, node).map(Some);
            }
            "os.getcwd" | "os.getcwdu" => Some(Val::text(path::ROOT, line)),
            "os.fspath" => args.positional.first().cloned(),
            "pathlib.Path" | "pathlib.PurePath" | "pathlib.PosixPath" | "Path" => {
                let parts: Option<Vec<Rc<str>>> = args.positional.iter().map(path_of).collect();
                let parts = parts.filter(|_| args.rest.is_none() && args.named.is_empty());
                parts.map(|parts| {
                    let parts: Vec<&str> = parts.iter().map(Rc::as_ref).collect();
                    let joined = if parts.is_empty() { ".".to_owned() } else { path::join(&parts) };
                    Val::new(Kind::Path(Rc::from(joined)), line)
                })
            }
            "pathlib.Path.cwd" => Some(Val::new(Kind::Path(Rc::from(path::ROOT)), line)),
            "pip.req.parse_requirements"
            | "pip._internal.req.parse_requirements"
            | "pip._internal.req.req_file.parse_requirements" => self.pip_requirements(args, node),
            _ => None,
        })
    }

    fn os_path(&mut self, function: &str, args: &Args, node: &impl Ranged) -> Option<Val> {
        let line = self.line(node);
        if args.rest.is_some() || !args.named.is_empty() {
            return None;
        }
        let parts: Option<Vec<Rc<str>>> = args.positional.iter().map(path_of).collect();
        let parts = parts?;
        let first = parts.first()?.as_ref();
        let text = match function {
            "join" => path::join(&parts.iter().map(Rc::as_ref).collect::<Vec<_>>()),
            "dirname" => path::dirname(first).to_owned(),
            "basename" => path::basename(first).to_owned(),
            "abspath" | "realpath" => path::absolute(first),
            "normpath" => path::normal(first),
            "expanduser" | "normcase" if !first.starts_with('~') => first.to_owned(),
            "split" => {
                let (head, tail) = (path::dirname(first).to_owned(), path::basename(first).to_owned());
                return Some(self.tuple(vec![Val::text(head, line), Val::text(tail, line)], line));
            }
            "splitext" => {
                let (stem, extension) = path::split_extension(first);
                let parts = vec![Val::text(stem, line), Val::text(extension, line)];
                return Some(self.tuple(parts, line));
            }
            "relpath" if parts.len() == 1 => match path::in_project(first)? {
                inside if inside.is_empty() => ".".to_owned(),
                inside => inside,
            },
            "exists" | "isfile" | "isdir" | "lexists" => {
                return self.exists(first, function).map(|it| Val::new(Kind::Bool(it), line));
            }
            _ => return None,
        };
        Some(Val::text(text, line))
    }

    /// Whether a file or a folder is there. `None` outside of what the listing tells.
    fn exists(&mut self, path: &str, function: &str) -> Option<bool> {
        let path = path::in_project(path)?;
        // What version control and builds leave behind differs from copy to copy.
        let outside = ["build", "dist", "PKG-INFO"].contains(&path.as_str())
            || path.starts_with('.')
            || path.contains("/.")
            || path.ends_with(".egg-info");
        if outside {
            return None;
        }
        let listing = self.listing();
        let file = listing.contains(&path);
        let folder = path.is_empty()
            || listing
                .range(format!("{path}/")..)
                .next()
                .is_some_and(|it| it.strip_prefix(path.as_str()).is_some_and(|it| it.starts_with('/')));
        Some(match function {
            "isfile" => file,
            "isdir" => folder,
            _ => file || folder,
        })
    }

    pub(super) fn listing(&mut self) -> Rc<BTreeSet<String>> {
        let files = self.files;
        self.listing.get_or_insert_with(|| Rc::new(files.list().into_iter().collect())).clone()
    }

    fn open(&mut self, name: &str, args: &Args, node: &impl Ranged) -> Eval {
        let line = self.line(node);
        if let Some(taint) = args.taint() {
            let value = Val::tainted(taint.clone());
            self.may_raise(&value);
            return Ok(value);
        }
        let mode = args.get(1, "mode").map_or(Some(Rc::from("r")), |it| it.as_str().cloned());
        let path = args.get(0, if name == "codecs.open" { "filename" } else { "file" }).and_then(path_of);
        let (Some(mode), Some(path)) = (mode, path) else {
            return Ok(self.unknown(node, format!("`{}`", self.code(node))));
        };
        if mode.contains(['w', 'a', 'x', '+']) {
            self.effect(node);
            return Ok(self.unknown(node, format!("`{}` writes a file", self.code(node))));
        }
        let bytes = mode.contains('b') && name != "codecs.open";
        let exact = bytes || name == "codecs.open" || args.named("newline").is_some();
        match self.read_project_file(&path) {
            Some((path, text)) => {
                let text = if exact || !text.contains('\r') {
                    text
                } else {
                    text.replace("\r\n", "\n").replace('\r', "\n")
                };
                let cell = Cell::File { path: Rc::from(path), text: Rc::from(text), at: 0, bytes };
                Ok(Val::new(Kind::File(self.alloc(cell)), line))
            }
            None => self.raise(node, "FileNotFoundError", missing(&path)),
        }
    }

    /// A file by the path that setup.py computes.
    pub(super) fn read_project_file(&mut self, path: &str) -> Option<(String, String)> {
        let path = path::in_project(path).filter(|it| !it.is_empty())?;
        let text = self.files.read(&path).filter(|it| it.len() <= LONGEST)?;
        self.spend(text.len() / 16 + 1);
        let text = if text.contains(PLACE) { return None } else { text };
        Some((path, text))
    }

    pub(super) fn string_io(&mut self, value: &Val, line: usize) -> Option<Val> {
        let text = value.as_str()?.clone();
        let path = match value.from.as_deref() {
            Some([Origin::FileContents { path }]) => Rc::from(path.as_str()),
            None => Rc::from(""),
            _ => return None,
        };
        let cell = Cell::File { path, text, at: 0, bytes: false };
        Some(Val::new(Kind::File(self.alloc(cell)), line))
    }

    /// Reads a file to its end.
    fn take_file(&mut self, id: Id) -> Option<(Rc<str>, Rc<str>, bool, bool)> {
        match self.cell_mut(id) {
            Some(Cell::File { path, text, at, bytes }) => {
                let whole = *at == 0;
                let rest: Rc<str> =
                    if whole { text.clone() } else { Rc::from(text.get(*at..).unwrap_or_default()) };
                *at = text.len();
                Some((path.clone(), rest, whole, *bytes))
            }
            _ => None,
        }
    }

    /// The lines of a file, as a loop over it gives them.
    pub(super) fn file_lines(&mut self, file: &Val) -> Vec<Val> {
        let Some((path, text, _, bytes)) = file.id().and_then(|id| self.take_file(id)) else {
            return Vec::new();
        };
        let from: Option<Rc<[Origin]>> =
            (!path.is_empty()).then(|| Rc::from([Origin::Excerpt { path: path.to_string() }]));
        self.spend(text.len() / 16);
        // Only line feeds end the lines of a file; carriage returns are gone in text mode.
        let lines = text.split_inclusive('\n').map(|it| {
            let kind = if bytes { Kind::Bytes(Rc::from(it)) } else { Kind::Str(Rc::from(it)) };
            Val::new(kind, file.line).with_from(from.clone())
        });
        lines.collect()
    }

    pub(super) fn file_method(&mut self, id: Id, name: &str, args: &Args, node: &impl Ranged) -> Option<Val> {
        let line = self.line(node);
        let file = Val::new(Kind::File(id), line);
        Some(match (name, args.positional.len()) {
            ("read", 0) => {
                let (path, text, whole, bytes) = self.take_file(id)?;
                let path = path.to_string();
                let origin = if whole { Origin::FileContents { path } } else { Origin::Excerpt { path } };
                let from: Option<Rc<[Origin]>> =
                    (!origin.paths().concat().is_empty()).then(|| Rc::from([origin]));
                let kind = if bytes { Kind::Bytes(text) } else { Kind::Str(text) };
                Val::new(kind, line).with_from(from)
            }
            ("readlines", 0) => {
                let lines = self.file_lines(&file);
                self.list(lines, line)
            }
            ("readline", 0) => {
                let Cell::File { path, text, at, bytes } = self.cell(id) else { return None };
                let (path, text, start, bytes) = (path.clone(), text.clone(), *at, *bytes);
                let rest = text.get(start..).unwrap_or_default();
                let first = rest.split_inclusive('\n').next().unwrap_or_default();
                if let Some(Cell::File { at, .. }) = self.cell_mut(id) {
                    *at = start + first.len();
                }
                let kind = if bytes { Kind::Bytes(Rc::from(first)) } else { Kind::Str(Rc::from(first)) };
                Val::new(kind, line).with_from(Some(Rc::from([Origin::Excerpt { path: path.to_string() }])))
            }
            ("__enter__", 0) => file,
            ("close" | "__exit__", _) => Val::new(Kind::None, line),
            _ => return None,
        })
    }

    pub(super) fn path_method(
        &mut self,
        path: &Rc<str>,
        name: &str,
        args: &Args,
        node: &impl Ranged,
    ) -> Eval<Option<Val>> {
        let line = self.line(node);
        Ok(Some(match name {
            "resolve" | "absolute" | "expanduser" => {
                Val::new(Kind::Path(Rc::from(path::absolute(path))), line)
            }
            "joinpath" | "__truediv__" => {
                let parts: Option<Vec<Rc<str>>> = args.positional.iter().map(path_of).collect();
                let Some(parts) = parts.filter(|_| args.rest.is_none()) else { return Ok(None) };
                let parts: Vec<&str> =
                    std::iter::once(path.as_ref()).chain(parts.iter().map(Rc::as_ref)).collect();
                Val::new(Kind::Path(Rc::from(path::join(&parts))), line)
            }
            "with_name" => {
                let Some(name) = args.positional.first().and_then(Val::as_str) else { return Ok(None) };
                let whole = path::absolute(path);
                Val::new(Kind::Path(Rc::from(path::join(&[path::dirname(&whole), name]))), line)
            }
            "read_text" | "read_bytes" => match self.read_project_file(path) {
                Some((path, text)) => {
                    let from: Rc<[Origin]> = Rc::from([Origin::FileContents { path }]);
                    let text = if name == "read_text" { text.replace("\r\n", "\n") } else { text };
                    let kind =
                        if name == "read_text" { Kind::Str(text.into()) } else { Kind::Bytes(text.into()) };
                    Val::new(kind, line).with_from(Some(from))
                }
                None => return self.raise(node, "FileNotFoundError", missing(path)).map(Some),
            },
            "open" => {
                let mut given = vec![Val::new(Kind::Path(path.clone()), line)];
                given.extend(args.positional.iter().cloned());
                let args = Args { positional: given, named: args.named.clone(), rest: args.rest.clone() };
                return self.open("open", &args, node).map(Some);
            }
            "exists" | "is_file" | "is_dir" => {
                let function = match name {
                    "is_file" => "isfile",
                    "is_dir" => "isdir",
                    _ => "exists",
                };
                match self.exists(path, function) {
                    Some(there) => Val::new(Kind::Bool(there), line),
                    None => return Ok(None),
                }
            }
            "as_posix" | "__str__" => Val::text(path::tidy(path), line),
            _ => return Ok(None),
        }))
    }

    /// pip's own reader of requirements files, for files that hold nothing but requirements.
    fn pip_requirements(&mut self, args: &Args, node: &impl Ranged) -> Option<Val> {
        let path = path_of(args.get(0, "filename")?)?;
        let (path, text) = self.read_project_file(&path)?;
        let kept = requirement_lines(&text);
        if kept
            .iter()
            .any(|it| it.starts_with('-') || it.contains("://") || it.contains("${") || it.ends_with('\\'))
        {
            return Some(self.unknown(node, format!("`{path}` holds more than requirements")));
        }
        let line = self.line(node);
        let from: Rc<[Origin]> = Rc::from([Origin::Excerpt { path }]);
        let items =
            kept.iter().map(|it| Val::text(it.as_str(), line).with_from(Some(from.clone()))).collect();
        Some(self.list(items, line))
    }
}

/// The lines of a requirements file without comments and blank lines, as pip reads them.
pub(super) fn requirement_lines(text: &str) -> Vec<String> {
    let without_comment = |line: &str| {
        let end = line.match_indices('#').map(|(at, _)| at).find(|at| {
            *at == 0 || line.get(..*at).is_some_and(|before| before.ends_with(char::is_whitespace))
        });
        line.get(..end.unwrap_or(line.len())).unwrap_or_default().trim().to_owned()
    };
    lines(text, false).iter().map(|it| without_comment(it)).filter(|it| !it.is_empty()).collect()
}

/// A string or a path that is certain.
fn path_of(value: &Val) -> Option<Rc<str>> {
    match &value.kind {
        Kind::Str(path) | Kind::Path(path) => Some(path.clone()),
        _ => None,
    }
}

/// `textwrap.dedent`
pub(super) fn dedent(text: &str) -> String {
    let blank = |line: &str| line.trim_matches([' ', '\t']).is_empty();
    let margins = text
        .split('\n')
        .filter(|line| !blank(line))
        .map(|line| line.len() - line.trim_start_matches([' ', '\t']).len());
    let mut margin: Option<&str> = None;
    for (line, length) in text.split('\n').filter(|line| !blank(line)).zip(margins) {
        let own = line.get(..length).unwrap_or_default();
        margin = Some(match margin {
            None => own,
            Some(margin) => {
                let common = margin.bytes().zip(own.bytes()).take_while(|(one, two)| one == two).count();
                margin.get(..common).unwrap_or_default()
            }
        });
    }
    let margin = margin.unwrap_or_default();
    let dedented =
        text.split('\n').map(|line| if blank(line) { "" } else { line.strip_prefix(margin).unwrap_or(line) });
    dedented.collect::<Vec<_>>().join("\n")
}

fn missing(path: &str) -> String {
    match path::in_project(path) {
        Some(path) => format!("the file `{path}` cannot be read"),
        None => "it is read from a file outside of the project".to_owned(),
    }
}

/// An attribute of a pathlib path.
pub(super) fn path_attribute(path: &str, name: &str, line: usize) -> Option<Val> {
    let whole = path::absolute(path);
    Some(match name {
        "parent" => {
            let parent = if whole == path::ROOT { return None } else { path::dirname(&whole).to_owned() };
            Val::new(Kind::Path(Rc::from(parent)), line)
        }
        "name" => Val::text(path::basename(&whole), line),
        "stem" => Val::text(path::split_extension(path::basename(&whole)).0, line),
        "suffix" => Val::text(path::split_extension(path::basename(&whole)).1, line),
        _ => return None,
    })
}
