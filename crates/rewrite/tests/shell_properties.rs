//! Reading a script never fails, and every span lies where it says.

use proptest::prelude::*;
use uvshift_rewrite::shell::{self, Script};

#[rustfmt::skip]
const PIECES: &[&str] = &[
    "pip", " install ", "-r x", "'", "\"", "`", "\\`", "$(", "${", "$((", "((", "))", ")", "}", "{ ",
    "(", " ", "\n", "\r\n", "\\\n", "\\", "#", ";", ";;", "&", "&&", "|", "||", "|&", "!", " ! ", "if ",
    "then ", "elif ", "else ", "fi", "for x in ", "while ", "do ", "done", "case x in ", "esac",
    "function ", "f()", "[[ ", " ]]", "=~ ", "<<E\n", "<<-'E'\n", "E\n", "<<<", "<(", ">", "2>&1", "&>",
    "{fd}>", "a=", "a[1]=", "a+=(", "$x", "$'", "$\"", "${{", "}}", "{{", "<< parameters.x >>", "*", "?",
    "[", "]", "@(", "~", "{a,b}", "é", "\u{feff}", "\t", "coproc ", "select ", "declare ", "in ",
];

/// Pieces that mean something to a shell, in any order.
fn pieces() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES), 0..60).prop_map(|pieces| pieces.concat())
}

fn check(text: &str) -> Result<(), TestCaseError> {
    let Script { commands, problem } = shell::parse(text);
    let mut last = 0;
    for command in &commands {
        prop_assert!(text.get(command.span.clone()).is_some(), "{:?} of {text:?}", command.span);
        prop_assert!(last <= command.span.end, "{text:?} is out of order");
        last = command.span.end;
        let assignments = command.assignments.iter().map(|assignment| assignment.span.clone());
        let words = command.words.iter().map(|word| word.span.clone());
        let redirections = command.redirections.iter().map(|redirection| redirection.span.clone());
        let mut spans: Vec<_> = assignments.chain(words).chain(redirections).collect();
        spans.sort_by_key(|span| (span.start, span.end));
        prop_assert!(!spans.is_empty(), "an empty command in {text:?}");
        prop_assert_eq!(spans.first().map(|span| span.start), Some(command.span.start), "{}", text);
        prop_assert_eq!(spans.last().map(|span| span.end), Some(command.span.end), "{}", text);
        for pair in spans.windows(2) {
            prop_assert!(pair[0].end <= pair[1].start, "{spans:?} of {text:?}");
        }
        for document in command.redirections.iter().filter_map(|redirection| redirection.document.clone()) {
            prop_assert!(text.get(document.clone()).is_some(), "{document:?} of {text:?}");
            prop_assert!(document.start >= command.redirections[0].span.end);
        }
    }
    if let Some(problem) = problem {
        prop_assert!(text.is_char_boundary(problem.at), "{} of {text:?}", problem.at);
    }
    Ok(())
}

proptest! {
    #[test]
    fn pieces_of_scripts(text in pieces()) {
        check(&text)?;
    }

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text)?;
    }

    /// A word is read by itself as it is in a script.
    #[test]
    fn a_word_stays_a_word(text in "[a-zA-Z0-9_./=-]{1,20}") {
        let script = shell::parse(&format!("echo '{text}' \"{text}\" {text}"));
        let words: Vec<Option<String>> = script.commands[0].words.iter().skip(1).map(shell::Word::literal).collect();
        prop_assert_eq!(words, vec![Some(text); 3]);
    }
}

/// What would be slow, or too deep, for a parser that goes back.
#[test]
fn hostile_scripts_are_read_in_no_time() {
    let pieces = [
        "(",
        "((",
        "$((",
        "$(",
        "`",
        "\\`",
        "${x:-",
        "\"$(",
        "{ ",
        "if ",
        "while ",
        "f() ",
        "function f ",
        "coproc ",
        "! ",
        "a=(",
        "@(",
        "[[ ",
        "case x in ",
        "case x in a) ",
        "<<E ",
        "<(",
        "{{",
        "${{",
        "[",
        "{",
        "a[",
        "<<",
        "(( ( # ((\n a) )\n",
        "`a` ${{ ",
        "$(( x )\n",
        "for x in ",
        "\\\n",
        "# \r",
        "{a,",
        "$'",
        "a && ",
        "a | ",
        "; ",
        "cat <<E\n$(",
        "\"`\"`",
        "<< parameters.",
    ];
    for piece in pieces {
        let text = piece.repeat(50_000 / piece.len());
        let _ = shell::parse(&text);
        let _ = shell::parse(&format!("{text}\n{}", ")".repeat(1000)));
    }
}
