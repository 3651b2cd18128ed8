//! The call of `setup()`.

use std::ops::Range;
use std::rc::Rc;

use ruff_python_ast::ExprCall;
use ruff_text_size::Ranged;

use super::value::{Kind, Taint, Val};
use super::{Eval, Interpreter};
use crate::{Argument, Evaluated, Unknown};

/// One call of `setup()`.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) line: usize,
    /// The bytes of the call.
    pub(crate) range: Range<usize>,
    pub(crate) arguments: Vec<Argument>,
    /// There may be more arguments, nobody knows which.
    pub(crate) rest: Option<Unknown>,
}

/// Whether this is the dotted name of a `setup()` that takes setuptools' arguments.
pub(super) fn is_setup(name: &str) -> bool {
    let (module, function) = name.rsplit_once('.').unwrap_or_default();
    let top = module.split('.').next().unwrap_or_default();
    function == "setup" && matches!(top, "setuptools" | "distutils" | "numpy" | "skbuild")
}

impl<'a> Interpreter<'a> {
    pub(super) fn setup_call(&mut self, call: &'a ExprCall) -> Eval {
        let line = self.line(call);
        let mut rest: Option<Rc<Taint>> = None;
        for argument in &call.arguments.args {
            self.eval(argument)?;
            rest = Some(super::heap::reason(self.line(argument), "`setup()` has an argument without a name"));
        }
        let mut values: Vec<(String, usize, Option<Range<usize>>, Val)> = Vec::new();
        for keyword in &call.arguments.keywords {
            let value = self.eval(&keyword.value)?;
            match &keyword.arg {
                Some(name) => {
                    let span = keyword.range().to_std_range();
                    values.push((name.to_string(), self.line(keyword), Some(span), value));
                }
                None => match self.entries(&value) {
                    Ok(entries) => {
                        for (key, value) in entries {
                            match key.as_str() {
                                Some(name) => values.push((name.to_string(), key.line, None, value)),
                                None => {
                                    rest = Some(super::heap::reason(key.line, "a name that is not known"));
                                }
                            }
                        }
                    }
                    Err(taint) => rest = Some(taint),
                },
            }
        }
        let mut arguments = Vec::new();
        for (name, line, span, value) in values {
            let value = self.evaluated(&value, takes_markers(&name));
            arguments.push(Argument { name, line, span, value });
        }
        let rest = rest.map(|it| Unknown { line: it.line, why: it.why.clone(), kind: it.kind });
        self.calls.push(Call { line, range: call.range().to_std_range(), arguments, rest });
        Ok(Val::new(Kind::Object(Rc::from("setuptools.Distribution")), line))
    }

    pub(super) fn evaluated(&mut self, value: &Val, markers: bool) -> Evaluated {
        match self.export(value, markers) {
            Ok(item) => Evaluated::Static { value: item.value, from: item.from },
            Err(unknown) => Evaluated::Unknown(unknown),
        }
    }
}

/// Arguments that are lists of requirements, which can carry markers.
fn takes_markers(name: &str) -> bool {
    matches!(name, "install_requires" | "extras_require" | "setup_requires" | "tests_require")
}
