//! What the metadata of a dataset (Croissant) says.

use bonafide_bom::croissant::Croissant;
use bonafide_core::{Grade, Mention, NodeKind, NodeTime, Relation, TimeEvent};

use super::account::{Account, Force, Link, Origin, add};
use super::bill::{Bill, time};
use super::reference::{Reference, Standing};

impl Account {
    /// Takes in the metadata of a dataset: of the artifact, unless that is something else.
    pub(super) fn hear_dataset(&mut self, bill: &Bill<'_>, dataset: &Croissant<'_>) {
        let is_subject = self
            .things
            .first()
            .is_none_or(|subject| matches!(subject.kind, None | Some(NodeKind::Dataset)));
        let names: Vec<Reference> = [&dataset.url, &dataset.name]
            .into_iter()
            .flatten()
            .map(|text| Reference::of(text, NodeKind::Dataset))
            .collect();
        let slot = match (is_subject, names.first()) {
            (true, _) => Some(0),
            (false, Some(name)) => self.named(name),
            (false, None) => self.thing(),
        };
        let Some(slot) = slot else {
            return;
        };
        for name in names.iter().filter(|name| name.standing > Standing::Text) {
            self.call(slot, name);
        }
        let grade = bill
            .signer
            .as_ref()
            .map_or(Grade::Claimed, |_| Grade::Verified);
        if let Some(thing) = self.get_mut(slot) {
            thing.be(NodeKind::Dataset);
            thing.name = thing.name.take().or_else(|| dataset.name.clone());
            thing.version = thing.version.take().or_else(|| dataset.version.clone());
            for text in dataset
                .url
                .iter()
                .chain(&dataset.id)
                .chain(&dataset.same_as)
            {
                thing.identify(text);
            }
            for licence in &dataset.licences {
                if let Some(text) = licence.text.as_ref().or(licence.name.as_ref()) {
                    thing.license(text);
                }
            }
            for (event, text) in [
                (TimeEvent::Published, &dataset.date_published),
                (TimeEvent::Built, &dataset.date_created),
            ] {
                if let Some(time) = text.as_deref().and_then(time) {
                    let source = bill.source.to_string();
                    add(
                        &mut thing.times,
                        NodeTime {
                            event,
                            time,
                            grade,
                            source,
                        },
                    );
                }
            }
            thing.mention(Mention {
                source: bill.source.clone(),
                pointer: None,
            });
        }
        for derivation in &dataset.derived_from {
            let texts = [&derivation.url, &derivation.id, &derivation.name];
            let Some(text) = texts.into_iter().flatten().next() else {
                continue;
            };
            let pointer = derivation.pointer.to_string();
            let mention = Mention {
                source: bill.source.clone(),
                pointer: Some(pointer.clone()),
            };
            let Some((parent, pin)) = self.mentioned(text, NodeKind::Dataset, mention) else {
                return;
            };
            if let Some(thing) = self.get_mut(parent) {
                thing.name = thing.name.take().or_else(|| derivation.name.clone());
                thing.version = thing.version.take().or_else(|| derivation.version.clone());
            }
            self.link(Link {
                child: slot,
                parent,
                relation: Relation::DerivedFrom,
                source: bill.source.clone(),
                pointer: Some(pointer),
                says: format!("is derived from `{}`", bonafide_bom::excerpt(text, 120)),
                pin,
                force: Force::Claim,
                signer: bill.signer.clone(),
                origin: Origin::Document,
            });
        }
    }
}
