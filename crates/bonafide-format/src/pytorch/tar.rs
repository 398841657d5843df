//! Archives in tar that model tools write: the first format of PyTorch, and NeMo's.

use crate::visit::Visit;

/// Which members were seen.
#[derive(Debug, Default)]
pub(crate) struct TarMembers {
    torch: u8,
    configuration: bool,
    checkpoint: bool,
}

impl TarMembers {
    /// Takes down the name of a member.
    pub(crate) fn add(&mut self, name: &str) {
        let name = name.strip_prefix("./").unwrap_or(name);
        match name {
            "sys_info" => self.torch |= 1,
            "pickle" => self.torch |= 2,
            "storages" => self.torch |= 4,
            "tensors" => self.torch |= 8,
            "model_config.yaml" => self.configuration = true,
            _ => self.checkpoint |= name.ends_with(".ckpt"),
        }
    }

    /// Takes down what wrote the archive.
    pub(crate) fn finish(&self, visit: &mut Visit<'_>) {
        if self.torch & 7 == 7 {
            visit.facts().add_producer("PyTorch 0.1");
        }
        if self.configuration && self.checkpoint {
            visit.facts().add_producer("NeMo");
        }
    }
}
