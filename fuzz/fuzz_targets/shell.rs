//! Reading a script never panics, and its spans lie in order within it.

#![no_main]

use libfuzzer_sys::fuzz_target;
use uvshift_rewrite::shell;

fuzz_target!(|text: &str| {
    let script = shell::parse(text);
    let mut last = 0;
    for command in &script.commands {
        assert!(last <= command.span.end);
        last = command.span.end;
        assert!(text.get(command.span.clone()).is_some_and(|text| !text.is_empty()));
        let assignments = command.assignments.iter().map(|assignment| &assignment.span);
        let words = command.words.iter().map(|word| &word.span);
        let redirections = command.redirections.iter().map(|redirection| &redirection.span);
        for span in assignments.chain(words).chain(redirections) {
            assert!(text.get(span.clone()).is_some_and(|text| !text.is_empty()));
            assert!(command.span.start <= span.start && span.end <= command.span.end);
        }
    }
    if let Some(problem) = script.problem {
        assert!(text.is_char_boundary(problem.at));
    }
});
