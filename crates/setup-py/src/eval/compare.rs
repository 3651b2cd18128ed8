//! Comparisons.

use std::cmp::Ordering;
use std::rc::Rc;

use ruff_python_ast::{CmpOp, ExprCompare};
use ruff_text_size::Ranged;

use super::condition::{Environment, Marker, Truth, compare_text, compare_version, is_pypy};
use super::expression::Known;
use super::heap::reason;
use super::path::PLACE;
use super::value::{Cell, Kind, Val};
use super::{Eval, Interpreter};
use crate::RemarkKind;

impl<'a> Interpreter<'a> {
    pub(super) fn compare(&mut self, it: &'a ExprCompare) -> Eval<Known> {
        let mut left = self.eval(&it.left)?;
        let mut all: Option<Rc<Marker>> = None;
        for (op, right) in it.ops.iter().zip(&it.comparators) {
            let right = self.eval(right)?;
            match self.compare_two(&left, *op, &right, it) {
                Known::Certain(true) => {}
                Known::Certain(false) => return Ok(Known::Certain(false)),
                Known::Marker(more) => {
                    all = match all {
                        None => Some(more),
                        Some(marker) => match marker.and(&more) {
                            Some(both) => Some(Rc::new(both)),
                            None => {
                                return Ok(Known::Unknown(reason(self.line(it), "a very long condition")));
                            }
                        },
                    };
                }
                unknown @ Known::Unknown(_) => return Ok(unknown),
            }
            left = right;
        }
        Ok(all.map_or(Known::Certain(true), Known::Marker))
    }

    fn compare_two(&mut self, left: &Val, op: CmpOp, right: &Val, node: &impl Ranged) -> Known {
        if let Some(taint) = left.taint().or(right.taint()) {
            return Known::Unknown(taint.clone());
        }
        if let Some(known) = self.compare_arguments(left, op, right, node) {
            return known;
        }
        if let Some(known) = self.compare_environment(left, op, right, node) {
            return known;
        }
        if matches!(op, CmpOp::In | CmpOp::NotIn)
            && let Some(truth) = part_of_interpreter(left, right)
        {
            return match (Known::from(truth), op) {
                (known, CmpOp::In) => known,
                (Known::Marker(marker), _) => Known::Marker(Rc::new(marker.not())),
                (Known::Certain(truth), _) => Known::Certain(!truth),
                (unknown, _) => unknown,
            };
        }
        let answer = match op {
            CmpOp::Eq => self.equal(left, right),
            CmpOp::NotEq => self.equal(left, right).map(|it| !it),
            CmpOp::Is => identical(left, right),
            CmpOp::IsNot => identical(left, right).map(|it| !it),
            CmpOp::In => self.contains(right, left),
            CmpOp::NotIn => self.contains(right, left).map(|it| !it),
            _ => self.order(left, right).map(|order| match op {
                CmpOp::Lt => order == Ordering::Less,
                CmpOp::LtE => order != Ordering::Greater,
                CmpOp::Gt => order == Ordering::Greater,
                _ => order != Ordering::Less,
            }),
        };
        match answer {
            Some(answer) => Known::Certain(answer),
            None => Known::Unknown(reason(
                self.line(node),
                format!("`{}` is known only where it runs", self.code(node)),
            )),
        }
    }

    /// Questions about the command line, such as `"publish" in sys.argv`: no for all but the commands of a build.
    fn compare_arguments(&mut self, left: &Val, op: CmpOp, right: &Val, node: &impl Ranged) -> Option<Known> {
        let (word, found) = match (&left.kind, op, &right.kind) {
            (Kind::Str(word), CmpOp::In | CmpOp::NotIn | CmpOp::Eq | CmpOp::NotEq, Kind::Arguments)
            | (Kind::Arguments, CmpOp::Eq | CmpOp::NotEq, Kind::Str(word)) => {
                (word, matches!(op, CmpOp::NotIn | CmpOp::NotEq))
            }
            (Kind::Arguments, ..) | (_, _, Kind::Arguments) => return Some(self.depends_on_arguments(node)),
            _ => return None,
        };
        if is_build_command(word) {
            return Some(self.depends_on_arguments(node));
        }
        let line = self.line(node);
        self.remark(line, RemarkKind::CommandLine, format!("does something else for `setup.py {word}`"));
        Some(Known::Certain(found))
    }

