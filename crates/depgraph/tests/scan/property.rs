//! Statements from a grammar, with spaces, comments and continuations where Python allows them, are all found.

use proptest::prelude::*;
use proptest::sample::select;
use proptest::strategy::BoxedStrategy;
use uvshift_depgraph::scan::{oracle, scan_file};

/// A statement as it is written, and what it imports: `module` or `module (names)`, without the line.
#[derive(Debug, Clone)]
enum Piece {
    Import {
        text: String,
        found: Vec<String>,
    },
    Noise(&'static str),
    Block {
        head: &'static str,
        body: Vec<Piece>,
    },
    /// Statements on one line, behind a head with a colon if there is one.
    OneLine {
        head: &'static str,
        statements: Vec<Piece>,
    },
}

/// Lines that hold no import, though some look like it.
const NOISE: [&str; 22] = [
    "x = 'import a'",
    "# import b",
    "x = [\n'import c',  # ]\n  1]",
    "\"\"\"\nimport d\n\"\"\"",
    "x = f\"{y['import e']!r:>{w}}\"",
    "x = f'''{\ny}import f\nimport g\n'''",
    "x = rb'\\'\nimport_ = 1",
    "x = '\\\nimport h'",
    "x = (yield\n  from_)",
    "match = {1: 2}; case = lambda: 3",
    "@import_.a",
    "x = y if z else w; print(import_)",
    "",
    "   ",
    "\x0c",
    "type X = importlib",
    "lazy = 1; lazy.x = 2",
    "x: 'import i' = 1",
    "assert x, \"\"\"'''\nfrom a import b\n\"\"\"",
    "f(a)(b)[\n\n1:2\n].c",
    "x = t'{{import}}{a:%H:%M}'",
    "try_ = 1; except_ = '''\\''' '''",
];

const HEADS: [&str; 11] = [
    "if x:",
    "while (lambda: {1: 2})():",
    "for import_ in x:  # :",
    "with a as b, c('d:e'):",
    "def f(a: int = 1, *,\n    b=':') -> 'x':",
    "class C(A, metaclass=B):",
    "async def g(a, /):",
    "if f'{x:y}' == ':':",
    "if x \\\n  and y:",
    "if (a := {3: 4}):",
    "if x[1:2]:",
];

fn name() -> impl Strategy<Value = String> {
    "[a-z_][a-z0-9_]{0,8}".prop_filter("keywords", |name| {
        ![
            "as", "if", "in", "is", "or", "and", "not", "def", "del", "for", "try", "from", "with", "else",
            "elif",
        ]
        .contains(&name.as_str())
            && ![
                "pass", "class", "raise", "while", "yield", "break", "async", "await", "import", "assert",
                "return",
            ]
            .contains(&name.as_str())
            && !["except", "global", "lambda", "finally", "continue", "nonlocal"].contains(&name.as_str())
    })
}

/// Space that may be empty, and space that may not.
fn gap() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "", " ", "  ", "\t", "\\\n", " \\\n\t"])
}

fn space() -> impl Strategy<Value = &'static str> {
    select(vec![" ", " ", " ", "  ", "\t", " \\\n", "\\\n ", "\x0c"])
}

fn inner() -> impl Strategy<Value = &'static str> {
    select(vec!["", " ", "\n", "  # import x, (\n", "\n\n\t", "\\\n"])
}

/// A dotted name as written, and as it is.
fn dotted() -> impl Strategy<Value = (String, String)> {
    (name(), prop::collection::vec((gap(), gap(), name()), 0..3)).prop_map(|(first, rest)| {
        let (mut text, mut plain) = (first.clone(), first);
        for (before, after, part) in rest {
            text.extend([before, ".", after, &part]);
            plain.extend([".", &part]);
        }
        (text, plain)
    })
}

fn renamed() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => Just(String::new()),
        1 => (space(), space(), name()).prop_map(|(before, after, name)| format!("{before}as{after}{name}"))
    ]
}

fn import() -> impl Strategy<Value = Piece> {
    let module = (gap(), dotted(), renamed(), gap());
    (space(), prop::collection::vec(module, 1..4), any::<bool>()).prop_map(|(space, modules, is_lazy)| {
        let names: Vec<_> = modules
            .iter()
            .map(|(before, (text, _), renamed, after)| format!("{before}{text}{renamed}{after}"))
            .collect();
        let found = modules.into_iter().map(|(_, (_, plain), _, _)| plain).collect();
        let lazy = if is_lazy { "lazy " } else { "" };
        Piece::Import { text: format!("{lazy}import{space}{}", names.join(",")), found }
    })
}

