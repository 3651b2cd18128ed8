use super::*;

/// Every instruction as `NAME [--flag=value]... | arguments`, with how many documents it has.
fn read(text: &str) -> Vec<String> {
    let file = parse(text);
    assert_eq!(file.problem, None);
    let one = |instruction: &Instruction| {
        let flags: Vec<String> =
            instruction.flags.iter().map(|flag| format!(" {}={}", flag.name, flag.value)).collect();
        let flags = flags.concat();
        let documents = "<<".repeat(instruction.heredocs.len());
        format!("{}{flags} | {}{documents}", instruction.name, instruction.arguments(text))
    };
    file.instructions.iter().map(one).collect()
}

#[test]
fn continuations_have_comments_and_empty_lines_in_between() {
    let text =
        "from python:3.12 as  base\nRUN a \\\n  # no part of it\n\n && b\\  \n && c\nCMD [\"x\", \"y z\"]\n";
    assert_eq!(read(text), ["FROM | python:3.12 as  base", "RUN | a  && b && c", "CMD | [\"x\", \"y z\"]"]);
    let file = parse(text);
    assert_eq!(file.instructions[2].exec_form(text), Some(vec!["x".to_owned(), "y z".to_owned()]));
    let lines: String =
        file.instructions.iter().filter_map(|instruction| text.get(instruction.lines.clone())).collect();
    assert_eq!(lines, text);
}

#[test]
fn directives_stand_in_front_only() {
    let file = parse("# syntax=docker/dockerfile:1\r\n# escape=`\r\nFROM x\r\nRUN a `\r\n  b\r\n");
    assert!(file.has_syntax);
    assert_eq!(file.escape, '`');
    assert_eq!(file.instructions.len(), 2);
    assert_eq!(parse("# hello\n# escape=`\nFROM x\n").escape, '\\');
}

#[test]
fn documents_belong_to_their_instruction() {
    let text = "FROM x\nRUN <<EOF\npip install a\nEOF\nCOPY <<-\"A\" <<B /x/\n\ta\n\tA\nb\nB\nRUN cat <<<x && echo '<<C'\n";
    assert_eq!(
        read(text),
        ["FROM | x", "RUN | <<EOF<<", "COPY | <<-\"A\" <<B /x/<<<<", "RUN | cat <<<x && echo '<<C'"]
    );
    let file = parse(text);
    assert_eq!(text.get(file.instructions[1].heredocs[0].body.clone()), Some("pip install a\n"));
    assert_eq!(text.get(file.instructions[2].span.clone()), Some("COPY <<-\"A\" <<B /x/\n\ta\n\tA\nb\nB"));
}

#[test]
fn flags_and_triggers() {
    let text = "FROM --platform=linux/amd64 x\nONBUILD RUN --mount=type=cache,target=/c --network=none pip\nCOPY --from=b --chown=a:b \\\n --link /a /b\n";
    assert_eq!(
        read(text),
        [
            "FROM platform=linux/amd64 | x",
            "RUN mount=type=cache,target=/c network=none | pip",
            "COPY from=b chown=a:b link= | /a /b"
        ]
    );
    assert!(parse(text).instructions[1].is_trigger);
}

#[test]
fn words_in_either_form() {
    let text = "FROM x\nCOPY a \"b c\" ./\nCOPY [\"d e\", \"./\"]\n";
    let file = parse(text);
    let texts = |at: usize| -> Vec<String> {
        file.instructions[at].words(text).into_iter().map(|word| word.text).collect()
    };
    assert_eq!(texts(1), ["a", "b c", "./"]);
    assert_eq!(texts(2), ["d e", "./"]);
}

#[test]
fn what_cannot_be_read_is_told_with_its_place() {
    for (text, at) in [
        ("FROM x\n{% if y %}\nRUN a\n", 7),
        ("RUN a\nFROM x\n", 0),
        ("FROM x\nRUN <<EOF\na\n", 11),
        ("FROM x\nONBUILD\n", 7),
    ] {
        assert_eq!(parse(text).problem.map(|(at, _)| at), Some(at), "{text}");
    }
    assert_eq!(parse("").problem, None);
}
