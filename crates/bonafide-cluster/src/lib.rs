//! The exact checks of datasets on many machines: the same questions as
//! [`bonafide_dataset::duplicates`], asked in SQL, answered by [Ballista].
//!
//! One machine answers them faster alone, up to the size of its disk. This is for what is
//! beyond that. There are three parts, which may be on three or on a hundred machines: a
//! [`scheduler`], which plans and hands out work; [`executor`]s, which read the Parquet
//! files and keep what they pass to each other on disk; and the client, [`scan()`]. All
//! have to see the files below the same path.
//!
//! Whoever can reach a part can make it read whatever it may read. So each part listens on
//! the loopback address alone unless certificates on both sides ([`Tls`]) or an explicit
//! word of the operator say otherwise ([`Exposure`]).
//!
//! [Ballista]: https://datafusion.apache.org/ballista/

mod address;
mod answer;
mod error;
pub mod executor;
mod rows;
mod scan;
pub mod scheduler;
mod session;
mod shards;
mod split;
pub mod sql;
mod tls;

pub use address::{Address, Exposure};
pub use answer::{Equal, Found, Scan};
pub use error::ClusterError;
pub use scan::{Columns, Request, scan};
pub use shards::Shards;
pub use split::split_of;
pub use tls::{Tls, TlsFiles};
