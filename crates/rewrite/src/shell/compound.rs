//! Blocks: `if`, loops, `case`, functions, groups, tests.

use super::reader::{Read, Reader, single_part, stop};
use super::{Block, Part, Redirection, Word};

/// What may stand where a command begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compound {
    /// No block: it must be a simple command.
    None,
    /// A block that is a command by itself.
    Command(usize),
    /// A block of commands.
    Block,
}

impl Reader<'_> {
    /// A block, if one stands here.
    pub(super) fn compound(&mut self) -> Read<Compound> {
        let start = self.at;
        if self.starts_with("((")
            && let Some(command) = self.attempt(Self::arithmetic_command)?
        {
            return Ok(Compound::Command(command));
        }
        match self.reserved() {
            "[[" => return Ok(Compound::Command(self.test()?)),
            "coproc" => return self.nested(None, Self::coprocess),
            "function" => {
                self.at += "function".len();
                self.function_keyword()?;
                return Ok(Compound::Block);
            }
            "if" => self.if_block()?,
            "while" | "until" => self.while_block()?,
            "for" | "select" => self.for_block()?,
            "case" => self.case_block()?,
            "{" => {
                self.at += 1;
                self.nested(Some(Block::Braces), Self::some_list)?;
                self.expect("}", start, "`{` is not closed")?;
            }
            _ if self.byte(0) == Some(b'(') => {
                self.at += 1;
                self.nested(Some(Block::Subshell), Self::some_list)?;
                self.expect_parenthesis(start)?;
            }
            _ => return Ok(Compound::None),
        }
        self.redirections()?;
        Ok(Compound::Block)
    }

    fn expect(&mut self, word: &str, start: usize, message: &'static str) -> Read<()> {
        if self.take_reserved(word) {
            return Ok(());
        }
        if self.byte(0).is_none() { stop(start, message) } else { Err(self.unexpected()) }
    }

    pub(super) fn expect_parenthesis(&mut self, start: usize) -> Read<()> {
        if self.take(")") {
            return Ok(());
        }
        if self.byte(0).is_none() { stop(start, "`(` is not closed") } else { Err(self.unexpected()) }
    }

    fn redirections(&mut self) -> Read<Vec<Redirection>> {
        let mut found = Vec::new();
        loop {
            let end = self.at;
            self.blanks();
            let Some(redirection) = self.redirection()? else {
                self.at = end;
                return Ok(found);
            };
            found.push(redirection);
        }
    }

    fn if_block(&mut self) -> Read<()> {
        let start = self.at;
        self.at += "if".len();
        loop {
            self.nested(Some(Block::Condition), Self::some_list)?;
            self.expect("then", start, "`if` has no `then`")?;
            self.nested(Some(Block::Branch), Self::some_list)?;
            if !self.take_reserved("elif") {
                break;
            }
        }
        if self.take_reserved("else") {
            self.nested(Some(Block::Branch), Self::some_list)?;
        }
        self.expect("fi", start, "`if` is not closed")
    }

    fn while_block(&mut self) -> Read<()> {
        let start = self.at;
        self.at += self.reserved().len();
        self.nested(Some(Block::Condition), Self::some_list)?;
        self.loop_body(start)
    }

    fn loop_body(&mut self, start: usize) -> Read<()> {
        self.expect("do", start, "a loop has no `do`")?;
        self.nested(Some(Block::Loop), Self::some_list)?;
        self.expect("done", start, "a loop is not closed")
    }

    /// `for NAME in words; do ... done`, and `for ((...))`, and `select`.
    fn for_block(&mut self) -> Read<()> {
        let start = self.at;
        self.at += self.reserved().len();
        self.blanks();
        if self.starts_with("((") {
            self.at += 2;
            self.nested(None, Self::arithmetic)?;
            self.blanks();
            self.take(";");
        } else {
            if self.word()?.is_none() {
                return Err(self.unexpected());
            }
            self.lines();
            if self.take_reserved("in") {
                self.blanks();
                while self.word()?.is_some() {
                    self.blanks();
                }
            }
            self.blanks();
            if self.byte(1) != Some(b';') {
                self.take(";");
            }
        }
        self.lines();
        if self.reserved() == "{" {
            let brace = self.at;
            self.at += 1;
            self.nested(Some(Block::Loop), Self::some_list)?;
            return self.expect("}", brace, "`{` is not closed");
        }
        self.loop_body(start)
    }

    fn case_block(&mut self) -> Read<()> {
        let start = self.at;
        self.at += "case".len();
        self.blanks();
        if self.word()?.is_none() {
            return Err(self.unexpected());
        }
        self.lines();
        self.expect("in", start, "`case` has no `in`")?;
        loop {
            self.lines();
            if self.take_reserved("esac") {
                return Ok(());
            }
            if self.byte(0).is_none() {
                return stop(start, "`case` is not closed");
            }
            self.patterns()?;
            self.nested(Some(Block::Branch), Self::list)?;
            let is_closed = self.take(";;&") || self.take(";;") || self.take(";&");
            if !is_closed && self.reserved() != "esac" {
                return if self.byte(0).is_none() {
                    stop(start, "`case` is not closed")
                } else {
                    Err(self.unexpected())
                };
            }
        }
    }

    /// `(a | b)`, the first bracket being optional.
    fn patterns(&mut self) -> Read<()> {
        self.take("(");
        loop {
            self.blanks();
            if self.word()?.is_none() {
                return Err(self.unexpected());
            }
            self.blanks();
            if self.take(")") {
                return Ok(());
            }
            if !self.take("|") {
                return Err(self.unexpected());
            }
        }
    }

    /// `function NAME`, with or without `()`.
    fn function_keyword(&mut self) -> Read<()> {
        self.blanks();
        if self.word()?.is_none() {
            return Err(self.unexpected());
        }
        self.blanks();
        let start = self.at;
        if self.take("(") {
            self.blanks();
            if !self.take(")") {
                // The body is a subshell.
                self.at = start;
            }
        }
        self.function_body()
    }

    pub(super) fn function_body(&mut self) -> Read<()> {
        self.lines();
        match self.nested(Some(Block::Function), Self::compound)? {
            Compound::None => Err(self.unexpected()),
            Compound::Command(_) | Compound::Block => Ok(()),
        }
    }

    /// `coproc NAME { ...; }`; with a simple command it is a word like others.
    fn coprocess(&mut self) -> Read<Compound> {
        let start = self.at;
        self.at += "coproc".len();
        self.blanks();
        let found = self.compound()?;
        if found != Compound::None {
            return Ok(found);
        }
        self.run(|byte| !byte.is_ascii_alphanumeric() && byte != b'_');
        self.blanks();
        if matches!(self.reserved(), "{" | "while" | "until" | "for" | "if" | "case")
            || self.byte(0) == Some(b'(')
        {
            return self.compound();
        }
        self.at = start;
        Ok(Compound::None)
    }

    fn arithmetic_command(&mut self) -> Read<usize> {
        let mut command = self.begin();
        let (start, joint) = (self.at, command.joined_by);
        self.at += 2;
        let found = self.nested(None, Self::arithmetic);
        self.joint = joint;
        found?;
        command.words.push(single_part(start..self.at, Part::Arithmetic));
        command.redirections = self.redirections()?;
        Ok(self.push(command))
    }

    /// `[[ ... ]]`, with each operator and bracket as a word.
    fn test(&mut self) -> Read<usize> {
        let mut command = self.begin();
        let start = self.at;
        self.at += 2;
        command.words.push(literal_word(start..self.at, "[["));
        let mut is_expression = false;
        loop {
            self.lines();
            if self.byte(0).is_none() {
                return stop(start, "`[[` is not closed");
            }
            let at = self.at;
            if self.take_reserved("]]") {
                command.words.push(literal_word(at..self.at, "]]"));
                break;
            }
            let word = if is_expression { Some(self.expression()?) } else { self.operand()? };
            let Some(word) = word else { return Err(self.unexpected()) };
            is_expression = self.slice(word.span.clone()) == "=~";
            command.words.push(word);
        }
        command.redirections = self.redirections()?;
        Ok(self.push(command))
    }

    fn operand(&mut self) -> Read<Option<Word>> {
        let at = self.at;
        for operator in ["&&", "||", "(", ")", "<", ">"] {
            let is_substitution = matches!(operator, "<" | ">") && self.byte(1) == Some(b'(');
            if !is_substitution && self.take(operator) {
                return Ok(Some(literal_word(at..self.at, operator)));
            }
        }
        self.word()
    }
}

fn literal_word(span: std::ops::Range<usize>, text: &str) -> Word {
    single_part(span, Part::Literal(text.to_owned()))
}
