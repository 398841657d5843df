//! Who may sign without a key of their own: patterns over the identity that an
//! authority put into a short-lived certificate.

use std::fmt;

use globset::{GlobBuilder, GlobMatcher};
use regex::{Regex, RegexBuilder};

/// Largest compiled regular expression, in bytes.
const REGEX_BYTES: usize = 1 << 20;

/// Why a pattern cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PatternError {
    /// Matches nothing that could be meant.
    #[error("pattern is empty")]
    Empty,
    /// Not a glob.
    #[error("not a glob pattern: {detail}")]
    Glob {
        /// What the parser met.
        detail: String,
    },
    /// Not a regular expression, or too large a one.
    #[error("not a regular expression: {detail}")]
    Regex {
        /// What the parser met.
        detail: String,
    },
}

/// A pattern over one text; it always has to match the whole of it.
#[derive(Debug, Clone)]
pub enum TextPattern {
    /// The same text, byte for byte.
    Exact(String),
    /// A glob: `*` stops at `/`, `**` does not.
    Glob(GlobMatcher),
    /// A regular expression, anchored at both ends.
    Regex(Regex),
}

impl TextPattern {
    /// Takes the text as it is.
    pub fn exact(text: &str) -> Result<Self, PatternError> {
        not_empty(text)?;
        Ok(Self::Exact(text.to_owned()))
    }

    /// Takes a glob.
    pub fn glob(text: &str) -> Result<Self, PatternError> {
        not_empty(text)?;
        // `[!x]` would match a `/`, so that a glob for one owner reached into others.
        if text.replace("\\\\", "").replace("\\[", "").contains('[') {
            return Err(PatternError::Glob {
                detail: "character classes are not supported; write `\\[` for a bracket".to_owned(),
            });
        }
        GlobBuilder::new(text)
            .literal_separator(true)
            .backslash_escape(true)
            .build()
            .map(|glob| Self::Glob(glob.compile_matcher()))
            .map_err(|error| PatternError::Glob {
                detail: error.to_string(),
            })
    }

    /// Takes a regular expression and anchors it, whether it has anchors or not.
    pub fn regex(text: &str) -> Result<Self, PatternError> {
        not_empty(text)?;
        let compile = |text: &str| {
            RegexBuilder::new(text)
                .size_limit(REGEX_BYTES)
                .build()
                .map_err(|error| PatternError::Regex {
                    detail: error.to_string(),
                })
        };
        // By itself first: `a)|(b` must not become sound by being put in brackets.
        compile(text)?;
        // The line break ends a comment that verbose mode may have left open. Outside
        // of verbose mode it would be part of the pattern.
        let verbose = compile(&format!("\\A(?:{text})\\z"));
        verbose
            .or_else(|_| compile(&format!("\\A(?:{text}\n)\\z")))
            .map(Self::Regex)
    }

    /// True when the whole text matches.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        match self {
            Self::Exact(expected) => expected == text,
            // A glob is about paths, and a path ends at a NUL for whoever reads it next.
            Self::Glob(glob) => !text.contains('\0') && glob.is_match(text),
            Self::Regex(regex) => regex.is_match(text),
        }
    }
}

impl fmt::Display for TextPattern {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exact(text) => formatter.write_str(text),
            Self::Glob(glob) => write!(formatter, "glob {}", glob.glob()),
            Self::Regex(regex) => write!(formatter, "regex {regex}"),
        }
    }
}

fn not_empty(text: &str) -> Result<(), PatternError> {
    if text.is_empty() {
        return Err(PatternError::Empty);
    }
    Ok(())
}

/// A claim about the build that asked for a Fulcio certificate
/// (extensions 1.3.6.1.4.1.57264.1.9 to .1.24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Claim {
    /// `.1.9`, the workflow that asked for the certificate, with its ref.
    BuildSignerUri,
    /// `.1.10`, its commit.
    BuildSignerDigest,
    /// `.1.11`, for example `github-hosted`.
    RunnerEnvironment,
    /// `.1.12`, the repository that was built.
    SourceRepository,
    /// `.1.13`, its commit.
    SourceDigest,
    /// `.1.14`, for example `refs/tags/v1.0.0`.
    SourceRef,
    /// `.1.15`, the number of the repository, which survives a rename.
    SourceRepositoryId,
    /// `.1.16`, its owner.
    SourceOwner,
    /// `.1.17`, the number of the owner.
    SourceOwnerId,
    /// `.1.18`, the workflow that ran, with its ref.
    Workflow,
    /// `.1.19`, its commit.
    WorkflowDigest,
    /// `.1.20`, for example `release`.
    Trigger,
    /// `.1.21`, the run.
    RunInvocation,
    /// `.1.22`, `public` or `private`.
    SourceVisibility,
    /// `.1.23`, for example `production`.
    DeploymentEnvironment,
}

impl Claim {
    /// Every claim that a pattern can name.
    pub const ALL: [Self; 15] = [
        Self::BuildSignerUri,
        Self::BuildSignerDigest,
        Self::RunnerEnvironment,
        Self::SourceRepository,
        Self::SourceDigest,
        Self::SourceRef,
        Self::SourceRepositoryId,
        Self::SourceOwner,
        Self::SourceOwnerId,
        Self::Workflow,
        Self::WorkflowDigest,
        Self::Trigger,
        Self::RunInvocation,
        Self::SourceVisibility,
        Self::DeploymentEnvironment,
    ];