    fn depends_on_arguments(&mut self, node: &impl Ranged) -> Known {
        let line = self.line(node);
        self.remark(
            line,
            RemarkKind::CommandLine,
            format!("asks for the command line: `{}`", self.code(node)),
        );
        Known::Unknown(reason(line, "it depends on the command line"))
    }

    fn compare_environment(
        &mut self,
        left: &Val,
        op: CmpOp,
        right: &Val,
        node: &impl Ranged,
    ) -> Option<Known> {
        let (environment, other, op) = match (&left.kind, &right.kind) {
            (Kind::Environment(environment), _) => (*environment, right, op),
            (_, Kind::Environment(environment)) => (*environment, left, mirrored(op)?),
            _ => return None,
        };
        let truth = match &other.kind {
            Kind::Int(number) => compare_version(environment, op.as_str(), &[*number]),
            Kind::Tuple(_) if !matches!(op, CmpOp::In | CmpOp::NotIn) => {
                let items = self.items(other).ok()?;
                let numbers: Option<Vec<i64>> = items.iter().map(|it| it.kind.int()).collect();
                compare_version(environment, op.as_str(), &numbers?)
            }
            Kind::Str(text) => compare_text(environment, op.as_str(), text),
            Kind::Tuple(_) | Kind::List(_) | Kind::Set(_) => {
                return self.environment_in(environment, op, other);
            }
            _ => None,
        };
        let known = truth.map(Known::from);
        if let Some(Known::Certain(truth)) = &known {
            let line = self.line(node);
            self.remark(
                line,
                RemarkKind::Folded,
                format!("`{}` is {truth} for every Python 3", self.code(node)),
            );
        }
        known
    }

    /// `sys.platform in ("win32", "cygwin")`
    fn environment_in(&mut self, environment: Environment, op: CmpOp, values: &Val) -> Option<Known> {
        let items = self.items(values).ok()?;
        let mut any: Option<Marker> = None;
        for item in items {
            let text = item.as_str()?.clone();
            let Truth::Marker(marker) = compare_text(environment, "==", &text)? else { return None };
            any = Some(match any {
                None => marker.not().not(),
                Some(other) => other.or(&marker)?,
            });
        }
        let any = any?;
        Some(Known::Marker(Rc::new(if op == CmpOp::NotIn { any.not() } else { any })))
    }

    /// Python's `==`, where it is certain.
    pub(super) fn equal(&self, one: &Val, two: &Val) -> Option<bool> {
        self.equal_within(one, two, 8)
    }

    fn equal_within(&self, one: &Val, two: &Val, depth: usize) -> Option<bool> {
        match (&one.kind, &two.kind) {
            (Kind::Unknown(_), _) | (_, Kind::Unknown(_)) => None,
            (Kind::Str(one), Kind::Str(two)) => {
                (!one.contains(PLACE) && !two.contains(PLACE)).then(|| one == two)
            }
            (Kind::Bytes(one), Kind::Bytes(two)) => Some(one == two),
            (Kind::None, Kind::None) => Some(true),
            (Kind::Bool(one), Kind::Bool(two)) => Some(one == two),
            (Kind::Int(one), Kind::Int(two)) => Some(one == two),
            (Kind::List(one), Kind::List(two)) | (Kind::Tuple(one), Kind::Tuple(two)) => {
                let (Cell::Items(one), Cell::Items(two)) = (self.cell(*one), self.cell(*two)) else {
                    return None;
                };
                if one.len() != two.len() {
                    return one.iter().chain(two).all(|it| it.marker.is_none()).then_some(false);
                }
                let depth = depth.checked_sub(1)?;
                let mut equal = Some(true);
                for (one, two) in one.iter().zip(two).take(100) {
                    if one.marker.is_some() || two.marker.is_some() {
                        return None;
                    }
                    match self.equal_within(one, two, depth) {
                        Some(false) => return Some(false),
                        Some(true) => {}
                        None => equal = None,
                    }
                }
                if one.len() > 100 { None } else { equal }
            }
            (Kind::Pattern(_), Kind::Pattern(_))
            | (Kind::Function(_), Kind::Function(_))
            | (Kind::Class(_), Kind::Class(_)) => Some(one.kind.same(&two.kind)),
            (one, two) if one.is_plain() && two.is_plain() && !one.is_number() && !two.is_number() => {
                Some(false)
            }
            (one, two) if one.is_plain() && two.is_plain() && one.is_number() != two.is_number() => {
                Some(false)
            }
            _ => None,
        }
    }

