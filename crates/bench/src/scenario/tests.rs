use super::*;

#[test]
fn those_that_come_along_are_those_of_the_issue() {
    let all = ScenarioSpec::built_in().unwrap();
    let names: Vec<_> = all.iter().map(|scenario| scenario.name.as_str()).collect();
    assert_eq!(names, ["small", "medium", "large", "cold-cache", "warm-cache", "parallel", "complex"]);
    for scenario in &all {
        let Requirements::Texts(texts) = &scenario.requirements else { panic!("{}", scenario.name) };
        assert!(texts.iter().all(|text| text.contains("==")), "{} can be repeated", scenario.name);
        assert!(!scenario.description.is_empty() && !scenario.operations.is_empty());
        assert!((10..=14).all(|minor| scenario.python.contain(minor)), "{}", scenario.name);
        // A change is of a package that is asked for, and to another version.
        if let Some(change) = &scenario.change {
            let (name, _) = change.split_once("==").unwrap();
            let text = texts.iter().find(|text| text.starts_with(&format!("{name}=="))).unwrap();
            assert_ne!(text, change);
        }
    }
    assert_eq!(all[0].operations, Operation::ALL);
}

#[test]
fn a_file_of_a_user_is_read() {
    let text = "[mine]\nrequirements = ['a', 'b>=1 ; python_version > \"3\"']\noperations = ['no-op']\n\
                python = '>=3.11,<3.14'\nchange = 'a==1'\n";
    let [mine] = ScenarioSpec::read(text).unwrap().try_into().unwrap();
    assert_eq!(
        mine.requirements,
        Requirements::Texts(vec!["a".into(), "b>=1 ; python_version > \"3\"".into()])
    );
    assert_eq!((mine.operations.as_slice(), mine.change.as_deref()), (&[Operation::NoOp][..], Some("a==1")));
    let held: Vec<_> = (9..16).filter(|minor| mine.python.contain(*minor)).collect();
    assert_eq!(held, [11, 12, 13]);
    assert_eq!(ScenarioSpec::read("").unwrap(), []);
}

#[test]
fn what_is_wrong_is_told_with_its_line() {
    for (text, expected) in [
        ("[a]\nrequirements = ['x'\n", "line 2: "),
        ("\n[a]\nrequirements = ['x']\ncolour = 'red'\n", "line 4: `a` has the unknown key `colour`"),
        ("\n\n[a]\ndescription = 'x'\n", "line 3: `a` has no requirements"),
        ("[a]\nrequirements = [\n  'x',\n  3,\n]\n", "line 4: `requirements` is not a list of texts"),
        ("[a]\nrequirements = ['-r x']\n", "line 2: `-r x` is not a requirement"),
        (
            "[a]\nrequirements = ['-f https://u:p@index.example']\n",
            "line 2: `-f https://****@index.example` is not a requirement",
        ),
        ("[a]\nrequirements = 'x'\n", "line 2: `requirements` is not a list of texts"),
        (
            "[a]\nrequirements = ['x']\noperations = ['no']\n",
            "line 3: there is no operation `no`, only resolve",
        ),
        ("[a]\nrequirements = ['x']\npython = '3.12'\n", "line 3: `3.12` is not a bound"),
        ("[a]\nrequirements = ['x']\ndescription = 3\n", "line 3: `description` is not a line of text"),
        ("['../a']\nrequirements = ['x']\n", "line 1: `../a` has other characters than"),
        ("a = 1\n", "line 1: `a` is not a table"),
    ] {
        let error = ScenarioSpec::read(text).unwrap_err();
        assert!(error.to_string().starts_with(expected), "{error} for {text:?}");
    }
}
