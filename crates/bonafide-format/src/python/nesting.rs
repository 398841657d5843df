//! How deeply a program nests, before it is parsed: the parser, and whatever walks its tree,
//! use the stack of the machine.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};

/// Deepest nesting that is parsed. CPython itself gives up at 200 brackets, at 100 levels of
/// indentation, and at a few thousand operators in one expression.
pub(crate) const DEEPEST: usize = 2000;

/// True if no part of the tree of a program can be deeper than [`DEEPEST`].
///
/// Every operator of an expression may be one level: what follows the last comma or line
/// counts, at each bracket that is open.
pub(crate) fn is_shallow(source: &str, mode: Mode) -> bool {
    let mut lexer = lexer::lex(source, mode);
    let mut chains: Vec<usize> = Vec::new();
    let mut chain = 0_usize;
    let mut depth = 0_usize;
    let mut indentation = 0_usize;
    loop {
        match lexer.next_token() {
            TokenKind::EndOfFile => return true,
            TokenKind::Indent => indentation += 1,
            TokenKind::Dedent => indentation = indentation.saturating_sub(1),
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                chains.push(chain + 4);
                depth += chain + 4;
                chain = 0;
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                // A bracket that was a call or an index is one more level of the chain.
                let outer = chains.pop().unwrap_or(4);
                depth = depth.saturating_sub(outer);
                chain = outer.saturating_sub(3);
            }
            TokenKind::Newline => {
                chains.clear();
                chain = 0;
                depth = 0;
            }
            TokenKind::Comma | TokenKind::Semi => chain = 0,
            TokenKind::Name
            | TokenKind::Int
            | TokenKind::Float
            | TokenKind::Complex
            | TokenKind::String
            | TokenKind::FStringMiddle
            | TokenKind::TStringMiddle
            | TokenKind::Comment
            | TokenKind::NonLogicalNewline
            | TokenKind::Equal => {}
            _ => chain += 1,
        }
        if depth + chain + indentation * 4 > DEEPEST {
            return false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_is_not_deep() {
        let list = format!("x = [{}]\n", "1, ".repeat(100_000));
        let lines = "a.b(c)[d] + e\n".repeat(10_000);
        let dictionary = format!("x = {{{}}}", "'a': f(1, -2),\n".repeat(50_000));
        for source in [list, lines, dictionary] {
            assert!(is_shallow(&source, Mode::Module));
        }
    }

    #[test]
    fn deep_is_refused_however_it_is_written() {
        for source in [
            "(".repeat(5000),
            format!("x = {}1", "-".repeat(5000)),
            format!("x = {}1", "not ".repeat(5000)),
            format!("x = {}1", "lambda: ".repeat(5000)),
            format!("x = a{}", ".b".repeat(5000)),
            format!("x = a{}", "()".repeat(5000)),
            format!("x = a{}", "[0]".repeat(5000)),
            format!("x = {}1", "a + ".repeat(5000)),
            format!("x = {}1", "1 if a else ".repeat(5000)),
            format!("x = {}", "f'{".repeat(1000)),
            format!("x = {}1{}", "[a + (".repeat(500), ")]".repeat(500)),
        ] {
            assert!(!is_shallow(&source, Mode::Module), "{}", &source[..20]);
        }
    }
}
