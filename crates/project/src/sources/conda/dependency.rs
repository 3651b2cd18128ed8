//! One package of conda: what it is on the package index, or why it is nothing there.

use uvshift_diagnostics::Diagnostic;
use uvshift_requirements::{normalize_name, parse};

use super::names::{self, Known, LIBRARY_ADVICE};
use super::spec::{self, Spec, Specifier};
use super::{Reader, is_public};
use crate::sources::entry::{carry, change, leave_out, refuse};
use crate::{Comments, Dependency, Provenance, codes};

/// Comments that say on which platform a line holds, for tools other than conda itself.
const SELECTORS: [&str; 12] = [
    "win", "win32", "win64", "linux", "linux32", "linux64", "osx", "osx64", "unix", "arm64", "aarch64", "py",
];

/// Words of builds that choose between variants, which a hash and a version of Python do not.
const VARIANTS: [&str; 9] = ["*", "cuda", "gpu", "cpu", "mkl", "openblas", "mpi", "blas", "debug"];

impl Reader<'_> {
    pub(super) fn dependency(&mut self, text: &str, line: usize) {
        let from = Provenance::new(self.file, line);
        let spec = match spec::parse(text) {
            Ok(spec) => spec,
            Err(why) => {
                let advice = "name the package with a version, such as `numpy=1.26`";
                return refuse(self.out, from, text, why, advice);
            }
        };
        if let Some(channel) = spec.channel.as_deref().filter(|channel| !is_public(channel)) {
            let advice = "add the index that has the package in the pip section, and name the package there";
            let why = format!("uv reads no channels of conda, and {channel} is none of the public ones");
            return refuse(self.out, from, text, why, advice);
        }
        self.selector(line);
        match (spec.name.as_str(), names::look_up(&spec.name)) {
            ("python", _) => self.python(text, &spec, from),
            ("pip", _) => leave_out(self.out, from, text, "uv does what pip did"),
            ("setuptools" | "wheel", _) if self.exported => {
                leave_out(self.out, from, text, "every environment of conda has it");
            }
            (_, Known::Runtime) if self.exported => {
                let why = "other packages of conda asked for it; wheels and the Python of uv bring their own";
                leave_out(self.out, from, text, why);
            }
            (_, Known::Runtime) => {
                refuse(self.out, from, text, "it is a library and no Python distribution", LIBRARY_ADVICE);
            }
            (_, Known::Other { kind, advice }) => {
                refuse(self.out, from, text, format!("it is {kind} and no Python distribution"), advice);
            }
            (_, Known::Distribution { name, needs, assumed }) => {
                if assumed && !self.assumed.contains(&spec.name) {
                    self.assumed.push(spec.name.clone());
                }
                self.distribution(text, &spec, &name, needs, from);
            }
        }
    }

    fn distribution(&mut self, text: &str, spec: &Spec, name: &str, needs: Option<String>, from: Provenance) {
        let Some(Specifier { text: specifier, why }) = self.specifier(text, spec, &from) else { return };
        let mut reasons: Vec<String> = why.into_iter().map(str::to_owned).collect();
        let plain = name.split('[').next().unwrap_or(name);
        if normalize_name(plain) != normalize_name(&spec.name) || plain != name {
            reasons.push(format!("the package index calls it {name}"));
        }
        if let Some(build) = &spec.build {
            reasons.push(format!("without the build {build}, as wheels have builds of their own"));
        }
        if let Some(channel) = &spec.channel {
            reasons.push(format!("without the channel {channel}"));
        }
        reasons.extend(needs);
        let written = format!("{name}{specifier}");
        let document = parse(&written);
        let Some(normalized) = document.requirements().next().and_then(|(_, found)| found.normalized_name())
        else {
            let advice = "name the distribution in the pip section instead";
            return refuse(self.out, from, text, "no distribution can have this name", advice);
        };
        let to = self.scope.key();
        if reasons.is_empty() {
            carry(self.out, from.clone(), text, to);
        } else {
            change(self.out, from.clone(), text, to, reasons.join("; "));
        }
        let comments =
            Comments { above: self.lines.above(from.line), trailing: self.lines.trailing(from.line) };
        let dependency = Dependency { text: written, name: normalized, comments, from };
        self.out.manifest.add(&self.scope, dependency);
    }

    /// The specifier of a package; what cannot be one, and a build that chooses a variant, is refused.
    fn specifier(&mut self, text: &str, spec: &Spec, from: &Provenance) -> Option<Specifier> {
        if let Some(build) = spec.build.as_deref().filter(|build| chooses_variant(build)) {
            let advice = "remove the build; a variant for other hardware is on an index of its own, which the pip section can \
                          name with `--extra-index-url`";
            let why = format!("the build {build} chooses a variant, and the package index has none");
            refuse(self.out, from.clone(), text, why, advice);
            return None;
        }
        match spec.version.as_deref().map(spec::specifier).transpose() {
            Ok(found) => Some(found.unwrap_or(Specifier { text: String::new(), why: None })),
            Err(why) => {
                let advice = "write a version that the package index has, such as `>=1.2,<2`";
                refuse(self.out, from.clone(), text, why, advice);
                None
            }
        }
    }

    fn python(&mut self, text: &str, spec: &Spec, from: Provenance) {
        let Some(version) = &spec.version else {
            return leave_out(self.out, from, text, "uv finds or gets a Python");
        };
        let Specifier { text: specifier, .. } = match spec::specifier(version) {
            Ok(found) => found,
            Err(why) => {
                let advice = "write a range such as `python>=3.10,<3.14`";
                return refuse(self.out, from, text, why, advice);
            }
        };
        if self.out.manifest.metadata.requires_python.is_some() {
            return leave_out(self.out, from, text, "another file says which Python the project supports");
        }
        let (range, why) = python_range(&specifier);
        if range.is_empty() {
            return leave_out(self.out, from, text, "uv finds or gets a Python");
        }
        match why {
            Some(why) => change(self.out, from.clone(), text, "project.requires-python", why),
            None => carry(self.out, from.clone(), text, "project.requires-python"),
        }
        let metadata = &mut self.out.manifest.metadata;
        metadata.requires_python = Some(range);
        metadata.python_from = Some(from);
    }

    /// conda itself does not read selectors in environment files, so they are what they are to it: comments.
    fn selector(&mut self, line: usize) {
        let Some(comment) = self.lines.trailing(line) else { return };
        let inner =
            comment.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map(|(inner, _)| inner);
        let words =
            inner.unwrap_or_default().split([' ', ',']).map(|word| word.trim_start_matches("not").trim());
        if words.into_iter().any(|word| SELECTORS.contains(&word)) {
            let message = format!("`{comment}` is a comment to conda, and stays one");
            let help = "write a marker such as `; sys_platform == 'win32'` behind the requirement if it shall hold there only";
            let found = Diagnostic::note(codes::M066, message).in_file(self.file, line);
            self.out.diagnostics.push(found.with_help(help));
        }
    }
}

/// Whether a build is more than a hash, a number, or the version of a Python.
pub(in crate::sources) fn chooses_variant(build: &str) -> bool {
    let lower = build.to_ascii_lowercase();
    build != "*" && VARIANTS.iter().any(|word| lower.contains(word)) && !lower.ends_with("_cpython")
}

/// The lower bound of `==3.11.*`; ranges stay as they are.
pub(in crate::sources) fn python_range(specifier: &str) -> (String, Option<String>) {
    let exact = specifier.strip_prefix("==").filter(|rest| !rest.contains(','));
    let Some(version) = exact.map(|version| version.trim_end_matches(".*")) else {
        return (specifier.to_owned(), None);
    };
    let minor: Vec<&str> = version.split('.').take(2).collect();
    let why =
        format!("a lower bound; conda wanted {version} and no other, as `uv python pin {version}` does");
    (format!(">={}", minor.join(".")), Some(why))
}
