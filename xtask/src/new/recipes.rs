//! What can be added: for each kind its heading in CONTRIBUTING.md, the files of a skeleton, and the rows that make it known.

/// One kind of thing that can be added.
pub(crate) struct Recipe {
    /// The command of `cargo xtask`, such as `new-rule`.
    pub(crate) command: &'static str,
    /// The heading of CONTRIBUTING.md that tells the rest.
    pub(crate) heading: &'static str,
    /// Files that are made, with their texts.
    pub(crate) files: &'static [(&'static str, &'static str)],
    /// Rows that are added to files which are there.
    pub(crate) rows: &'static [Row],
    /// More that is to be written by hand: the recipe has to name these, and they have to be there.
    pub(crate) by_hand: &'static [&'static str],
}

/// A row of a file that is there.
pub(crate) struct Row {
    pub(crate) file: &'static str,
    pub(crate) block: Block,
    pub(crate) text: &'static str,
}

/// Where in the file a row goes.
#[derive(Clone, Copy)]
pub(crate) enum Block {
    /// Among the first `mod` lines, in their order.
    Modules,
    /// Between the line that begins like the first and the next one that is the second; behind the last row.
    Last(&'static str, &'static str),
    /// The same, in the order of the rows.
    Sorted(&'static str, &'static str),
    /// Behind everything.
    End,
}

/// Every kind but diagnostics, whose numbers have to be looked up.
pub(crate) const RECIPES: &[Recipe] = &[
    Recipe {
        command: "new-source",
        heading: "Add a source",
        files: &[
            ("crates/project/src/sources/@module@.rs", include_str!("../../skeletons/source.rs.txt")),
            ("crates/migrate/testdata/@name@/in/@name@.toml", include_str!("../../skeletons/source.in.txt")),
        ],
        rows: &[
            Row { file: "crates/project/src/sources.rs", block: Block::Modules, text: "mod @module@;" },
            Row {
                file: "crates/project/src/sources.rs",
                block: Block::Last("const SOURCES:", "];"),
                text: "    Source { name: \"@title@\", detect: @module@::detect, read: @module@::read },",
            },
        ],
        by_hand: &[
            "crates/project/src/sources/entry.rs",
            "crates/project/src/convert/foreign.rs",
            "crates/project/src/sources/pipfile.rs",
            "crates/project/src/sources/hostile.rs",
            "crates/migrate/src/inventory/sources.rs",
        ],
    },
    Recipe {
        command: "new-tool",
        heading: "Add a tool mapping",
        files: &[
            ("crates/toolconfig/data/@name@.toml", include_str!("../../skeletons/tool.toml.txt")),
            ("crates/toolconfig/testdata/@name@/in/setup.cfg", include_str!("../../skeletons/tool.in.txt")),
        ],
        rows: &[
            Row {
                file: "crates/toolconfig/src/tools.rs",
                block: Block::Sorted("const TOOLS:", "];"),
                text: "    Known { data: include_str!(\"../data/@name@.toml\"), read: flat },",
            },
            Row {
                file: "crates/toolconfig/data/follow.toml",
                block: Block::End,
                text: include_str!("../../skeletons/tool.follow.txt"),
            },
        ],
        by_hand: &[
            "crates/toolconfig/src/kinds.rs",
            "crates/toolconfig/src/catalogue.rs",
            "crates/toolconfig/src/ask/ask.py",
            "crates/toolconfig/data/pre-commit.toml",
            "crates/migrate/src/inventory/tools.rs",
        ],
    },
    Recipe {
        command: "new-rule",
        heading: "Add a rewrite rule",
        files: &[
            ("crates/rewrite/src/rules/@module@.rs", include_str!("../../skeletons/rule.rs.txt")),
            ("crates/rewrite/testdata/commands/@name@.txt", include_str!("../../skeletons/rule.case.txt")),
        ],
        rows: &[
            Row { file: "crates/rewrite/src/rules.rs", block: Block::Modules, text: "mod @module@;" },
            Row {
                file: "crates/rewrite/src/rules.rs",
                block: Block::Last("static RULES:", "];"),
                text: "    @module@::RULE,",
            },
        ],
        by_hand: &["crates/rewrite/src/rules/flit.rs"],
    },
    Recipe {
        command: "new-host",
        heading: "Add a kind of file",
        files: &[
            ("crates/rewrite/src/hosts/@module@.rs", include_str!("../../skeletons/host.rs.txt")),
            (
                "crates/rewrite/testdata/hosts/@name@/in/@name@.commands",
                include_str!("../../skeletons/host.in.txt"),
            ),
            (
                "crates/rewrite/testdata/hosts/@name@/in/pyproject.toml",
                include_str!("../../skeletons/host.pyproject.txt"),
            ),
            (
                "crates/rewrite/testdata/hosts/@name@/in/uv.lock",
                include_str!("../../skeletons/host.lock.txt"),
            ),
            (
                "crates/rewrite/testdata/hosts/@name@/in/became.txt",
                include_str!("../../skeletons/host.became.txt"),
            ),
        ],
        rows: &[
            Row { file: "crates/rewrite/src/hosts.rs", block: Block::Modules, text: "mod @module@;" },
            Row {
                file: "crates/rewrite/src/hosts.rs",
                block: Block::Last("pub fn hosts()", "]"),
                text: "        @module@::HOST,",
            },
        ],
        by_hand: &[
            "crates/rewrite/src/hosts/drone.rs",
            "crates/rewrite/src/hosts/bitbucket.rs",
            "crates/rewrite/src/callers.rs",
            "crates/migrate/src/inventory/places.rs",
            "crates/project/src/python.rs",
            "crates/rewrite/tests/ci_files.rs",
        ],
    },
    Recipe {
        command: "new-template",
        heading: "Add a template",
        files: &[
            (
                "crates/scaffold/templates/@name@/manifest.toml",
                include_str!("../../skeletons/template.manifest.txt"),
            ),
            (
                "crates/scaffold/templates/@name@/@name@.md.tera",
                include_str!("../../skeletons/template.tera.txt"),
            ),
        ],
        rows: &[],
        by_hand: &["crates/scaffold/src/manifest.rs", "crates/scaffold/src/project.rs"],
    },
];

/// The heading of CONTRIBUTING.md for diagnostics.
pub(crate) const DIAGNOSTIC: &str = "Add a diagnostic";
