//! The variables of templates as a table of Markdown: `cargo run -p uvshift-scaffold --example variables`

#![expect(clippy::print_stdout, reason = "that is what it is for")]

fn main() {
    print!("{}", uvshift_scaffold::variables_as_markdown());
}
