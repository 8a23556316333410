//! Separation of duty: what one person may not be at once.

/// What a person is to a file, a record or a permit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hat {
    /// Wrote and submitted what made the file.
    Author,
    /// Asked for its release.
    Requester,
    /// Is, or ever was, a member of the permit that it belongs to.
    Member,
    /// Decides whether it may leave.
    Reviewer,
    /// Signed the permit, took it back, halted it or lifted its halt.
    Voucher,
    /// Signed the record of an account.
    Enroller,
    /// Is the one whose account it is.
    Enrolled,
    /// Signs the permit as an officer.
    Officer,
    /// Signs the permit as the one who answers for the data.
    Steward,
}

/// Every pair that must be two people, and why. Two signatures of one person are one ([`crate::Registry::signers`]), so that who
/// proposes and who approves are two people anyway.
pub const APART: [(Hat, Hat, &str); 9] = [
    (Hat::Reviewer, Hat::Author, "nobody reviews what they submitted"),
    (Hat::Reviewer, Hat::Requester, "nobody reviews what they asked for"),
    (Hat::Reviewer, Hat::Member, "nobody reviews what was made under a permit of their own"),
    (Hat::Reviewer, Hat::Voucher, "nobody reviews what was made under a permit that they signed, or stopped"),
    (Hat::Officer, Hat::Member, "a member of the permit doesn't sign it"),
    (Hat::Steward, Hat::Member, "a member of the permit doesn't sign it"),
    (Hat::Voucher, Hat::Member, "whoever signed a permit, or stopped it, is no member of it"),
    (Hat::Officer, Hat::Steward, "an officer and a steward sign a permit, and they are two people"),
    (Hat::Enroller, Hat::Enrolled, "nobody signs their own account"),
];

/// Why somebody who is all this may not be that too; `None` where nothing stands against it.
pub(crate) fn clash(hat: Hat, worn: impl IntoIterator<Item = Hat>) -> Option<&'static str> {
    worn.into_iter().find_map(|other| {
        let pair = APART.iter().find(|(a, b, _)| [(*a, *b), (*b, *a)].contains(&(hat, other)));
        pair.map(|(_, _, why)| *why)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HATS: [Hat; 9] = [
        Hat::Author,
        Hat::Requester,
        Hat::Member,
        Hat::Reviewer,
        Hat::Voucher,
        Hat::Enroller,
        Hat::Enrolled,
        Hat::Officer,
        Hat::Steward,
    ];

    #[test]
    fn exactly_the_pairs_of_the_table_are_two_people() {
        let both = |(a, b, why): &(Hat, Hat, &'static str)| [((*a, *b), *why), ((*b, *a), *why)];
        let table: Vec<_> = APART.iter().flat_map(both).collect();
        for (a, b) in HATS.iter().flat_map(|a| HATS.iter().map(move |b| (*a, *b))) {
            let why = table.iter().find(|(pair, _)| *pair == (a, b)).map(|(_, why)| *why);
            assert_eq!(clash(a, [b]), why, "{a:?} and {b:?}");
        }
        assert_eq!(clash(Hat::Reviewer, []), None);
        assert_eq!(clash(Hat::Reviewer, [Hat::Steward, Hat::Member]), clash(Hat::Reviewer, [Hat::Member]));
    }
}
