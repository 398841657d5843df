//! Where a program writes, and whose machine code it loads: by the expressions for paths.

use ruff_python_ast::visitor::{Visitor, walk_expr};
use ruff_python_ast::{Expr, ExprCall};

use super::names::Names;

/// Parts of paths that other programs start from, or read their settings from.
const STARTING: &[&str] = &[
    ".bashrc",
    ".bash_profile",
    ".profile",
    ".zshrc",
    ".zshenv",
    ".ssh",
    ".gitconfig",
    ".pypirc",
    ".netrc",
    ".pythonrc",
    ".config/autostart",
    ".config/systemd",
    "sitecustomize",
    "usercustomize",
    "site-packages",
    "LaunchAgents",
    "crontab",
];

/// Folders that are the system's.
const SYSTEM: &[&str] = &["/etc/", "/usr/", "/bin/", "/sbin/", "/var/spool/"];

/// True for an expression of a path below the home folder of the user, or of the system.
pub(super) fn is_foreign(names: &Names, expression: &Expr) -> bool {
    let mut search = Search {
        names,
        home: false,
        starting: false,
        cache: false,
    };
    search.visit_expr(expression);
    search.starting || (search.home && !search.cache)
}

struct Search<'n> {
    names: &'n Names,
    home: bool,
    starting: bool,
    /// Caches of models are there, and every library writes into its own.
    cache: bool,
}

impl Search<'_> {
    fn text(&mut self, text: &str) {
        self.home |= text == "~" || text.starts_with("~/");
        self.starting |= STARTING.iter().any(|part| text.contains(part))
            || SYSTEM.iter().any(|folder| text.starts_with(folder));
        self.cache |= [
            ".cache",
            "cache",
            ".local/share",
            ".torch",
            ".keras",
            "nltk_data",
        ]
        .iter()
        .any(|part| text.contains(part));
    }
}

impl<'a> Visitor<'a> for Search<'_> {
    fn visit_expr(&mut self, expression: &'a Expr) {
        match expression {
            Expr::StringLiteral(literal) => self.text(literal.value.to_str()),
            Expr::Name(name) => {
                self.home |= self.names.foreign.contains(name.id.as_str());
                if let Some(text) = self.names.text(expression) {
                    self.text(&text);
                }
            }
            Expr::Call(call) => {
                if let Expr::Attribute(attribute) = &*call.func {
                    self.home |= attribute.attr.as_str() == "home";
                }
                let called = self.names.resolve(&call.func);
                self.home |= called.iter().any(|name| name.ends_with(".getsitepackages"));
            }
            _ => {}
        }
        walk_expr(self, expression);
    }
}

/// True for a call that writes to the file that its function, or what owns that, names.
pub(super) fn writes(names: &Names, call: &ExprCall) -> bool {
    let Expr::Attribute(attribute) = &*call.func else {
        return false;
    };
    match attribute.attr.as_str() {
        "write_text" | "write_bytes" | "symlink_to" | "hardlink_to" => true,
        // `Path(…).open("a")`; what is opened by a module is judged by its name.
        "open" => {
            let named = call
                .arguments
                .keywords
                .iter()
                .find(|keyword| {
                    keyword
                        .arg
                        .as_ref()
                        .is_some_and(|name| name.as_str() == "mode")
                })
                .map(|keyword| &keyword.value);
            let mode = named.or(call.arguments.args.first());
            let mode = mode.and_then(|mode| names.text(mode)).unwrap_or_default();
            mode.len() <= 4 && mode.contains(['w', 'a', 'x', '+'])
        }
        _ => false,
    }
}

/// True for a library that is loaded by a path of its own, not by a name that the system knows.
pub(super) fn is_own_library(names: &Names, call: &ExprCall) -> bool {
    call.arguments.args.first().is_some_and(|path| {
        let mut search = Place { beside: false };
        search.visit_expr(path);
        let text = names.text(path).unwrap_or_default();
        let is_relative = text.contains('/') && !text.starts_with('/');
        let is_bare = !text.contains('/') && !text.starts_with("lib") && text.ends_with(".so");
        search.beside || is_relative || is_bare
    })
}

/// Looks for the folder of the program itself.
struct Place {
    beside: bool,
}

impl<'a> Visitor<'a> for Place {
    fn visit_expr(&mut self, expression: &'a Expr) {
        if let Expr::Name(name) = expression {
            self.beside |= name.id.as_str() == "__file__";
        }
        walk_expr(self, expression);
    }
}
