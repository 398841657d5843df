//! CatBoost: `CBM1`, a length, and a FlatBuffer of that length.

use crate::coverage::State;
use crate::format::{Depth, Effect, Format, Likeness};
use crate::route::Probe;
use crate::stop::Stop;
use crate::visit::Visit;

pub(crate) const CATBOOST: Format = Format {
    name: "catboost",
    title: "CatBoost model",
    extensions: &["cbm"],
    effect: Effect::Data,
    depth: Depth::Identified,
    probe: |probe: &Probe<'_>| {
        if probe.head.starts_with(b"CBM1") {
            Likeness::Certain
        } else {
            Likeness::No
        }
    },
    inspect,
};

fn inspect(visit: &mut Visit<'_>) -> Result<(), Stop> {
    let mut cursor = visit.cursor(4);
    let size = u64::from(cursor.u32()?);
    let start = cursor.position();
    if size > cursor.remaining() || size < 8 {
        let message = format!(
            "a core of {size} bytes is announced and {} are left",
            cursor.remaining()
        );
        return Err(Stop::malformed(start, message));
    }
    let root = u64::from(cursor.u32()?);
    if root + 4 > size {
        return Err(Stop::malformed(
            start,
            "the root of the core is outside of it",
        ));
    }
    visit.facts().add_producer("catboost");
    visit.cover(0..start, State::Scanned);
    visit.cover(start..start + size, State::Identified);
    Ok(())
}
