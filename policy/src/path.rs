//! Names of files that people or jobs chose.

/// Whether this is a single file name that can be shown and opened without surprise: printable, no separator, not hidden.
pub fn is_file_name(name: &str) -> bool {
    let plain = |c: char| {
        !c.is_control()
            && !matches!(c, '/' | '\\' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    !name.is_empty() && name.len() <= 255 && !name.starts_with('.') && name.chars().all(plain)
}

/// Whether this is a relative path of such names.
pub fn is_relative_path(path: &str) -> bool {
    path.len() <= 255 && path.split('/').all(is_file_name)
}
