//! What can be found, and what people call it.

/// A kind of secret or of personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    PrivateKey,
    AwsKey,
    AzureKey,
    GithubToken,
    GitlabToken,
    GoogleKey,
    HuggingFaceToken,
    ModelKey,
    NpmToken,
    PypiToken,
    SlackToken,
    StripeKey,
    SemlaToken,
    ServiceToken,
    WebToken,
    UrlPassword,
    Password,
    Email,
    Phone,
    Iban,
    Card,
    Matricule,
    TaxId,
    PensionNumber,
    HealthNumber,
    Nir,
    NationalNumber,
    NhsNumber,
    Nino,
    PersonName,
}

/// What harm a thing does outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// It opens something.
    Secret,
    /// It names or reaches a person.
    Personal,
}

impl Kind {
    /// What people call one of these.
    pub(crate) fn name(self) -> &'static str {
        self.facts().1
    }

    pub(crate) fn sort(self) -> Sort {
        self.facts().0
    }

    fn facts(self) -> (Sort, &'static str) {
        use Sort::{Personal, Secret};
        match self {
            Self::PrivateKey => (Secret, "a private key"),
            Self::AwsKey => (Secret, "an AWS access key"),
            Self::AzureKey => (Secret, "an Azure key"),
            Self::GithubToken => (Secret, "a GitHub token"),
            Self::GitlabToken => (Secret, "a GitLab token"),
            Self::GoogleKey => (Secret, "a Google key"),
            Self::HuggingFaceToken => (Secret, "a Hugging Face token"),
            Self::ModelKey => (Secret, "a key of a model provider"),
            Self::NpmToken => (Secret, "an npm token"),
            Self::PypiToken => (Secret, "a PyPI token"),
            Self::SlackToken => (Secret, "a Slack token"),
            Self::StripeKey => (Secret, "a Stripe key"),
            Self::SemlaToken => (Secret, "a semla token"),
            Self::ServiceToken => (Secret, "an access token of a service"),
            Self::WebToken => (Secret, "a JSON web token"),
            Self::UrlPassword => (Secret, "an address with a password"),
            Self::Password => (Secret, "a password or a secret key"),
            Self::Email => (Personal, "an e-mail address"),
            Self::Phone => (Personal, "a telephone number"),
            Self::Iban => (Personal, "an IBAN"),
            Self::Card => (Personal, "a payment card's number"),
            Self::Matricule => (Personal, "a Luxembourg matricule"),
            Self::TaxId => (Personal, "a German tax number"),
            Self::PensionNumber => (Personal, "a German pension insurance number"),
            Self::HealthNumber => (Personal, "a German health insurance number"),
            Self::Nir => (Personal, "a French social security number"),
            Self::NationalNumber => (Personal, "a Belgian national number"),
            Self::NhsNumber => (Personal, "an NHS number"),
            Self::Nino => (Personal, "a British National Insurance number"),
            Self::PersonName => (Personal, "a person's name"),
        }
    }
}

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds(u32);

impl Kinds {
    pub(crate) const ALL: Self = Self(u32::MAX);

    pub(crate) fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind as u32)
    }

    pub(crate) fn without(self, kind: Kind) -> Self {
        Self(self.0 & !(1 << kind as u32))
    }

    pub(crate) fn has(self, kind: Kind) -> bool {
        self.0 & 1 << kind as u32 != 0
    }
}
