//! Formulas of models (patsy's and formulaic's language): statsmodels evaluates them when it loads a model, and what stands between their
//! operators is Python.

/// Functions that a formula may call.
const FUNCTIONS: &[&str] = &[
    "C",
    "Q",
    "I",
    "np.log",
    "np.log2",
    "np.log10",
    "np.log1p",
    "np.exp",
    "np.expm1",
    "np.sqrt",
    "np.abs",
    "np.square",
    "np.power",
    "np.sin",
    "np.cos",
    "np.tanh",
    "np.sign",
    "np.minimum",
    "np.maximum",
    "log",
    "log10",
    "exp",
    "sqrt",
    "abs",
    "bs",
    "cr",
    "cc",
    "poly",
    "center",
    "scale",
    "standardize",
    "Treatment",
    "Sum",
    "Poly",
    "Helmert",
    "Diff",
];

/// Longest formula.
const LONGEST: usize = 4000;

/// Whether a formula is made of names, numbers, operators, quoted names, and calls of functions that only compute.
pub(super) fn is_harmless(formula: &str) -> bool {
    let mut rest = formula;
    let mut before = None;
    while let Some(first) = rest.chars().next() {
        let (token, more) = match first {
            'a'..='z' | 'A'..='Z' | '_' => split(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')),
            '0'..='9' => split(rest, |c| c.is_ascii_digit() || c == '.'),
            '"' | '\'' => match quoted(rest) {
                Some(parts) => parts,
                None => return false,
            },
            '(' | ')' | '+' | '-' | '*' | '/' | ':' | '~' | ',' | '=' | '<' | '>' | '|' => split_first(rest),
            ' ' | '\n' | '\t' => {
                rest = split_first(rest).1;
                continue;
            }
            _ => return false,
        };
        let calls = more.trim_start().starts_with('(');
        let name = first.is_ascii_alphabetic() || first == '_';
        let function = FUNCTIONS.contains(&token);
        // A name with a dot is a function of numpy's and nothing else; what is called is a name; nothing of Python's own.
        let right = match name {
            // A letter before a quote changes what the text means.
            true if more.starts_with(['"', '\'']) => false,
            true if calls || token.contains('.') => function && calls,
            true => {
                !token.contains("__")
                    && !matches!(token, "lambda" | "for" | "if" | "else" | "in" | "import" | "await" | "yield")
            }
            false => !calls || !matches!(before, Some(')')) && !matches!(first, ')' | '"' | '\'' | '0'..='9'),
        };
        if !right {
            return false;
        }
        before = token.chars().last();
        rest = more;
    }
    formula.len() <= LONGEST
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

fn split_first(text: &str) -> (&str, &str) {
    text.split_at(text.chars().next().map_or(0, char::len_utf8))
}

/// A text in quotes without escapes.
fn quoted(text: &str) -> Option<(&str, &str)> {
    let quote = text.chars().next()?;
    let end = text
        .get(1..)?
        .find([quote, '\\', '\n'])
        .filter(|end| text.get(end + 1..).is_some_and(|rest| rest.starts_with(quote)))?;
    Some(text.split_at(end + 2))
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    #[test]
    fn ordinary_formulas_are_harmless() {
        for formula in [
            "y ~ age + weight",
            "label ~ age * C(sex) - 1",
            "y ~ np.log(n + 1) + bs(age, df=4) + C(sex, Treatment(reference=\"m\"))",
            "y ~ Q('my column') + I(age ** 2):sex",
            "np.log(y) ~ standardize(x) | g",
        ] {
            assert!(is_harmless(formula), "{formula}");
        }
    }

    #[test]
    fn a_formula_that_calls_something_else_is_not() {
        for formula in [
            "y ~ __import__('os').system('id')",
            "y ~ np.load('x')",
            "y ~ np.log.__class__",
            "y ~ (lambda: 1)()",
            "y ~ C(x)(y)",
            "y ~ eval('1')",
            "y ~ x.to_csv('f')",
            "y ~ f\"{x}\"",
            "y ~ [x for x in y]",
            "y ~ 'a'.join",
            "y ~ `x`",
            "y ~ np.log (x).tofile('x')",
            "y ~ {1}",
            "y ~ open ('x')",
            "y ~ C\n(x) + exec\n('1')",
            "y ~ 'a",
            "y ~ os. system",
            "y ~ \u{ff43}alc(x)",
        ] {
            assert!(!is_harmless(formula), "{formula}");
        }
    }
}
