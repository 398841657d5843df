//! What is around a graph: the saved model, its signatures, assets and objects.

use bonafide_core::excerpt;

use crate::facts::ReferenceKind;
use crate::json;
use crate::protobuf::{Field, Message, Value, Wire};
use crate::stop::Stop;
use crate::tensorflow::graph::Graph;
use crate::visit::Visit;

/// Reads the body with one of the readers below: all of it, but for what comes behind the
/// message and cannot be a part of it. That is left to be inspected as something hidden.
fn whole(
    visit: &mut Visit<'_>,
    fits: fn(&Field) -> bool,
    read: fn(&mut Graph<'_, '_>, Message) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let message = super::sound(visit.source(), fits);
    let (wire, _) = Wire::new(visit);
    let mut graph = Graph::new(wire);
    let ended = read(&mut graph, message);
    graph.conclude();
    ended
}

pub(crate) fn saved_model(visit: &mut Visit<'_>) -> Result<(), Stop> {
    whole(visit, super::is_of_saved_model, |graph, message| {
        graph.saved_model(message)
    })
}

pub(crate) fn meta_graph(visit: &mut Visit<'_>) -> Result<(), Stop> {
    whole(visit, super::is_of_meta_graph, |graph, message| {
        graph.meta_graph(message)
    })
}

pub(crate) fn graph(visit: &mut Visit<'_>) -> Result<(), Stop> {
    whole(visit, super::is_of_graph, |graph, message| {
        graph.graph(message)
    })
}

pub(crate) fn keras_metadata(visit: &mut Visit<'_>) -> Result<(), Stop> {
    whole(visit, super::is_of_metadata, |graph, message| {
        graph.keras_metadata(message)
    })
}

impl Graph<'_, '_> {
    fn saved_model(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(&mut message, 0b10)? {
            match (field.number, field.value) {
                (1, Value::Varint(_)) => {}
                (2, Value::Bytes(content)) => self.meta_graph(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn meta_graph(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next_of(&mut message, 0b1000_1110)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.information(content)?,
                (2, Value::Bytes(content)) => self.graph(content)?,
                (3 | 5, Value::Bytes(content)) => self.wire.opaque(content)?,
                (4, Value::Bytes(content)) => self.collection(content)?,
                (6, Value::Bytes(content)) => self.asset(content)?,
                (7, Value::Bytes(content)) => self.objects(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn information(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (4, Value::Bytes(content)) => {
                    let tag = self.wire.text(content)?;
                    self.wire.visit.facts().add_metadata("tensorflow.tag", &tag);
                }
                (5, Value::Bytes(content)) => {
                    let version = self.wire.text(content)?;
                    let producer = format!("tensorflow {version}");
                    self.wire.visit.facts().add_producer(&producer);
                }
                (_, Value::Bytes(content)) => self.wire.opaque(content)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// An entry of the map of collections; its lists of bytes may be anything.
    fn collection(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.wire.claim(content.range()),
                (2, Value::Bytes(mut lists)) => {
                    while let Some(list) = self.wire.next(&mut lists)? {
                        match list.value {
                            Value::Bytes(content) => self.wire.opaque(content)?,
                            _ => self.wire.unknown(list),
                        }
                    }
                }
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn asset(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(content)) => self.wire.opaque(content)?,
                (2, Value::Bytes(content)) => {
                    let at = content.range();
                    let path = self.wire.text(content)?;
                    let visit = &mut *self.wire.visit;
                    visit.facts().add_reference(ReferenceKind::Artifact, &path);
                    if let Some(why) = crate::path::leads_outside(&path) {
                        let text = format!("the asset `{}`: {why}", excerpt(&path, 120));
                        visit.report_about(&crate::path::OUTSIDE, Some(at), &path, text);
                    }
                }
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    /// Python objects that a saved model is revived as.
    fn objects(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (1, Value::Bytes(mut object)) => {
                    while let Some(part) = self.wire.next(&mut object)? {
                        match (part.number, part.value) {
                            (4, Value::Bytes(content)) => self.user_object(content)?,
                            (_, Value::Bytes(content)) => self.wire.opaque(content)?,
                            _ => {}
                        }
                    }
                }
                (2, Value::Bytes(content)) => self.wire.opaque(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn user_object(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            match (field.number, field.value) {
                (3, Value::Bytes(content)) => self.configuration(content)?,
                (_, Value::Bytes(content)) => self.wire.opaque(content)?,
                _ => self.wire.unknown(field),
            }
        }
        Ok(())
    }

    fn keras_metadata(&mut self, mut message: Message) -> Result<(), Stop> {
        while let Some(field) = self.wire.next(&mut message)? {
            let Value::Bytes(mut node) = field.value else {
                self.wire.unknown(field);
                continue;
            };
            while let Some(part) = self.wire.next(&mut node)? {
                match (part.number, part.value) {
                    (5, Value::Bytes(content)) => self.configuration(content)?,
                    (3 | 4, Value::Bytes(content)) => self.wire.claim(content.range()),
                    (6, Value::Bytes(content)) => self.wire.opaque(content)?,
                    (2, Value::Varint(_)) => {}
                    _ => self.wire.unknown(part),
                }
            }
        }
        Ok(())
    }

    /// The configuration of a Keras layer, as JSON.
    fn configuration(&mut self, content: Message) -> Result<(), Stop> {
        let at = content.range();
        self.wire.claim(at.clone());
        if content.len() < 2 {
            return Ok(());
        }
        let bytes = self.wire.visit.read(at.clone())?;
        self.wire.visit.work(content.len())?;
        match json::parse(&bytes) {
            Ok(document) => crate::keras::analyse_saved(self.wire.visit, &document),
            Err(_) => crate::payload::examine(self.wire.visit, &bytes, at),
        }
        Ok(())
    }
}
