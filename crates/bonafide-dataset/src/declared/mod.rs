//! What metadata says of records, against the records.
