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
    /// Something other than a file is where a file would be made, so it is not made.
    IN_THE_WAY = "K001", "in-the-way";
    /// A file that is there cannot be joined with the generated one, so it stays.
    NOT_JOINED = "K002", "not-joined";
    /// A template is another form of one that is made in the same run, so it is left out.
    OTHER_FORM = "K003", "other-form";
    /// Something about this project that whoever takes the generated file should know.
    TO_KNOW = "K004", "to-know";
}
