//! Which split a file belongs to, by its name.

/// Words by which splits are known, as Hugging Face `datasets` knows them, and MNIST's.
const WORDS: &[(&str, &str)] = &[
    ("train", "train"),
    ("training", "train"),
    ("validation", "validation"),
    ("valid", "validation"),
    ("val", "validation"),
    ("dev", "validation"),
    ("test", "test"),
    ("testing", "test"),
    ("eval", "test"),
    ("evaluation", "test"),
    ("t10k", "test"),
];

/// The split whose word this is, whatever its case.
pub(super) fn of_word(word: &str) -> Option<&'static str> {
    let (_, split) = WORDS
        .iter()
        .find(|(known, _)| word.eq_ignore_ascii_case(known))?;
    Some(split)
}

/// By the words of the file's own name, else of the folders, innermost first. A name with
/// words of two splits is of none.
pub(super) fn of_name(name: &str) -> Option<String> {
    for part in name.rsplit('/') {
        let mut found: Option<&'static str> = None;
        for split in part
            .split(|sign: char| !sign.is_alphanumeric())
            .filter_map(of_word)
        {
            match found {
                Some(other) if other != split => return None,
                _ => found = Some(split),
            }
        }
        if let Some(split) = found {
            return Some(split.to_owned());
        }
    }
    numbered(name)
}

/// `data/NAME-00000-of-00005.parquet`: any name of a split.
fn numbered(name: &str) -> Option<String> {
    let (folder, file) = name.rsplit_once('/')?;
    if folder != "data" && !folder.ends_with("/data") {
        return None;
    }
    let stem = file.split('.').next()?;
    let (rest, count) = stem.rsplit_once("-of-")?;
    let (split, number) = rest.rsplit_once('-')?;
    let digits = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let word = |sign: char| sign.is_alphanumeric() || sign == '_' || sign == '.';
    (digits(count) && digits(number) && !split.is_empty() && split.chars().all(word))
        .then(|| split.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_their_split() {
        for (name, split) in [
            ("train-00000-of-00005.parquet", Some("train")),
            ("data/train/0000.parquet", Some("train")),
            ("test.csv", Some("test")),
            ("en/dev.jsonl.gz", Some("validation")),
            ("plain_text/val-00000-of-00001.parquet", Some("validation")),
            ("t10k-images-idx3-ubyte.gz", Some("test")),
            ("data/test_sft-00000-of-00001.parquet", Some("test")),
            (
                "data/unsupervised-00000-of-00001.parquet",
                Some("unsupervised"),
            ),
            ("train/data-00000-of-00001.arrow", Some("train")),
            ("TRAIN.CSV", Some("train")),
            ("train_test_pairs.csv", None),
            ("data.csv", None),
            ("contest.csv", None),
            ("cc/part-00000-of-00001.parquet", None),
        ] {
            assert_eq!(of_name(name).as_deref(), split, "{name}");
        }
    }
}
