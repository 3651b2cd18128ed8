use std::fmt::Write as _;

use super::*;

/// Every command on a line: joints, blocks, assignments, words with their parts, redirections.
fn show(script: &str) -> String {
    let read = parse(script);
    let mut out = String::new();
    for command in &read.commands {
        let blocks: Vec<String> = command.within.iter().map(|block| format!("{block:?}")).collect();
        let _ = write!(out, "{:?}>{:?} {}:", command.joined_by, command.followed_by, blocks.join("/"));
        for assignment in &command.assignments {
            let _ = write!(out, " {}={}", assignment.name, parts(&assignment.value));
        }
        for word in &command.words {
            let _ = write!(out, " {}", parts(word));
        }
        for redirection in &command.redirections {
            let _ = write!(out, " {}{}", redirection.operator, parts(&redirection.target));
            if let Some(document) = redirection.document.clone() {
                let _ = write!(out, "{:?}", &script[document]);
            }
        }
        out.push('\n');
    }
    if let Some(problem) = read.problem {
        let _ = writeln!(out, "{}: {}", problem.at, problem.message);
    }
    out
}

fn parts(word: &Word) -> String {
    let part = |part: &Part| match part {
        Part::Literal(text) => text.clone(),
        Part::Variable { name, operation, quoted } => {
            let operation = operation.as_deref().unwrap_or_default();
            format!("${}{name}{{{operation}}}", if *quoted { "\"" } else { "" })
        }
        Part::Substitution => "$()".to_owned(),
        Part::Arithmetic => "$(())".to_owned(),
        Part::Pattern(text) => format!("‹{text}›"),
        Part::Template(text) => format!("«{text}»"),
    };
    let parts: Vec<String> = word.parts.iter().map(part).collect();
    format!("[{}]", parts.join("|"))
}

fn check(script: &str, expected: &str) {
    let lines: Vec<&str> = expected.trim().lines().map(str::trim).collect();
    assert_eq!(show(script).trim(), lines.join("\n"), "of {script}");
}

#[test]
fn words_and_quotes() {
    check(
        r#"A=1 B= C+=x d[1]=$'\x41\t' pip install 'a b'"c $d"\ e "" $"f" # not read"#,
        "Start>Start : A=[1] B=[] C+=[x] d[1]=[A\t] [pip] [install] [a bc |$\"d{}| e] [] [f]",
    );
    check("pip \\\n  install\\\n  -r a\\\nb.txt\\\n", "Start>Start : [pip] [install] [-r] [ab.txt]");
    check("echo a#b \"#\" '#'\\# #c\n", "Start>Next : [echo] [a#b] [#] [##]");
    check("pip install\r\npytest \\\r\n -q\r\n", "Start>Next : [pip] [install]\nNext>Next : [pytest] [-q]");
    check("\u{feff}pip list", "Start>Start : [pip] [list]");
}

#[test]
fn expansions() {
    check(
        "echo $a ${b} \"${c:-x y}\" ${#d} ${!e} $1 $@ ${f[0]} ${g/'}'/\"}\"} $",
        "Start>Start : [echo] [$a{}] [$b{}] [$\"c{:-x y}] [$d{#}] [$e{!}] [$1{}] [$@{}] [$f{[0]}] [$g{/'}'/\"}\"}] [$]",
    );
    check(
        "a \"$(b `c \\`d\\``)\" ${x:-$(e)} <(f) $((1 + $(g))) $((h); i)",
        "Start>Start Substitution/Substitution/Substitution: [d]
        Start>Start Substitution/Substitution: [c] [$()]
        Start>Start Substitution: [b] [$()]
        Start>Start Substitution: [e]
        Start>Start Substitution: [f]
        Start>Start Substitution: [g]
        Start>Start Substitution/Subshell: [h]
        Next>Start Substitution: [i]
        Start>Start : [a] [$()] [$x{:-$(e)}] [$()] [$(())] [$()]",
    );
}

