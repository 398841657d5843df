//! The split that a file belongs to, by its name: the same rules as in the readers of
//! `bonafide-dataset`.

/// The split that a name below the dataset's root says: `train-00000-of-00002.parquet`,
/// `data/test/3.parquet`. Each part of the name is asked, the last first; the first with a
/// word for a split decides, and one with words for two says nothing. Files that are
/// numbered in a folder `data` have any name of a split.
#[must_use]
pub fn split_of(name: &str) -> Option<String> {
    for part in name.rsplit('/') {
        let words = part.split(|letter: char| !letter.is_alphanumeric());
        let mut splits: Vec<&str> = words.filter_map(known).collect();
        splits.dedup();
        match splits.as_slice() {
            [] => {}
            [split] => return Some((*split).to_owned()),
            _ => return None,
        }
    }
    numbered(name).map(str::to_owned)
}

/// Words as Hugging Face `datasets` and MNIST have them.
fn known(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "train" | "training" => Some("train"),
        "test" | "testing" | "eval" | "evaluation" | "t10k" => Some("test"),
        "validation" | "valid" | "val" | "dev" => Some("validation"),
        _ => None,
    }
}

/// `data/NAME-00000-of-00005.parquet`.
fn numbered(name: &str) -> Option<&str> {
    let (folder, file) = name.rsplit_once('/')?;
    let stem = file.split('.').next()?;
    let (rest, count) = stem.rsplit_once("-of-")?;
    let (split, number) = rest.rsplit_once('-')?;
    let five = |text: &str| text.len() == 5 && text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = |letter: char| letter.is_alphanumeric() || letter == '_';
    let is_name = !split.is_empty() && split.chars().all(plain);
    let in_data = folder.rsplit('/').next() == Some("data");
    (in_data && is_name && five(number) && five(count)).then_some(split)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splits_are_in_the_names() {
        for (name, split) in [
            ("train-00000-of-00002.parquet", Some("train")),
            ("data/test/3.parquet", Some("test")),
            ("a/TRAIN/b/part.7.parquet", Some("train")),
            ("train/validation_2.parquet", Some("validation")),
            ("dev.parquet", Some("validation")),
            ("data/test_sft-00000-of-00001.parquet", Some("test")),
            (
                "x/data/unsupervised-00000-of-00001.parquet",
                Some("unsupervised"),
            ),
            ("cc/part-00000-of-00001.parquet", None),
            ("data/a-b-00000-of-00001.parquet", None),
            ("train/train_test_pairs.parquet", None),
            ("trainees/1.parquet", None),
            ("latest.parquet", None),
            ("my-test-set/1.parquet", Some("test")),
        ] {
            assert_eq!(split_of(name).as_deref(), split, "{name}");
        }
    }
}
