//! The stable codes of everything this crate has to say; each is a heading of `docs/diagnostics.md`.

use uvshift_diagnostics::Code;

macro_rules! codes {
    ($($(#[$documentation:meta])* $name:ident = $id:literal, $kebab:literal;)*) => {
        $($(#[$documentation])* pub const $name: Code = Code::new($id, $kebab);)*

        /// Every code of this crate, in order.
        pub static ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    /// A file cannot be read as what it is, so nothing in it is changed.
    UNREADABLE = "Z001", "host-unreadable";
    /// A script cannot be read to its end.
    SCRIPT_UNREADABLE = "Z002", "script-unreadable";
    /// The rewritten file would not be what it is to be, so nothing in it is changed.
    BROKEN = "Z003", "rewrite-not-sound";
    /// Files of a kind that is reported only.
    REPORTED = "Z004", "reported-only";
}
