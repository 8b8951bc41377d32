//! What is wrong with a persona file, in words its writer can act on.

/// Why a persona was refused.
#[derive(Debug, thiserror::Error)]
pub enum PersonaError {
    /// Not TOML, an unknown key, a missing one, or one of the wrong type.
    #[error(
        "{file}: {reason}; hint: compare with the built-in personas: id, name, style, [length], [talk], [words], [[exemplar]], [voice]"
    )]
    Format {
        /// The file, or what stands for it.
        file: String,
        /// What the reader said, with line and key.
        reason: String,
    },
    /// A value out of bounds.
    #[error("{file}: {key} is {value}, but {allowed}")]
    Value {
        /// The file, or what stands for it.
        file: String,
        /// The key, such as `length.wicket`.
        key: String,
        /// Its value.
        value: String,
        /// What is allowed.
        allowed: &'static str,
    },
}
