//! Formulas of models (patsy's and formulaic's language): statsmodels evaluates them when it loads a model, and what stands between their
//! operators is Python. So a formula is read here token by token, and every token says what may stand beside it.

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

/// Words of Python's that are no names.
const WORDS: &[&str] = &[
    "and", "as", "assert", "async", "await", "class", "def", "del", "elif", "else", "for", "from", "global", "if",
    "import", "in", "is", "lambda", "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];

/// Longest formula.
const LONGEST: usize = 4000;
/// Most products in one: each may double the terms.
const PRODUCTS: usize = 12;
/// Longest number: `df=` and exponents take memory.
const DIGITS: usize = 6;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Token<'a> {
    Name(&'a str),
    Number(&'a str),
    /// What stands between two quotes.
    Text(&'a str),
    /// One sign, or `**`, `==`, `<=` and `>=`.
    Sign(&'a str),
}

/// Whether a formula is made of names, numbers, operators, calls of functions that only compute, and quoted words as their arguments.
pub(super) fn is_harmless(formula: &str) -> bool {
    if formula.len() > LONGEST {
        return false;
    }
    let Some(tokens) = tokens(formula) else { return false };
    let products = tokens.iter().filter(|token| matches!(token, Token::Sign("*" | "**"))).count();
    let before = std::iter::once(None).chain(tokens.iter().copied().map(Some));
    let after = tokens.iter().copied().skip(1).map(Some).chain([None]);
    products <= PRODUCTS
        && tokens.iter().zip(before).zip(after).all(|((token, before), after)| may_stand(*token, before, after))
}

/// Whether a token may stand between its neighbours.
fn may_stand(token: Token<'_>, before: Option<Token<'_>>, after: Option<Token<'_>>) -> bool {
    let called = after == Some(Token::Sign("("));
    match token {
        Token::Name(name) if called || name.contains('.') => {
            called && FUNCTIONS.contains(&name) && !matches!(before, Some(Token::Name(_) | Token::Number(_)))
        }
        Token::Name(name) => {
            !name.contains("__") && !WORDS.contains(&name) && !matches!(after, Some(Token::Name(_) | Token::Number(_)))
        }
        Token::Number(_) => !called && !matches!(after, Some(Token::Name(_) | Token::Number(_))),
        // An argument, and all of it.
        Token::Text(_) => {
            matches!(before, Some(Token::Sign("(" | "," | "="))) && matches!(after, Some(Token::Sign(")" | ",")))
        }
        Token::Sign(")") => !called && !matches!(after, Some(Token::Name(_) | Token::Number(_) | Token::Text(_))),
        // A power is of a column, and a small one: others take for ever.
        Token::Sign("**") => {
            !matches!(before, Some(Token::Number(_))) && matches!(after, Some(Token::Number(power)) if power.len() == 1)
        }
        Token::Sign(_) => true,
    }
}

fn tokens(formula: &str) -> Option<Vec<Token<'_>>> {
    let (mut tokens, mut rest) = (Vec::new(), formula);
    loop {
        rest = rest.trim_start_matches([' ', '\n', '\t']);
        let Some(first) = rest.chars().next() else { return Some(tokens) };
        let (token, more) = match first {
            'a'..='z' | 'A'..='Z' | '_' => {
                let (name, more) = split(rest, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.'));
                // A letter before a quote changes what the text means.
                (Token::Name(name), Some(more).filter(|more| !more.starts_with(['"', '\'']))?)
            }
            '0'..='9' => number(rest)?,
            '"' | '\'' => quoted(rest, first)?,
            '(' | ')' | '+' | '-' | '*' | '/' | ':' | '~' | ',' | '=' | '<' | '>' | '|' => {
                let two = rest.get(..2).filter(|two| matches!(*two, "**" | "==" | "<=" | ">="));
                let (sign, more) = rest.split_at(two.map_or(1, str::len));
                (Token::Sign(sign), Some(more).filter(|more| sign != ":" || !more.starts_with('='))?)
            }
            _ => return None,
        };
        tokens.push(token);
        rest = more;
    }
}

fn split(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

fn number(text: &str) -> Option<(Token<'_>, &str)> {
    let (number, more) = split(text, |c| c.is_ascii_digit() || c == '.');
    let dots = number.bytes().filter(|byte| *byte == b'.').count();
    let alone = !more.starts_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '"' | '\''));
    // Decimals take no memory.
    let short = number.split('.').next().is_some_and(|whole| whole.len() <= DIGITS);
    (dots <= 1 && alone && short).then_some((Token::Number(number), more))
}

/// A text in quotes, with nothing in it that could end it elsewhere for another reader.
fn quoted(text: &str, quote: char) -> Option<(Token<'_>, &str)> {
    let (inside, more) = text.get(1..)?.split_once(quote)?;
    let plain = !inside.contains(['"', '\'', '\\', '\n', '\r', '{', '}', '\0']);
    (plain && !more.starts_with(['"', '\''])).then_some((Token::Text(inside), more))
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
            "y ~ (a + b + c)**2",
            "y ~ C(stage, Treatment('a (0-1)'))",
            "y ~ I((age > 65) * 1) + I(bmi / 10.25) + 0",
            "Q(\"a b\") ~ 1",
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

    #[test]
    fn quotes_hide_no_code() {
        for formula in [
            "y ~ C(\"\"\"a\"\"\" \"\"\" and __import__('os').system('id') and \"\"\" \"\"\" \"\"\")",
            "y ~ C('''a''' + eval('1'))",
            "y ~ C(\"\" \"\")",
            "y ~ C(\"a\" + \"b\")",
            "y ~ C('a\\')",
            "y ~ C(rb 'a')",
            "y ~ 'a'",
            "y ~ C(x, 'a' 'b')",
            "y ~ Q('a'\n'b')",
            "y ~ C(1'a')",
        ] {
            assert!(!is_harmless(formula), "{formula}");
        }
    }

    #[test]
    fn a_formula_that_takes_for_ever_is_not_harmless() {
        let many = format!("y ~ {}", vec!["a"; 40].join(" * "));
        for formula in ["y ~ I(9 ** 9 ** 9)", "y ~ I(x ** 99999)", "y ~ bs(x, df=999999999)", "y ~ I(x := 1)", &many] {
            assert!(!is_harmless(formula), "{formula}");
        }
    }
}
