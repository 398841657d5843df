//! Links (section IV.A.2.g): to an object of this file, to a name, into another file.

use bonafide_core::excerpt;

use super::fields::Fields;
use super::walk::{Walk, below};
use super::{EXTERNAL_LINK, USER_LINK};
use crate::facts::ReferenceKind;
use crate::stop::Stop;

pub(super) fn message(
    walk: &mut Walk<'_, '_>,
    fields: &mut Fields<'_>,
    path: &str,
) -> Result<(), Stop> {
    let start = fields.at();
    fields.take(1)?;
    let flags = fields.u8()?;
    let kind = if flags & 8 == 0 { 0 } else { fields.u8()? };
    if flags & 4 != 0 {
        fields.take(8)?;
    }
    if flags & 16 != 0 {
        fields.take(1)?;
    }
    let length = fields.size(1 << (flags & 3))?;
    let name = String::from_utf8_lossy(fields.take(length)?).into_owned();
    let path = below(path, &name);
    match kind {
        0 => {
            if let Some(object) = walk.block.address(fields)? {
                walk.found(object, path);
            }
        }
        // To another name of this file, which is read anyway.
        1 => {}
        64 => {
            let length = usize::from(fields.u16()?);
            let mut value = fields.part(length)?;
            value.take(1)?;
            let file = value.text()?;
            let target = value.text().unwrap_or_default();
            walk.visit
                .facts()
                .add_reference(ReferenceKind::Weights, &file);
            let message = format!(
                "`{}` is `{}` of the file `{}`",
                excerpt(&path, 80),
                excerpt(&target, 80),
                excerpt(&file, 120)
            );
            let range = start..fields.at();
            walk.visit
                .report_about(&EXTERNAL_LINK, Some(range), &file, message);
        }
        other => {
            let message = format!("`{}` is a link of type {other}", excerpt(&path, 80));
            walk.visit
                .report(&USER_LINK, Some(start..fields.at()), message);
        }
    }
    Ok(())
}
