//! The document itself: its number, its subject, its date.

use super::defects::{Found, quote};
use super::kind::DefectKind;
use super::licences;
use crate::json::Pointer;
use crate::view::{Bom, Tools};

pub(super) fn examine(bom: &Bom<'_>, found: &mut Found) {
    serial_number(bom, found);
    subject(bom, found);
    timestamp(bom, found);
    if let Some(metadata) = &bom.metadata {
        let at = Pointer::root().member("metadata");
        licences::examine(&metadata.licenses, &at, found);
        if let Some(Tools::List(tools)) = &metadata.tools {
            for (index, tool) in tools.iter().enumerate() {
                let at = at.member("tools").element(index);
                super::digests::of_list(&tool.hashes, &at, found);
            }
        }
    }
}

fn serial_number(bom: &Bom<'_>, found: &mut Found) {
    let Some(serial) = bom.serial_number.as_deref() else {
        found.add(&Pointer::root(), DefectKind::SerialNumberMissing);
        return;
    };
    let uuid = serial.strip_prefix("urn:uuid:").unwrap_or(serial);
    let same = |digit: u8| uuid.bytes().all(|byte| byte == digit || byte == b'-');
    if same(b'0') || same(b'f') {
        let serial = quote(serial);
        let at = Pointer::root().member("serialNumber");
        found.add(&at, DefectKind::SerialNumberPlaceholder { serial });
    }
}

fn subject(bom: &Bom<'_>, found: &mut Found) {
    if bom.subject().is_none() {
        found.add(&Pointer::root(), DefectKind::SubjectMissing);
    }
}

fn timestamp(bom: &Bom<'_>, found: &mut Found) {
    let metadata = bom.metadata.as_ref();
    if metadata
        .and_then(|known| known.timestamp.as_ref())
        .is_none()
    {
        found.add(&Pointer::root(), DefectKind::TimestampMissing);
    }
}
