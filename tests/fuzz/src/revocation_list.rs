//! Revocation lists, which a user points to and nobody vouches for.

use std::sync::LazyLock;

use bonafide_attest::{
    Conclusion, Examination, RevocationDemand, RevocationList, TrustStore, examine,
};
use jiff::Timestamp;

use super::shown;
use super::world::{corpus, now, read};

/// A model that is signed with a certificate below an intermediate.
static SIGNATURE: LazyLock<Vec<u8>> =
    LazyLock::new(|| read("fixtures/certificates/model/model.sig"));

/// Its authority, and nothing about revocation.
static AUTHORITY: LazyLock<TrustStore> = LazyLock::new(|| {
    let mut trust = TrustStore::new();
    let pem = read("fixtures/certificates/root.pem");
    trust.add_authorities("authority", &pem).unwrap();
    trust
});

/// The same, and the certificate is on a list.
static REVOKED: LazyLock<TrustStore> = LazyLock::new(|| {
    let mut trust = AUTHORITY.clone();
    let list = read("fixtures/certificates/lists/lasting-revoked.pem");
    trust.add_revocation_lists("revoked", &list, None).unwrap();
    assert!(
        !verifies(&examined(&trust)),
        "the revoked certificate is accepted"
    );
    trust
});

/// What tells one list from another, but for the signature, which can be written in two ways.
type Face = (String, Timestamp, Option<Timestamp>, usize);

fn face(list: &RevocationList) -> Face {
    (
        list.issuer().to_owned(),
        list.this_update(),
        list.next_update(),
        list.len(),
    )
}

/// The lists of the seeds that an authority has signed.
static GENUINE: LazyLock<Vec<Face>> = LazyLock::new(|| {
    corpus("revocation_list")
        .iter()
        .filter(|(name, _)| !name.starts_with("wrong-key"))
        .filter_map(|(_, bytes)| RevocationList::read(bytes).ok())
        .flatten()
        .map(|list| face(&list))
        .collect()
});

/// Any bytes as a file of revocation lists.
///
/// - No list makes good what another one has revoked.
/// - Where lists are demanded, only those of the seeds let anything pass.
/// - The conclusion is the same each time, and can be printed.
pub fn revocation_list(input: &[u8]) {
    let lists = match RevocationList::read(input) {
        Ok(lists) => lists,
        Err(error) => return shown::text(&error.to_string()),
    };
    for list in &lists {
        shown::text(list.issuer());
    }
    let with_input = |trust: &TrustStore| {
        let mut trust = trust.clone();
        let given = trust.add_revocation_lists("any", input, None).unwrap();
        assert_eq!(given.len(), lists.len());
        trust
    };
    assert!(
        !verifies(&examined(&with_input(&REVOKED))),
        "a list takes back what another one says"
    );
    let mut demanding = with_input(&AUTHORITY);
    demanding.set_revocation_demand(RevocationDemand::Always);
    if verifies(&examined(&demanding)) {
        let genuine = lists.iter().filter(|list| GENUINE.contains(&face(list)));
        assert!(genuine.count() > 1, "passed by {lists:?}");
    }
}

fn examined(trust: &TrustStore) -> Vec<Examination> {
    let examinations = examine(&SIGNATURE, trust, now());
    let again = examine(&SIGNATURE, trust, now());
    assert_eq!(format!("{examinations:?}"), format!("{again:?}"));
    examinations.iter().for_each(shown::examination);
    examinations
}

fn verifies(examinations: &[Examination]) -> bool {
    examinations
        .iter()
        .any(|examination| matches!(examination.conclusion, Conclusion::Verified(_)))
}
