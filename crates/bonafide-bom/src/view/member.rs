//! How a member of a JSON object becomes a field, and goes back.
//!
//! Reading never fails: what does not fit its field is kept in `extra`, next to
//! what the view does not know. So nothing of a document is lost, and whether it is
//! valid is the business of the format's rules alone.

use std::borrow::Cow;

use crate::json::{Node, Number};

/// Text of a document.
pub type Text<'a> = Cow<'a, str>;

/// A value of the view.
pub(crate) trait Member<'a>: Sized {
    /// The value, or the node again if it is something else.
    fn read(node: Node<'a>) -> Result<Self, Node<'a>>;

    /// The node that it was read from.
    fn write(&self) -> Node<'a>;
}

impl<'a> Member<'a> for Text<'a> {
    fn read(node: Node<'a>) -> Result<Self, Node<'a>> {
        match node {
            Node::Text(text) => Ok(text),
            other => Err(other),
        }
    }

    fn write(&self) -> Node<'a> {
        Node::Text(self.clone())
    }
}

impl<'a> Member<'a> for Number {
    fn read(node: Node<'a>) -> Result<Self, Node<'a>> {
        match node {
            Node::Number(number) => Ok(number),
            other => Err(other),
        }
    }

    fn write(&self) -> Node<'a> {
        Node::Number(*self)
    }
}

impl<'a> Member<'a> for bool {
    fn read(node: Node<'a>) -> Result<Self, Node<'a>> {
        match node {
            Node::Bool(value) => Ok(value),
            other => Err(other),
        }
    }

    fn write(&self) -> Node<'a> {
        Node::Bool(*self)
    }
}

impl<'a> Member<'a> for Node<'a> {
    fn read(node: Node<'a>) -> Result<Self, Node<'a>> {
        Ok(node)
    }

    fn write(&self) -> Node<'a> {
        self.clone()
    }
}

impl<'a, T: Member<'a>> Member<'a> for Box<T> {
    fn read(node: Node<'a>) -> Result<Self, Node<'a>> {
        T::read(node).map(Self::new)
    }

    fn write(&self) -> Node<'a> {
        T::write(self)
    }
}

/// A field: absent, or a value.
pub(crate) trait Field<'a>: Sized + Default {
    /// Fills it, or gives the node back.
    fn fill(node: Node<'a>) -> Result<Self, Node<'a>>;

    /// Its node, if it is there.
    fn emit(&self) -> Option<Node<'a>>;
}

impl<'a, T: Member<'a>> Field<'a> for Option<T> {
    fn fill(node: Node<'a>) -> Result<Self, Node<'a>> {
        T::read(node).map(Some)
    }

    fn emit(&self) -> Option<Node<'a>> {
        self.as_ref().map(Member::write)
    }
}

/// A list that is there has elements; an empty one is kept in `extra`.
impl<'a, T: Member<'a>> Field<'a> for Vec<T> {
    fn fill(node: Node<'a>) -> Result<Self, Node<'a>> {
        let list = match node {
            Node::List(list) if !list.is_empty() => list,
            other => return Err(other),
        };
        let mut fitting = Self::with_capacity(list.len());
        let mut nodes = list.into_iter();
        while let Some(node) = nodes.next() {
            match T::read(node) {
                Ok(value) => fitting.push(value),
                Err(node) => {
                    let mut whole: Vec<Node<'a>> = fitting.iter().map(Member::write).collect();
                    whole.push(node);
                    whole.extend(nodes);
                    return Err(Node::List(whole));
                }
            }
        }
        Ok(fitting)
    }

    fn emit(&self) -> Option<Node<'a>> {
        (!self.is_empty()).then(|| Node::List(self.iter().map(Member::write).collect()))
    }
}

/// Declares a view of an object: fields with the names that they have in the document.
macro_rules! view {
    ($(
        $(#[$about:meta])*
        $name:ident {
            $( $(#[$doc:meta])* $field:ident: $kind:ty = $key:literal, )*
        }
    )*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, Default)]
        #[non_exhaustive]
        pub struct $name<'a> {
            $( $(#[$doc])* pub $field: $kind, )*
            /// Members that the view does not know, or that are not what they should be.
            pub extra: crate::json::Object<'a>,
        }

        impl<'a> crate::view::member::Member<'a> for $name<'a> {
            fn read(node: crate::json::Node<'a>) -> Result<Self, crate::json::Node<'a>> {
                let object = match node {
                    crate::json::Node::Object(object) => object,
                    other => return Err(other),
                };
                let mut view = Self::default();
                for (name, node) in object {
                    let misfit = match &*name {
                        $( $key => match crate::view::member::Field::fill(node) {
                            Ok(value) => {
                                view.$field = value;
                                continue;
                            }
                            Err(node) => node,
                        }, )*
                        _ => node,
                    };
                    view.extra.push(name, misfit);
                }
                Ok(view)
            }

            fn write(&self) -> crate::json::Node<'a> {
                let mut object = crate::json::Object::default();
                $( if let Some(node) = crate::view::member::Field::emit(&self.$field) {
                    object.push($key.into(), node);
                } )*
                for (name, node) in self.extra.members() {
                    object.push(name.clone(), node.clone());
                }
                crate::json::Node::Object(object)
            }
        }
    )*};
}

pub(crate) use view;
