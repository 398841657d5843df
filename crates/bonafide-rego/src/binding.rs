//! Variables, and what patterns bind them to.

use regorus::unstable::{AssignOp, Expr, Ref, Span};

use crate::check::{Walker, text_of};
use crate::error::Fault;
use crate::shape::Shape;

impl Walker<'_> {
    /// A variable of the innermost scope; without a shape if it is only declared.
    pub(crate) fn declare(&mut self, span: &Span, name: &str, shape: Option<Shape>) {
        if name == "_" {
            return;
        }
        if name == "input" || name == "data" {
            self.fault(
                Fault::at(
                    span,
                    format!("a variable with the name `{name}` hides the {name} of the rules"),
                )
                .with_help("give it another name"),
            );
            return;
        }
        if let Some(scope) = self.scopes.last_mut() {
            match shape {
                Some(shape) => {
                    scope.insert(name.to_owned(), shape);
                }
                None => {
                    scope.entry(name.to_owned()).or_insert(Shape::Opaque);
                }
            }
        }
    }

    /// Binds the variables of a pattern; what is no variable is looked at.
    pub(crate) fn bind(&mut self, pattern: &Ref<Expr>, shape: Shape) {
        match &**pattern {
            Expr::Var { span, .. } => self.declare(span, span.text(), Some(shape)),
            Expr::Array { items, .. } => {
                for item in items {
                    self.bind(item, element(&shape));
                }
            }
            Expr::Object { fields, .. } => {
                for (_, key, value) in fields {
                    let inner = match text_of(key) {
                        Some(name) => self.member(&shape, &name, pattern.span(), key.span()),
                        None => Shape::Opaque,
                    };
                    self.bind(value, inner);
                }
            }
            _ => {
                self.shape(pattern);
            }
        }
    }

    /// `left := right` and `left = right`.
    pub(crate) fn assign(&mut self, operator: &AssignOp, left: &Ref<Expr>, right: &Ref<Expr>) {
        if *operator == AssignOp::ColEq || self.is_pattern(left) {
            let shape = self.shape(right);
            self.bind(left, shape);
        } else if self.is_pattern(right) {
            let shape = self.shape(left);
            self.bind(right, shape);
        } else {
            self.shape(left);
            self.shape(right);
        }
    }

    /// True if it can bind something: a variable that is no rule, or a list or table of such.
    fn is_pattern(&self, expr: &Ref<Expr>) -> bool {
        match &**expr {
            Expr::Var { span, .. } => !self.is_global(span.text()),
            Expr::Array { .. } | Expr::Object { .. } => true,
            _ => false,
        }
    }
}

/// What an element of a tuple is; which element is which is not followed.
fn element(shape: &Shape) -> Shape {
    match shape {
        Shape::Each(inner) => (**inner).clone(),
        Shape::Facts(_) | Shape::Record(_) | Shape::Opaque => Shape::Opaque,
    }
}
