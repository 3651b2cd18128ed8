//! Files into imports: every form, every kind of file, broken ones, and ruff's parser as the oracle.
#![expect(
    clippy::print_stdout,
    reason = "a test that is skipped says so, the oracle says how much it compared"
)]
#![expect(clippy::unwrap_used, reason = "a helper that cannot go on ends the test")]

mod forms;
mod listing;
mod notebooks;
mod oracle;
mod probe;
mod property;
mod scripts;
mod walk;