fn from() -> impl Strategy<Value = Piece> {
    let taken = (inner(), name(), renamed(), inner());
    let names = (prop::collection::vec(taken, 1..4), any::<bool>(), select(vec!["", ","]));
    let module = prop_oneof![
        dotted().prop_map(|(text, plain)| (format!(" {text} "), plain)),
        (1_usize..5, gap())
            .prop_map(|(dots, gap)| (format!("{gap}{}{gap}", ".".repeat(dots)), ".".repeat(dots))),
        (1_usize..3, gap(), dotted()).prop_map(|(dots, gap, (text, plain))| {
            (format!("{gap}{}{gap}{text}\t", ".".repeat(dots)), format!("{}{plain}", ".".repeat(dots)))
        }),
    ];
    (module, gap(), names).prop_map(|((text, plain), gap, (names, in_brackets, comma))| {
        let list: Vec<_> = names.iter().map(|(_, name, _, _)| name.clone()).collect();
        let found = vec![format!("{plain} ({})", list.join(", "))];
        let written: Vec<_> = names
            .iter()
            .map(|(before, name, renamed, after)| {
                if in_brackets {
                    format!("{before}{name}{renamed}{after}")
                } else {
                    format!(" {name}{renamed}")
                }
            })
            .collect();
        let text = if in_brackets {
            format!("from{text}import{gap}({}{comma})", written.join(","))
        } else {
            format!("from{text}import{gap}{}", written.join(","))
        };
        Piece::Import { text, found }
    })
}

fn statement() -> BoxedStrategy<Piece> {
    prop_oneof![import(), from(), Just(Piece::Noise("x = 'import a'"))].boxed()
}

fn piece() -> BoxedStrategy<Piece> {
    let one_line = (select(HEADS.to_vec()), any::<bool>(), prop::collection::vec(statement(), 1..4))
        .prop_map(|(head, has_head, statements)| Piece::OneLine {
            // A comment would swallow the statements.
            head: if has_head && !head.contains('#') { head } else { "" },
            statements,
        });
    let leaf = prop_oneof![3 => import(), 3 => from(), 2 => select(NOISE.to_vec()).prop_map(Piece::Noise), 2 => one_line];
    leaf.prop_recursive(3, 24, 5, |inner| {
        (select(HEADS.to_vec()), prop::collection::vec(inner, 1..5))
            .prop_map(|(head, body)| Piece::Block { head, body })
    })
    .boxed()
}

/// Writes pieces; notes the line and the imports of each statement.
fn write(pieces: &[Piece], indent: usize, text: &mut String, found: &mut Vec<String>) {
    let note = |text: &str, names: &[String], found: &mut Vec<String>| {
        let line = text.matches('\n').count() + 1;
        found.extend(names.iter().map(|name| format!("{line} {name}")));
    };
    for piece in pieces {
        text.push_str(&" ".repeat(indent));
        match piece {
            Piece::Import { text: statement, found: names } => {
                note(text, names, found);
                text.push_str(statement);
            }
            Piece::Noise(line) => text.push_str(line),
            Piece::Block { head, body } => {
                text.push_str(head);
                text.push('\n');
                write(body, indent + 2, text, found);
                text.push_str(&" ".repeat(indent + 2));
                text.push_str("pass");
            }
            Piece::OneLine { head, statements } => {
                text.push_str(head);
                for (number, statement) in statements.iter().enumerate() {
                    text.push_str(if number > 0 { "; " } else { "" });
                    match statement {
                        Piece::Import { text: statement, found: names } => {
                            note(text, names, found);
                            text.push_str(statement);
                        }
                        Piece::Noise(line) => text.push_str(line),
                        _ => {}
                    }
                }
            }
        }
        text.push('\n');
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn every_statement_is_found(pieces in prop::collection::vec(piece(), 1..8)) {
        let (mut text, mut expected) = (String::new(), Vec::new());
        write(&pieces, 0, &mut text, &mut expected);
        let scanned = oracle::compare(&text).scanned;
        let plain = |import: &uvshift_depgraph::Import| {
            let dots = ".".repeat(usize::try_from(import.level).unwrap());
            let names = if import.names.is_empty() { String::new() } else { format!(" ({})", import.names.join(", ")) };
            format!("{} {dots}{}{names}", import.line, import.module)
        };
        prop_assert_eq!(scanned.iter().map(plain).collect::<Vec<_>>(), expected, "{}", text);
    }

    #[test]
    fn nothing_panics(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        for path in ["a.py", "a.pyx", "a.ipynb", "a"] {
            let _ = scan_file(path, &bytes);
        }
    }

    /// Any piece of Python, cut anywhere, is scanned to its end.
    #[test]
    fn cut_anywhere(pieces in prop::collection::vec(piece(), 1..4), cut in 0.0..1.0_f64) {
        let mut text = String::new();
        write(&pieces, 0, &mut text, &mut Vec::new());
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a place within the text")]
        let at = (text.len() as f64 * cut) as usize;
        let _ = scan_file("a.py", text.as_bytes().get(at..).unwrap_or_default());
        let _ = scan_file("a.py", text.as_bytes().get(..at).unwrap_or_default());
    }
}