    fn contains(&mut self, container: &Val, item: &Val) -> Option<bool> {
        match (&container.kind, &item.kind) {
            (Kind::Str(text), Kind::Str(part)) => {
                self.spend(text.len() / 16);
                (!text.contains(PLACE) && !part.contains(PLACE)).then(|| text.contains(part.as_ref()))
            }
            (Kind::List(_) | Kind::Tuple(_) | Kind::Set(_) | Kind::Dict(_), _) => {
                let items = self.items(container).ok()?;
                let mut sure = true;
                for it in &items {
                    match self.equal(it, item) {
                        Some(true) if it.marker.is_none() => return Some(true),
                        Some(false) => {}
                        _ => sure = false,
                    }
                }
                sure.then_some(false)
            }
            _ => None,
        }
    }

    /// Python's order, where it is certain.
    pub(super) fn order(&mut self, one: &Val, two: &Val) -> Option<Ordering> {
        match (&one.kind, &two.kind) {
            (Kind::Int(one), Kind::Int(two)) => Some(one.cmp(two)),
            (Kind::Str(one), Kind::Str(two)) if !one.contains(PLACE) && !two.contains(PLACE) => {
                Some(one.chars().cmp(two.chars()))
            }
            (Kind::List(_), Kind::List(_)) | (Kind::Tuple(_), Kind::Tuple(_)) => {
                let (one, two) = (self.plain_items(one).ok()?, self.plain_items(two).ok()?);
                for (one, two) in one.iter().zip(&two) {
                    let order = self.deeper(|this| this.order(one, two))??;
                    if order != Ordering::Equal {
                        return Some(order);
                    }
                }
                Some(one.len().cmp(&two.len()))
            }
            _ => None,
        }
    }
}

impl Kind {
    fn is_number(&self) -> bool {
        matches!(self, Self::Int(_) | Self::Float(_) | Self::Bool(_))
    }

    /// Values of different kinds among these are never equal, but for numbers.
    fn is_plain(&self) -> bool {
        self.is_number()
            || matches!(
                self,
                Self::None
                    | Self::Str(_)
                    | Self::Bytes(_)
                    | Self::List(_)
                    | Self::Tuple(_)
                    | Self::Set(_)
                    | Self::Dict(_)
            )
    }
}

fn identical(one: &Val, two: &Val) -> Option<bool> {
    match (&one.kind, &two.kind) {
        (Kind::None, Kind::None) => Some(true),
        (Kind::Bool(one), Kind::Bool(two)) => Some(one == two),
        // A module that has been imported is something.
        (Kind::None, Kind::External(name)) | (Kind::External(name), Kind::None) => {
            (!name.contains('.') || super::names::is_object(name)).then_some(false)
        }
        (Kind::None | Kind::Bool(_), it) | (it, Kind::None | Kind::Bool(_)) => {
            (!matches!(it, Kind::External(_) | Kind::Condition(_) | Kind::Environment(_))).then_some(false)
        }
        _ => None,
    }
}

/// `"PyPy" in sys.version` and its kin.
fn part_of_interpreter(part: &Val, whole: &Val) -> Option<Truth> {
    let part = part.as_str()?.as_ref();
    match &whole.kind {
        Kind::Environment(Environment::SysPlatform) if part == "java" => Some(Truth::Known(false)),
        Kind::External(name) => match (name.as_ref(), part) {
            ("sys.version", "PyPy") | ("sys.builtin_module_names", "__pypy__") => Some(is_pypy()),
            ("sys.modules", "setuptools") => Some(Truth::Known(true)),
            _ => None,
        },
        _ => None,
    }
}

fn mirrored(op: CmpOp) -> Option<CmpOp> {
    Some(match op {
        CmpOp::Lt => CmpOp::Gt,
        CmpOp::LtE => CmpOp::GtE,
        CmpOp::Gt => CmpOp::Lt,
        CmpOp::GtE => CmpOp::LtE,
        CmpOp::Eq | CmpOp::NotEq => op,
        _ => return None,
    })
}

/// Commands that a build front end or pip runs, so that what setup.py does for them counts.
pub(super) fn is_build_command(word: &str) -> bool {
    const COMMANDS: &[&str] = &[
        "bdist",
        "bdist_egg",
        "bdist_wheel",
        "build",
        "build_clib",
        "build_ext",
        "build_meta",
        "build_py",
        "build_scripts",
        "develop",
        "dist_info",
        "editable_wheel",
        "egg_info",
        "install",
        "install_lib",
        "sdist",
    ];
    COMMANDS.contains(&word)
}
