//! Comprehensions and generator expressions.

use std::rc::Rc;

use ruff_python_ast::visitor::Visitor;
use ruff_python_ast::{Comprehension, Expr};

use super::expression::Known;
use super::function::Mentions;
use super::heap::{reason, settle};
use super::state::with_aliases;
use super::value::{Frame, Kind, Taint, Val};
use super::{Eval, Halt, Interpreter};

impl<'a> Interpreter<'a> {
    pub(super) fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        element: &'a Expr,
        key: Option<&'a Expr>,
        kind: fn(usize) -> Kind,
        line: usize,
    ) -> Eval {
        let outer = self.frame;
        self.state.frames.push(Rc::new(Frame { parent: Some(outer), ..Frame::default() }));
        self.frame = self.state.frames.len() - 1;
        let mut out = Vec::new();
        let done = self.generate(generators, element, key, &mut out);
        self.frame = outer;
        if let Err(taint) = done? {
            return Ok(Val::tainted(taint));
        }
        let of_pairs = matches!(kind(0), Kind::Dict(_));
        if of_pairs {
            let dict = self.dict(Vec::new(), line);
            for (key, value) in out {
                if let (Some(id), Some(key)) = (dict.id(), key) {
                    self.set_entry(id, &key, value);
                }
            }
            return Ok(dict);
        }
        let items = out.into_iter().map(|(_, value)| value).collect();
        Ok(match kind(0) {
            Kind::Set(_) => self.set(items, line),
            Kind::Iterator(_) => {
                let mut mentions = Mentions::default();
                mentions.visit_expr(element);
                for generator in generators {
                    mentions.visit_comprehension(generator);
                }
                let sources = self.mentioned(&mentions);
                let iterator = self.iterator(items, line);
                self.lazy(iterator, sources)
            }
            _ => self.list(items, line),
        })
    }

    /// Collects what the inner expression gives. The inner `Err` says why it is not known.
    fn generate(
        &mut self,
        generators: &'a [Comprehension],
        element: &'a Expr,
        key: Option<&'a Expr>,
        out: &mut Vec<(Option<Val>, Val)>,
    ) -> Eval<Result<(), Rc<Taint>>> {
        let Some((first, rest)) = generators.split_first() else {
            let key = key.map(|it| self.eval(it)).transpose()?;
            out.push((key, settle(self.eval(element)?)));
            return Ok(Ok(()));
        };
        let over = self.eval(&first.iter)?;
        let items = match self.items(&over) {
            Ok(items) if !first.is_async => items,
            Ok(_) => return Ok(Err(reason(over.line, "`async for`"))),
            Err(taint) => return Ok(Err(with_aliases(&taint, over.ids()))),
        };
        for mut item in items {
            if self.exhausted() {
                return Ok(Err(reason(over.line, "setup.py does too much to be followed")));
            }
            let mut marker = item.marker.take();
            self.assign(&first.target, item)?;
            let mut wanted = true;
            for test in &first.ifs {
                match self.condition(test)? {
                    Known::Certain(true) => {}
                    Known::Certain(false) => {
                        wanted = false;
                        break;
                    }
                    Known::Unknown(taint) => return Ok(Err(taint)),
                    Known::Marker(more) => {
                        marker = match marker {
                            None => Some(more),
                            Some(marker) => match marker.and(&more) {
                                Some(both) => Some(Rc::new(both)),
                                None => return Ok(Err(reason(over.line, "a very long marker"))),
                            },
                        };
                    }
                }
            }
            if !wanted {
                continue;
            }
            let start = out.len();
            let done = self.deeper(|this| this.generate(rest, element, key, out)).unwrap_or(Err(Halt))?;
            if let Err(taint) = done {
                return Ok(Err(taint));
            }
            if let Some(marker) = marker {
                for (key, value) in out.iter_mut().skip(start) {
                    let plain = matches!(value.kind, Kind::Str(_)) && value.marker.is_none() && key.is_none();
                    if plain {
                        value.marker = Some(marker.clone());
                    } else {
                        let why = format!("it is there only where `{}`", marker.text);
                        return Ok(Err(reason(value.line, why)));
                    }
                }
            }
        }
        Ok(Ok(()))
    }
}