    /// Its key in a policy.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BuildSignerUri => "build-signer",
            Self::BuildSignerDigest => "build-signer-digest",
            Self::RunnerEnvironment => "runner-environment",
            Self::SourceRepository => "source-repository",
            Self::SourceDigest => "source-digest",
            Self::SourceRef => "source-ref",
            Self::SourceRepositoryId => "source-repository-id",
            Self::SourceOwner => "source-owner",
            Self::SourceOwnerId => "source-owner-id",
            Self::Workflow => "workflow",
            Self::WorkflowDigest => "workflow-digest",
            Self::Trigger => "trigger",
            Self::RunInvocation => "run",
            Self::SourceVisibility => "source-visibility",
            Self::DeploymentEnvironment => "deployment-environment",
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Who signed, as a certificate of an identity authority says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The OpenID Connect issuer that vouched for the signer.
    pub issuer: String,
    /// The subject alternative name: an e-mail address or a URI.
    pub subject: String,
    /// What else the certificate says, in the order of [`Claim::ALL`].
    pub claims: Vec<(Claim, String)>,
}

/// A trusted signer by identity: issuer, subject and claims all have to match.
#[derive(Debug, Clone)]
pub struct IdentityPattern {
    /// What the policy or the user calls the signer.
    pub label: String,
    /// The issuer, exactly: another issuer can say the same subject.
    pub issuer: String,
    /// The subject.
    pub subject: TextPattern,
    /// Claims that have to be present and match.
    pub claims: Vec<(Claim, TextPattern)>,
    /// Labels of the trusted roots that may vouch for it; empty means any. Every
    /// deployment can write what it likes into its certificates.
    pub roots: Vec<String>,
}

impl IdentityPattern {
    /// True when the root with this label may vouch for it.
    #[must_use]
    pub fn trusts_root(&self, label: &str) -> bool {
        self.roots.is_empty() || self.roots.iter().any(|root| root == label)
    }

    /// True when this pattern means the identity.
    #[must_use]
    pub fn matches(&self, identity: &Identity) -> bool {
        self.issuer == identity.issuer
            && self.subject.matches(&identity.subject)
            && self.claims.iter().all(|(claim, pattern)| {
                identity
                    .claims
                    .iter()
                    .any(|(found, value)| found == claim && pattern.matches(value))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_has_to_match_the_whole_text() {
        let exact = TextPattern::exact("a@example.test").unwrap();
        assert!(exact.matches("a@example.test"));
        assert!(!exact.matches("a@example.test.evil"));
        let glob = TextPattern::glob("https://github.com/org/*").unwrap();
        assert!(glob.matches("https://github.com/org/repo"));
        assert!(!glob.matches("https://github.com/org/repo/x"));
        assert!(!glob.matches("xhttps://github.com/org/repo"));
        assert!(!glob.matches("https://github.com/org/re\0po"));
        let deep = TextPattern::glob("https://github.com/org/**").unwrap();
        assert!(deep.matches("https://github.com/org/repo/x"));
        for text in ["a|b", "^a$|b", "(?x) a|b # comment", "(?m)^a$|b"] {
            let regex = TextPattern::regex(text).unwrap();
            assert!(regex.matches("a") && regex.matches("b"), "{text}");
            for other in ["xa", "ax", "bx", "xb", "a\nb", "a\n", "\na", ""] {
                assert!(!regex.matches(other), "{text} matches {other:?}");
            }
        }
    }

    #[test]
    fn what_means_nothing_is_refused() {
        assert_eq!(TextPattern::exact("").unwrap_err(), PatternError::Empty);
        assert_eq!(TextPattern::glob("").unwrap_err(), PatternError::Empty);
        assert_eq!(TextPattern::regex("").unwrap_err(), PatternError::Empty);
        for bad in ["a)|(b", "(", "[", "a{1000}{1000}{1000}"] {
            let error = TextPattern::regex(bad).unwrap_err();
            assert!(matches!(error, PatternError::Regex { .. }), "{bad}");
        }
        assert!(matches!(
            TextPattern::glob("[").unwrap_err(),
            PatternError::Glob { .. }
        ));
    }

    #[test]
    fn a_claim_that_is_absent_does_not_match() {
        let pattern = IdentityPattern {
            label: "release".to_owned(),
            issuer: "https://issuer.test".to_owned(),
            subject: TextPattern::glob("**").unwrap(),
            claims: vec![(Claim::Trigger, TextPattern::exact("release").unwrap())],
            roots: Vec::new(),
        };
        let mut identity = Identity {
            issuer: "https://issuer.test".to_owned(),
            subject: "https://example.test/w.yml@refs/heads/main".to_owned(),
            claims: Vec::new(),
        };
        assert!(!pattern.matches(&identity));
        identity.claims = vec![(Claim::Trigger, "push".to_owned())];
        assert!(!pattern.matches(&identity));
        identity.claims = vec![(Claim::Trigger, "release".to_owned())];
        assert!(pattern.matches(&identity));
        identity.issuer = "https://issuer.test/".to_owned();
        assert!(!pattern.matches(&identity));
    }
}
