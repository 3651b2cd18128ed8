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
    /// A section that is opened twice.
    DUPLICATE_SECTION = "I001", "duplicate-section";
    /// A key that a section has twice.
    DUPLICATE_KEY = "I002", "duplicate-key";
    /// A line before the first section.
    OUTSIDE_SECTION = "I003", "outside-section";
    /// A line that is neither a section nor a key with a value.
    BROKEN_LINE = "I004", "broken-line";
    /// A value with a `%` that cannot be resolved.
    INTERPOLATION = "I005", "interpolation";
    /// A continuation of a key that has no value.
    CONTINUED_WITHOUT_VALUE = "I006", "continued-without-value";
    /// A byte order mark that the reader of the file does not skip.
    BYTE_ORDER_MARK = "I007", "byte-order-mark";
}