#[test]
fn patterns_and_templates() {
    check(
        "ls *.py .[dev] a{b,c} {} {x} ~/y a?  @(a|b c) [ x ] {\"a\",b}",
        "Start>Start : [ls] [‹*›|.py] [.|‹[dev]›] [a|‹{b,c}›] [{}] [{x}] [‹~›|/y] [a|‹?›] [‹@(a|b c)›] [[] [x] []] [‹{›|a,b}]",
    );
    check(
        "pip${{ matrix.python == '3' }} \"a${{ b }}\" '{{ c }}' {{ d }} << parameters.e >> \"{{f \"g\"}}\"",
        "Start>Start : [pip|«${{ matrix.python == '3' }}»] [a|«${{ b }}»] [«{{ c }}»] [«{{ d }}»] [«<< parameters.e >>»] [«{{f \"g\"}}»]",
    );
}

#[test]
fn lists_and_blocks() {
    check(
        "a && b || c | d |& e; f & g\n! h",
        "Start>And : [a]\nAnd>Or : [b]\nOr>Pipe : [c]\nPipe>Pipe : [d]\nPipe>Next : [e]
        Next>Background : [f]\nBackground>Next : [g]\nNext>Start Negation: [h]",
    );
    check(
        "(a; b) && { c; } | d",
        "Start>Next Subshell: [a]\nNext>Start Subshell: [b]\nStart>Next Braces: [c]\nPipe>Start : [d]",
    );
    check(
        "if a; then b; elif c; then d; else e; fi\nf() { g; }\nwhile h; do i; done; for x in $(j) k; do l; done",
        "Start>Next Condition: [a]\nStart>Next Branch: [b]\nStart>Next Condition: [c]\nStart>Next Branch: [d]
        Start>Next Branch: [e]\nStart>Next Function/Braces: [g]\nStart>Next Condition: [h]\nStart>Next Loop: [i]
        Start>Start Substitution: [j]\nStart>Next Loop: [l]",
    );
    check(
        "case $x in (a|b) c;; *) d ;& esac\nfunction e { f; }\nfunction g (h)\nselect y in z; do k; done",
        "Start>Start Branch: [c]\nStart>Start Branch: [d]\nStart>Next Function/Braces: [f]
        Start>Start Function/Subshell: [h]\nStart>Next Loop: [k]",
    );
    check(
        "[[ $a =~ ^(b|c d)$ && -f $(e) ]] && (( x++ )) || ((f); g)",
        "Start>Start Substitution: [e]
        Start>And : [[[] [$a{}] [=~] [^(b|c d)$] [&&] [-f] [$()] []]]\nAnd>Or : [$(())]
        Start>Start Subshell/Subshell: [f]\nNext>Start Subshell: [g]",
    );
}

#[test]
fn documents() {
    check(
        "cat <<A <<-'B' >c && d\n$(e)\nA\n\t$(f)\n\tB\ng <<<h 2>&1 &>i {x}<j",
        "Start>And : [cat] <<[A]\"$(e)\\n\" <<-[B]\"\\t$(f)\\n\" >[c]\nAnd>Next : [d]
        Start>Start Substitution: [e]\nNext>Start : [g] <<<[h] 2>&[1] &>[i] {x}<[j]",
    );
    check("a <<X\nno end", "Start>Next : [a] <<[X]\"no end\"");
}

#[test]
fn problems_stand_where_they_are() {
    check("a\nb 'c", "Start>Next : [a]\n4: `'` is not closed");
    check("a; (b", "Start>Next : [a]\nStart>Start Subshell: [b]\n3: `(` is not closed");
    check("a )", "Start>Start : [a]\n2: `)` closes nothing");
    check(
        "if a; b; fi",
        "Start>Next Condition: [a]\nNext>Next Condition: [b]\n9: there is no `if` that this belongs to",
    );
    check("a && ; b", "Start>And : [a]\n5: `;` does not belong here");
}
