//! Custom rules in Rego over the facts of a run, without IO and within limits.
//!
//! Rego fails open by habit: a misspelt field is undefined, a builtin that fails is
//! undefined, an entry point that nobody wrote is undefined, and what is undefined finds
//! nothing. Here each of them is an error. Rules are read by [`RuleSet::parse`], which holds
//! every path into the facts against their schema; they are run by the interpreter of
//! `regorus` with strict builtins. What is left over, a builtin that runs for an hour or
//! takes all memory, cannot be stopped from inside of a process: [`Evaluator`] is there so
//! that the command runs rules in one that it can end ([`answer`]); [`InProcess`] is for
//! those who trust their rules.

mod binding;
mod builtin;
mod check;
mod error;
mod evaluate;
mod job;
mod load;
mod measure;
mod schema;
mod shape;
mod test_rules;

pub use error::{Fault, Limit, RegoError};
pub use evaluate::{CustomFinding, Entry, EntryPoint, Evaluation, Looked, Rank};
pub use job::{Answer, Evaluator, InProcess, Job, Limits, Source, Task, answer};
pub use load::RuleSet;
pub use schema::{Schema, SchemaError};
pub use test_rules::{TestOutcome, TestResult};

#[cfg(test)]
mod tests;
