//! Files into records: Parquet, Arrow IPC, CSV and TSV, JSON Lines, WebDataset shards,
//! folders of classes, IDX, and what of it is compressed.
